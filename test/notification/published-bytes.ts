import type { Message } from '../../functions/alert/notification/index.ts';

/** What Amazon SNS allows for one message. */
export const MOST_BYTES = 262_144;

/** What of a message counts towards it, counted apart from the renderer: the bodies as published, and the attributes. */
export function publishedBytes({ email, https, default: document, attributes }: Message): number {
  const parts = Object.entries(attributes).flatMap(([name, { type, value }]) => [name, type, value]);
  return [JSON.stringify({ default: document, email, https }), ...parts].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  );
}
