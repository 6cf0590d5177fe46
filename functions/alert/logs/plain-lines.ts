import { type Literals, PIECE, type PieceSearch } from './literals.ts';
import { isFirstKeyOfWrapper, isFirstLetterOfWrapper } from './wrapper-watch.ts';

const LF = 10;
const QUOTE = 34;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** What comes behind the bytes at hand: the next byte that is no line break, or one of these. */
export const UNKNOWN = -1;
export const END = -2;

/** Lines passed over; `look`: the line at `at` has to be framed, `more`: what follows must be known first. */
export type Passed = { readonly count: number; readonly at: number; readonly why: 'look' | 'more' };

/**
 * The fast path: passes over lines in which no literal can be, without framing or decoding them. It claims a line only
 * where framing needs no proof: one that begins with `{"` and ends with `}`, and is followed by another that begins
 * with `{` or by the end, is independent of its neighbours whatever is in it, since no value can go on from a `}` at
 * a line's end to a `{`. Lines that may hold a literal or a second value, or begin like a wrapper, are left.
 */
export class PlainLines {
  readonly #literals: Literals;
  readonly #maxLine: number;
  /** The piece of text last looked at: to come back after a line that was left must not cost the piece again. */
  #bytes: Buffer | null = null;
  #start = 0;
  #text = '';
  #search: PieceSearch | null = null;

  constructor(literals: Literals, maxLine: number) {
    this.#literals = literals;
    this.#maxLine = maxLine;
  }

  /** `from` is at the beginning of a line; `next` is the first byte behind the bytes that is no line break. */
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
    this.#text = '';
    this.#search = null;
  }

  /** Makes text of the whole lines from `at` on that are together no longer than a piece; `false` when there are none. */
  #isInPiece(bytes: Buffer, at: number): boolean {
    if (bytes === this.#bytes && at >= this.#start && at < this.#start + this.#text.length) return true;
    // A piece still held while the next is made would be moved by the collector, and at last kept long.
    this.#release();
    const end = bytes.lastIndexOf(LF, Math.min(at + PIECE, bytes.length) - 1) + 1;
    if (end <= at) return false;
    this.#bytes = bytes;
    this.#start = at;
    this.#text = bytes.toString('latin1', at, end);
    this.#search = this.#literals.search(bytes, at, this.#text);
    return true;
  }

  #passPiece(bytes: Buffer, from: number, next: number): Passed {
    const text = this.#text;
    const search = this.#search!;
    const start = this.#start;
    let candidate = -1;
    let count = 0;
    /** A line passed but for what follows it. */
    let held = -1;
    for (let at = from - start; at < text.length; ) {
      const first = text.charCodeAt(at);
      if (first === LF) {
        at++;
        continue;
      }
      if (first !== OPEN_OBJECT) return { count, at: start + (held < 0 ? at : held), why: 'look' };
      if (held >= 0) count++;
      held = -1;
      const end = text.indexOf('\n', at);
      if (candidate < at) candidate = search.next(at);
      if (candidate < end || !this.#isPlain(at, end)) return { count, at: start + at, why: 'look' };
      held = at;
      at = end + 1;
    }
    const end = start + text.length;
    if (held < 0) return { count, at: end, why: 'more' };
    return afterLast(bytes, start + held, end, count, next);
  }

  #isPlain(at: number, end: number): boolean {
    const text = this.#text;
    let last = end - 1;
    while (isBlank(text.charCodeAt(last))) last--;
    if (text.charCodeAt(last) !== CLOSE_OBJECT || end - at > this.#maxLine) return false;
    if (text.charCodeAt(at + 1) !== QUOTE) return false;
    return !MAY_BE_FIRST[text.charCodeAt(at + 2)] || !isFirstKeyOfWrapper(firstKey(text, at + 2));
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
    if (end - at > this.#maxLine) return look;
    if (isFirstKeyOfWrapper(firstKey(bytes.toString('latin1', at, Math.min(at + 40, end)), 2))) return look;
    if (this.#literals.needsLook(bytes.subarray(at, end))) return look;
    return afterLast(bytes, at, end, 0, next);
  }
}

/** What becomes of a plain line whose end is known, by what follows it. */
function afterLast(bytes: Buffer, line: number, end: number, count: number, next: number): Passed {
  let following = end;
  while (following < bytes.length && bytes[following] === LF) following++;
  const byte = following < bytes.length ? bytes[following]! : next;
  if (byte === OPEN_OBJECT || byte === END) return { count: count + 1, at: following, why: 'more' };
  return { count, at: line, why: byte === UNKNOWN ? 'more' : 'look' };
}

const MAY_BE_FIRST: readonly boolean[] = Array.from({ length: 128 }, (_, unit) =>
  isFirstLetterOfWrapper(String.fromCharCode(unit)),
);

function isBlank(unit: number): boolean {
  return unit === 13 || unit === 32 || unit === 9;
}

const LONGEST_KEY = 32;

function firstKey(text: string, at: number): string {
  const end = text.indexOf('"', at);
  return end < 0 || end > at + LONGEST_KEY ? '' : text.slice(at, end);
}
