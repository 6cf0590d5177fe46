import { isFirstKeyOfEnvelope, isFirstLetterOfEnvelope } from '../envelopes/envelope-detector.ts';
import type { FamiliarStarts } from './familiar-starts.ts';
import { type Literals, PIECE, type PieceSearch } from './literal-search.ts';

const LF = 10;
const QUOTE = 34;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** What follows the available bytes: the next byte that is not a line break, or one of these. */
export const UNKNOWN = -1;
export const END = -2;

/** Lines skipped; `look`: the line at `at` has to be framed, `more`: what follows must be known first. */
export type Passed = { readonly count: number; readonly at: number; readonly why: 'look' | 'more' };

/**
 * The fast path: skips lines that cannot contain a literal, without framing or decoding them. It claims a line only
 * if framing needs no proof: one that begins with `{"` and ends with `}`, and is followed by another that begins
 * with `{` or by the end, is independent of its neighbours whatever is in it, since no value can continue from a `}` at
 * a line's end to a `{`. Lines that may contain a literal or a second value, or begin like an envelope, are left.
 */
export class PlainLines {
  readonly #literals: Literals;
  readonly #maxLine: number;
  readonly #starts: FamiliarStarts | null;
  /** The piece searched last: returning after a line that was left must not cost the piece again. */
  #bytes: Buffer | null = null;
  #start = 0;
  #end = 0;
  #search: PieceSearch | null = null;

  /** With `starts`, a line with another beginning is left too. */
  constructor(literals: Literals, maxLine: number, starts: FamiliarStarts | null = null) {
    this.#starts = starts;
    this.#literals = literals;
    this.#maxLine = maxLine;
  }

  /** `from` is at the beginning of a line; `next` is the first byte after the bytes that is not a line break. */
  pass(bytes: Buffer, from: number, next: number): Passed {
    let count = 0;
    for (let at = from; ; ) {
      while (at < bytes.length && bytes[at] === LF) at++;
      if (at === bytes.length) {
        this.#release();
        return { count, at, why: 'more' };
      }
      const passed = this.#isInPiece(bytes, at)
        ? this.#passPiece(bytes, at, next)
        : this.#passLong(bytes, at, next);
      count += passed.count;
      at = passed.at;
      if (passed.why === 'more' && passed.count > 0) continue;
      if (passed.why === 'more') this.#release();
      return { count, at, why: passed.why };
    }
  }

  #release(): void {
    this.#bytes = null;
    this.#search = null;
  }

  /** Makes a piece of the whole lines from `at` that fit in one together; `false` if there are none. */
  #isInPiece(bytes: Buffer, at: number): boolean {
    if (bytes === this.#bytes && at >= this.#start && at < this.#end) return true;
    const end = bytes.lastIndexOf(LF, Math.min(at + PIECE, bytes.length) - 1) + 1;
    if (end <= at) return false;
    this.#bytes = bytes;
    this.#start = at;
    this.#end = end;
    this.#search = this.#literals.search(bytes.subarray(at, end));
    return true;
  }

  #passPiece(bytes: Buffer, from: number, next: number): Passed {
    const search = this.#search!;
    const start = this.#start;
    let suspect = -1;
    let count = 0;
    /** A line skipped except for what follows it. */
    let held = -1;
    for (let at = from; at < this.#end; ) {
      const first = bytes[at]!;
      if (first === LF) {
        at++;
        continue;
      }
      if (first !== OPEN_OBJECT) return { count, at: held < 0 ? at : held, why: 'look' };
      if (held >= 0) count++;
      held = -1;
      const end = bytes.indexOf(LF, at);
      if (suspect < at) suspect = start + search.next(at - start);
      if (suspect < end || !this.#isPlain(bytes, at, end)) return { count, at, why: 'look' };
      held = at;
      at = end + 1;
    }
    if (held < 0) return { count, at: this.#end, why: 'more' };
    return afterLast(bytes, held, this.#end, count, next);
  }

  #isPlain(bytes: Buffer, at: number, end: number): boolean {
    let last = end - 1;
    while (isBlank(bytes[last]!)) last--;
    if (bytes[last] !== CLOSE_OBJECT || end - at > this.#maxLine) return false;
    if (bytes[at + 1] !== QUOTE || this.#starts?.isFamiliar(bytes, at) === false) return false;
    return !MAY_BE_FIRST[bytes[at + 2]!] || !isFirstKeyOfEnvelope(firstKey(bytes, at + 2));
  }

  /** A line longer than a piece, or the last one without a line break. */
  #passLong(bytes: Buffer, at: number, next: number): Passed {
    const look: Passed = { count: 0, at, why: 'look' };
    let end = bytes.indexOf(LF, at);
    if (end < 0 && (bytes.length - at > this.#maxLine || bytes[at] !== OPEN_OBJECT)) return look;
    if (end < 0 && next !== END) return { count: 0, at, why: 'more' };
    if (end < 0) end = bytes.length;
    let last = end - 1;
    while (last > at && isBlank(bytes[last]!)) last--;
    if (bytes[at] !== OPEN_OBJECT || bytes[at + 1] !== QUOTE || bytes[last] !== CLOSE_OBJECT) return look;
    if (end - at > this.#maxLine || this.#starts?.isFamiliar(bytes, at) === false) return look;
    if (isFirstKeyOfEnvelope(firstKey(bytes, at + 2))) return look;
    if (this.#literals.needsLook(bytes.subarray(at, end))) return look;
    return afterLast(bytes, at, end, 0, next);
  }
}

/** What happens to a plain line whose end is known, according to what follows it. */
function afterLast(bytes: Buffer, line: number, end: number, count: number, next: number): Passed {
  let following = end;
  while (following < bytes.length && bytes[following] === LF) following++;
  const byte = following < bytes.length ? bytes[following]! : next;
  if (byte === OPEN_OBJECT || byte === END) return { count: count + 1, at: following, why: 'more' };
  return { count, at: line, why: byte === UNKNOWN ? 'more' : 'look' };
}

const MAY_BE_FIRST: readonly boolean[] = Array.from({ length: 128 }, (_, unit) =>
  isFirstLetterOfEnvelope(String.fromCharCode(unit)),
);

function isBlank(unit: number): boolean {
  return unit === 13 || unit === 32 || unit === 9;
}

const LONGEST_KEY = 32;

function firstKey(bytes: Buffer, at: number): string {
  const key = bytes.toString('latin1', at, at + LONGEST_KEY + 1);
  const end = key.indexOf('"');
  return end < 0 ? '' : key.slice(0, end);
}
