import { instanceOf, makeMemory } from '../web-assembly.ts';
import { SIGNS_MODULE } from './signs-module.ts';

/** What of a record's bytes decides how it is decoded: each says too much rather than too little. */
export type RecordSigns = {
  /** Opening braces and brackets, in texts as well. */
  readonly brackets: number;
  /** Sixteen digits where a number may begin: there may be an integer that a double would change. */
  readonly hasLongDigits: boolean;
  /** Escaped characters by number: anything else may be hidden. */
  readonly hasEscape: boolean;
  /** A quote within a text, which may be JSON. */
  readonly hasQuote: boolean;
  /** Keys `event` and `event.category`, in texts as well; 15 for more. */
  readonly eventKeys: number;
};

type Exports = {
  readonly RECORD: { readonly value: number };
  look(length: number): number;
};

/** Almost all records are shorter. */
const LONGEST = 256 * 1024;
const READ_BEHIND = 32;

const UNKNOWN: RecordSigns = {
  brackets: Number.POSITIVE_INFINITY,
  hasLongDigits: true,
  hasEscape: true,
  hasQuote: true,
  eventKeys: Number.POSITIVE_INFINITY,
};

let made: { readonly exports: Exports; readonly record: Uint8Array } | null = null;

/** One pass over a record, which takes a tenth of what a search for each sign does; of a very long one nothing is said. */
export function signsOf(record: Uint8Array): RecordSigns {
  if (record.length > LONGEST) return UNKNOWN;
  made ??= make();
  const { exports } = made;
  made.record.set(record);
  made.record.fill(0, record.length, record.length + READ_BEHIND);
  const signs = exports.look(record.length);
  return {
    brackets: signs >>> 7,
    hasLongDigits: (signs & 1) !== 0,
    hasEscape: (signs & 2) !== 0,
    hasQuote: (signs & 4) !== 0,
    eventKeys: (signs >>> 3) & 15,
  };
}

function make(): NonNullable<typeof made> {
  const memory = makeMemory(LONGEST + 64 * 1024);
  const exports = instanceOf<Exports>(SIGNS_MODULE, { env: { memory } });
  return { exports, record: new Uint8Array(memory.buffer, exports.RECORD.value) };
}
