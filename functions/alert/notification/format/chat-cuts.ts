/** How much is left out, from nothing to all but what an alert is about; each includes those before. */
export const CHAT_CUTS = ['remote-link', 'file-step', 'key', 'notes', 'when', 'run-link', 'details'] as const;

export type ChatCut = (typeof CHAT_CUTS)[number];
