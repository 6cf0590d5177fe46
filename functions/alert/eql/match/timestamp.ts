import type { Scalar } from '../document.ts';
import { readMoment } from './date.ts';
import { readDecimal } from './number-text.ts';

/** The range of a JavaScript date: 100 million days to each side of 1970. */
const FARTHEST_MS = 8.64e15;

/**
 * A time of a document, whole milliseconds UTC, as a date field of Elasticsearch reads it: ISO 8601, in UTC if no
 * zone is given, or epoch milliseconds, also as text; `null`: not a time. `Date.parse` would take text without a
 * zone as local time of the machine.
 */
export function timestampMs(value: Scalar | undefined): number | null {
  const read = typeof value === 'string' ? (readMoment(value)?.first ?? readDecimal(value)) : value;
  if (typeof read !== 'number' && typeof read !== 'bigint') return null;
  const ms = Math.trunc(Number(read));
  return Math.abs(ms) <= FARTHEST_MS ? ms : null;
}
