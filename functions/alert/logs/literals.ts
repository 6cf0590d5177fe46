import {
  escapableUnits,
  type LiteralPattern,
  literalPattern,
  plainExpression,
  recordExpression,
  searchExpression,
} from './literal-patterns.ts';
import { ManyWords } from './many-words.ts';

/** Beyond this, strings leave V8's cheap space and cost ten times as much: measured. */
export const PIECE = 64 * 1024;

/** One regular expression is quickest up to so many literals. */
const FEW = 3;

/** The required literals of all rules, made ready to be sought in raw bytes. */
export class Literals {
  readonly #search: RegExp;
  readonly #record: RegExp;
  readonly #plain: RegExp;
  readonly #words: ManyWords | null;
  readonly #overlap: number;

  /** `null` where some literal has nothing to hold on to, or there is none: every record has to be decoded. */
  static of(literals: readonly string[] | null): Literals | null {
    if (literals === null || literals.length === 0) return null;
    const patterns = [...new Set(literals)].map(literalPattern);
    const sound = patterns.filter(pattern => pattern !== null);
    return sound.length === patterns.length ? new Literals(sound) : null;
  }

  private constructor(patterns: readonly LiteralPattern[]) {
    const units = escapableUnits(patterns);
    this.#record = recordExpression(patterns, units);
    this.#plain = plainExpression(patterns);
    this.#overlap = Math.max(6, ...patterns.map(({ longest }) => longest));
    this.#words = patterns.length > FEW ? ManyWords.of(patterns.map(({ plain }) => plain)) : null;
    this.#search = searchExpression(this.#words === null ? patterns : [], units);
  }

  /** Seeks in one piece of text, first to last; the text is the bytes from `start` read as latin1. */
  search(bytes: Buffer, start: number, text: string): PieceSearch {
    return new PieceSearch(this.#search, this.#words, bytes, start, text);
  }

  /** Whether a record may hold a literal, spelled out or escaped. */
  mayBeIn(record: Buffer): boolean {
    return this.#someText(record, text => this.#record.test(text));
  }

  /** Whether a line may hold a literal, or more than one value. */
  needsLook(line: Buffer): boolean {
    return this.#someText(
      line,
      (text, from) => this.search(line, from, text).next(0) !== Number.POSITIVE_INFINITY,
    );
  }

  /** Whether a literal occurs in text that cannot be decoded as JSON; its escapes are undone here. */
  occursIn(bytes: Buffer): boolean {
    return this.#someText(bytes, text => {
      if (!this.#record.test(text)) return false;
      return this.#plain.test(text) || this.#plain.test(text.replace(ESCAPE, unescapeUnit));
    });
  }

  /** Bytes of one stretch that may belong to a literal begun there and ended in the next. */
  get overlap(): number {
    return this.#overlap * 6;
  }

  #someText(bytes: Buffer, test: (text: string, from: number) => boolean): boolean {
    for (let from = 0; ; from += PIECE - this.overlap) {
      if (test(bytes.toString('latin1', from, Math.min(from + PIECE, bytes.length)), from)) return true;
      if (from + PIECE >= bytes.length) return false;
    }
  }
}

const ESCAPE = /\\{1,8}u([0-9a-f]{4})/gi;

function unescapeUnit(_escape: string, digits: string): string {
  return Buffer.from(String.fromCharCode(Number.parseInt(digits, 16))).toString('latin1');
}

/** The places in one piece of text that have to be looked at. */
export class PieceSearch {
  readonly #expression: RegExp;
  readonly #words: ManyWords | null;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #text: string;
  #byExpression = -1;
  #byWords = -1;

  constructor(expression: RegExp, words: ManyWords | null, bytes: Buffer, start: number, text: string) {
    this.#expression = expression;
    this.#words = words;
    this.#bytes = bytes;
    this.#start = start;
    this.#text = text;
    if (words === null) this.#byWords = Number.POSITIVE_INFINITY;
  }

  /** The first such place at or behind `from`; infinity when there is none. Ask in rising order. */
  next(from: number): number {
    if (this.#byExpression < from) {
      this.#expression.lastIndex = from;
      this.#byExpression = this.#expression.exec(this.#text)?.index ?? Number.POSITIVE_INFINITY;
    }
    if (this.#byWords < from)
      this.#byWords =
        this.#words!.find(this.#bytes, this.#start + from, this.#start + this.#text.length) - this.#start;
    return Math.min(this.#byExpression, this.#byWords);
  }
}
