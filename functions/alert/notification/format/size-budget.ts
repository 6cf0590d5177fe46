import { CUTS, type Cut } from '../alert/render-context.ts';
import type { Message } from '../message.ts';

/** The limit of Amazon SNS for all bodies and attributes of one message together. */
export const MOST_BYTES = 262_144;

/** Reserved for what the transport adds, including the subject. */
const RESERVE = 1_024;

/** Most bytes of a message to be published. */
export const MOST_SENT = MOST_BYTES - RESERVE;

/** Bytes of a message as it is published: its bodies as one JSON text, and its attributes. */
export function bytesOf({ subject, email, https, default: document, attributes }: Message): number {
  const bodies = byteLength(JSON.stringify({ default: document, email, https }));
  return Object.entries(attributes).reduce(
    (sum, [name, { type, value }]) => sum + byteLength(name) + byteLength(type) + byteLength(value),
    bodies + byteLength(subject),
  );
}

/**
 * The message with as little cut as possible, in a fixed order: the event as a whole, the queries in other languages,
 * other matches of the log, long values, the guide. The first lines, the evidence and the first form of each query
 * are never cut.
 *
 * @param least Cuts that are needed in any case, so that nothing is rendered only to be found far too long.
 */
export function fitted(render: (cuts: ReadonlySet<Cut>) => Message, least: readonly Cut[]): Message {
  const from = Math.max(0, ...least.map(cut => CUTS.indexOf(cut) + 1));
  for (let count = from; ; count++) {
    const message = render(new Set(CUTS.slice(0, count)));
    if (count === CUTS.length || bytesOf(message) <= MOST_SENT) return message;
  }
}

const encoder = new TextEncoder();

export const byteLength = (text: string): number => encoder.encode(text).length;
