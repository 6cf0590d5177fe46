/** How much is omitted, from nothing to everything but the subject of an alert; each step includes those before. */
export const CHAT_CUTS = ['host', 'value', 'before', 'when', 'links', 'decoded', 'details'] as const;

export type ChatCut = (typeof CHAT_CUTS)[number];
