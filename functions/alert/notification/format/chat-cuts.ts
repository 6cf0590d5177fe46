/** How much is left out, from nothing to all but what an alert is about; each includes those before. */
export const CHAT_CUTS = ['host', 'value', 'before', 'when', 'links', 'decoded', 'details'] as const;

export type ChatCut = (typeof CHAT_CUTS)[number];
