import { anchorsOf } from './literal-anchors.ts';
import {
  escapableUnits,
  type LiteralPattern,
  literalPattern,
  plainExpression,
  recordExpression,
  searchExpression,
} from './literal-patterns.ts';
import { ManyWords } from './many-words.ts';
import { SimdScan } from './simd-scan.ts';

/**
 * Bytes looked at in one go. Beyond this, strings leave V8's cheap space and cost ten times as much, and copies the
 * processor's cache: measured.
 */
export const PIECE = 64 * 1024;

/** Up to so many literals each is sought by its own bytes. */
const FEW = 3;

/** The required literals of all rules, made ready to be sought in raw bytes. */
export class Literals {
  readonly #search: RegExp;
  readonly #record: RegExp;
  readonly #plain: RegExp;
  readonly #words: ManyWords | null;
  readonly #scan: SimdScan;
  readonly #overlap: number;

  /** `null` where some literal has nothing to hold on to, or there is none: every record has to be decoded. */
  static of(literals: readonly string[] | null): Literals | null {
    if (literals === null || literals.length === 0) return null;
    let made = MADE.get(literals);
    if (made === undefined) {
      const patterns = [...new Set(literals)].map(literalPattern);
      const sound = patterns.filter(pattern => pattern !== null);
      made = sound.length === patterns.length ? new Literals(sound) : null;
      MADE.set(literals, made);
    }
    return made;
  }

  private constructor(patterns: readonly LiteralPattern[]) {
    const units = escapableUnits(patterns);
    this.#record = recordExpression(patterns, units);
    this.#plain = plainExpression(patterns);
    this.#overlap = Math.max(6, ...patterns.map(({ longest }) => longest));
    this.#words = patterns.length > FEW ? ManyWords.of(patterns.map(({ plain }) => plain)) : null;
    const one = this.#words === null ? patterns : [];
    this.#search = searchExpression(one, units);
    this.#scan = new SimdScan(anchorsOf(one, units), PIECE);
  }

  /** Seeks in one piece of at most 64 KB, first to last. */
  search(piece: Buffer): PieceSearch {
    return new PieceSearch(this.#scan, this.#words, piece);
  }

  /** Whether a record may hold a literal, spelled out or escaped. */
  mayBeIn(record: Buffer): boolean {
    return this.#someText(record, text => this.#record.test(text));
  }

  /** Whether a line may hold a literal, or more than one value. */
  needsLook(line: Buffer): boolean {
    return this.#someText(
      line,
      (text, from) =>
        this.#search.test(text) ||
        (this.#words !== null && this.#words.find(line, from, from + text.length) < line.length),
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

/** By the list itself, which a set of rules has one of: to make them takes longer than to read a small object. */
const MADE = new WeakMap<readonly string[], Literals | null>();

const ESCAPE = /\\{1,8}u([0-9a-f]{4})/gi;

function unescapeUnit(_escape: string, digits: string): string {
  return Buffer.from(String.fromCharCode(Number.parseInt(digits, 16))).toString('latin1');
}

const CR = 13;
const LF = 10;

/** The places in one piece where a literal, an escape of its characters or a second value may be. */
export class PieceSearch {
  readonly #scan: SimdScan;
  readonly #words: ManyWords | null;
  readonly #piece: Buffer;
  #loaded = -1;
  #byScan = -1;
  #byWords = -1;

  constructor(scan: SimdScan, words: ManyWords | null, piece: Buffer) {
    this.#scan = scan;
    this.#words = words;
    this.#piece = piece;
    if (words === null) this.#byWords = Number.POSITIVE_INFINITY;
  }

  /** The first such place at or behind `from`; infinity when there is none. Ask in rising order. */
  next(from: number): number {
    // Objects are read at the same time: another may have loaded its piece since.
    if (this.#byScan < from && this.#scan.loaded !== this.#loaded)
      this.#loaded = this.#scan.load(this.#piece);
    while (this.#byScan < from || this.#isLineEnd(this.#byScan))
      this.#byScan = this.#scan.next(Math.max(from, this.#byScan + 1));
    if (this.#byWords < from) this.#byWords = this.#words!.find(this.#piece, from, this.#piece.length);
    return Math.min(this.#byScan, this.#byWords);
  }

  /** A brace before CR LF has the look of one before a second value. */
  #isLineEnd(at: number): boolean {
    return this.#piece[at + 1] === CR && this.#piece[at + 2] === LF;
  }
}
