import { EnvelopeDetector } from '../envelopes/envelope-detector.ts';

/** Where a scan stopped. */
export type ScanStatus =
  /** The bytes end inside the value. */
  | 'open'
  /** The value ends here. */
  | 'closed'
  /** It is not JSON; it ends here, at its last bracket or at the line's end. */
  | 'invalid'
  /** It is nested too deeply; it ends here, at its last bracket or at the line's end. */
  | 'deep'
  /** Not JSON beyond its first line: only that line is given up. */
  | 'broken'
  /** After the `[` of an array whose elements are records. */
  | 'split';

const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const COLON = 4;
const AFTER = 5;
const WORD = 6;
const STRING = 7;
const KEY_STRING = 8;
const LOOSE = 9;
const LOOSE_STRING = 10;

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const COLON_SIGN = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const LONGEST_KEY = 32;

/**
 * Finds the end of an object or array, however it is split into chunks, in memory bounded by the depth limit. It knows
 * the grammar of brackets, keys, colons and commas; words and escapes are left to `JSON.parse`. So an object that was
 * never finished is noticed at the next line that cannot continue it, and loses only its own line.
 */
export class ValueScanner {
  readonly #maxDepth: number;
  readonly #isArray: Uint8Array;
  readonly #key = Buffer.alloc(LONGEST_KEY);
  #state = VALUE;
  #depth = 0;
  #isEscaped = false;
  #isDeep = false;
  #seen = 0;
  #break = -1;
  #keyLength = 0;
  #watch: EnvelopeDetector | null = null;
  #status: ScanStatus = 'open';
  #split: 'hits' | 'rows' | null = null;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.#isArray = new Uint8Array(maxDepth + 1);
  }

  get status(): ScanStatus {
    return this.#status;
  }

  /** What the array after which a scan stopped with `split` contains. */
  get split(): 'hits' | 'rows' | null {
    return this.#split;
  }

  /** Nested deeper than allowed, also when `broken`. */
  get isDeep(): boolean {
    return this.#isDeep;
  }

  /** Bytes of the value before its first line break; -1 if it had none yet. */
  get firstBreak(): number {
    return this.#break;
  }

  /** Begins a value; `canSplit`: it is at the top, where envelopes occur. */
  begin(canSplit: boolean): void {
    this.#state = VALUE;
    this.#depth = 0;
    this.#isEscaped = false;
    this.#isDeep = false;
    this.#seen = 0;
    this.#break = -1;
    this.#watch = canSplit ? new EnvelopeDetector() : null;
  }

  /** Continues with the value's bytes; returns where it stopped. */
  scan(bytes: Buffer, from: number): number {
    const at = this.#scan(bytes, from);
    this.#seen += at - from;
    return at;
  }

  #scan(bytes: Buffer, from: number): number {
    const end = bytes.length;
    this.#status = 'open';
    let at = from;
    while (at < end) {
      const byte = bytes[at]!;
      switch (this.#state) {
        case STRING:
        case KEY_STRING:
        case LOOSE_STRING:
          at = this.#string(bytes, at, end);
          if (this.#status !== 'open') return at;
          continue;
        case WORD:
          if (!isWordEnd(byte)) {
            at++;
            continue;
          }
          this.#state = AFTER;
          break;
        case LOOSE:
          if (byte === LF || byte === CR) return this.#stop(this.#isDeep ? 'deep' : 'invalid', at);
          if (this.#loose(byte)) return this.#stop(this.#isDeep ? 'deep' : 'invalid', at + 1);
          at++;
          continue;
        default:
      }
      if (byte <= 32 && (byte === 32 || byte === 9 || byte === LF || byte === CR)) {
        if (byte !== 32 && byte !== 9 && this.#break < 0) this.#break = this.#seen + at - from;
        at++;
        continue;
      }
      if (!this.#token(byte)) {
        if (this.#break >= 0) return this.#stop('broken', at);
        this.#state = LOOSE;
        continue;
      }
      at++;
      if (this.#status !== 'open') return at;
    }
    return at;
  }

  /** One structural byte; `false` if the grammar or the depth limit does not allow it here. */
  #token(byte: number): boolean {
    const state = this.#state;
    switch (byte) {
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (state !== VALUE && state !== FIRST_VALUE) return false;
        return this.#open(byte === OPEN_ARRAY);
      case CLOSE_OBJECT:
        if (state !== FIRST_KEY && (state !== AFTER || this.#isArray[this.#depth] !== 0)) return false;
        return this.#close();
      case CLOSE_ARRAY:
        if (state !== FIRST_VALUE && (state !== AFTER || this.#isArray[this.#depth] === 0)) return false;
        return this.#close();
      case COMMA:
        if (state !== AFTER) return false;
        this.#state = this.#isArray[this.#depth] === 0 ? KEY : VALUE;
        return true;
      case COLON_SIGN:
        if (state !== COLON) return false;
        this.#state = VALUE;
        return true;
      case QUOTE:
        if (state === VALUE || state === FIRST_VALUE) this.#state = STRING;
        else if (state === KEY || state === FIRST_KEY) this.#state = KEY_STRING;
        else return false;
        this.#keyLength = 0;
        return true;
      default:
        if (state !== VALUE && state !== FIRST_VALUE) return false;
        this.#state = WORD;
        return true;
    }
  }

  #open(isArray: boolean): boolean {
    if (this.#depth === this.#maxDepth) {
      this.#isDeep = true;
      return false;
    }
    if (
      isArray &&
      this.#watch !== null &&
      !this.#watch.isOver &&
      this.#depth <= 2 &&
      this.#isArray[this.#depth] === 0
    ) {
      this.#split = this.#depth === 0 ? null : this.#watch.splits(this.#depth);
      if (this.#split !== null) this.#status = 'split';
    }
    this.#depth++;
    this.#isArray[this.#depth] = isArray ? 1 : 0;
    this.#state = isArray ? FIRST_VALUE : FIRST_KEY;
    return true;
  }

  #close(): boolean {
    this.#depth--;
    this.#state = AFTER;
    if (this.#depth === 0) this.#status = 'closed';
    return true;
  }

  /** Within a string: its end, or a line break, which no JSON string contains. */
  #string(bytes: Buffer, from: number, end: number): number {
    let at = from;
    let isEscaped = this.#isEscaped;
    const isWatched =
      this.#state === KEY_STRING && this.#watch !== null && !this.#watch.isOver && this.#depth <= 2;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === LF || byte === CR) {
        this.#isEscaped = false;
        if (this.#state === LOOSE_STRING || this.#break < 0)
          return this.#stop(this.#isDeep ? 'deep' : 'invalid', at);
        return this.#stop('broken', at);
      }
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) {
        this.#isEscaped = false;
        if (isWatched) this.#watch!.key(this.#depth, this.#key.toString('latin1', 0, this.#keyLength));
        this.#state = this.#state === STRING ? AFTER : this.#state === KEY_STRING ? COLON : LOOSE;
        return at + 1;
      }
      if (isWatched && this.#keyLength < LONGEST_KEY) this.#key[this.#keyLength++] = byte;
    }
    this.#isEscaped = isEscaped;
    return at;
  }

  /** Counts brackets once the grammar no longer applies; `true` at the last. */
  #loose(byte: number): boolean {
    if (byte === QUOTE) this.#state = LOOSE_STRING;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth--;
    return this.#depth <= 0;
  }

  #stop(status: ScanStatus, at: number): number {
    this.#status = status;
    return at;
  }
}

function isWordEnd(byte: number): boolean {
  switch (byte) {
    case 9:
    case LF:
    case CR:
    case 32:
    case QUOTE:
    case COMMA:
    case COLON_SIGN:
    case OPEN_ARRAY:
    case CLOSE_ARRAY:
    case OPEN_OBJECT:
    case CLOSE_OBJECT:
      return true;
    default:
      return false;
  }
}
