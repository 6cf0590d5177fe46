import { anchorsOf, beginsValue, endsObject, type HitTest, hitTest } from './literal-anchors.ts';
import {
  escapableUnits,
  type LiteralPattern,
  literalPattern,
  plainExpression,
  recordExpression,
  searchExpression,
} from './literal-patterns.ts';
import { isWord, ManyWords } from './many-words.ts';
import { type Anchor, SimdScan } from './simd-scan.ts';

/**
 * Bytes searched at once. Beyond this, strings leave V8's cheap space and cost ten times as much, and copies leave the
 * processor's cache: measured.
 */
export const PIECE = 64 * 1024;

/** Up to this many literals, each is searched for by its own bytes. */
const FEW = 3;

/** The required literals of all rules, prepared for searching in raw bytes. */
export class Literals {
  readonly #search: RegExp;
  readonly #record: RegExp;
  readonly #plain: RegExp;
  readonly #words: ManyWords | null;
  #scan: SimdScan | null = null;
  readonly #isHit: HitTest;
  readonly #anchors: readonly Anchor[];
  readonly #overlap: number;

  /** `null` if some literal has no searchable part, or there is none: every record has to be decoded. */
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
    const asWords = patterns.length > FEW ? patterns.filter(({ plain }) => isWord(plain)) : [];
    const byBytes = patterns.filter(pattern => !asWords.includes(pattern));
    this.#words = asWords.length > 0 ? new ManyWords(asWords.map(({ plain }) => plain)) : null;
    this.#search = searchExpression(byBytes, units);
    this.#anchors = anchorsOf(byBytes, units);
    this.#isHit = hitTest(byBytes, units);
  }

  /** Searches one piece of at most 64 KB, first to last. */
  search(piece: Buffer): PieceSearch {
    // Created for the first piece: a log of a few records is over before.
    this.#scan ??= new SimdScan(this.#anchors, PIECE);
    return new PieceSearch(this.#scan, this.#isHit, this.#words, piece);
  }

  /** Whether a record may contain a literal, verbatim or escaped. */
  mayBeIn(record: Buffer): boolean {
    return this.#someText(record, text => this.#record.test(text));
  }

  /** Whether a line may contain a literal, or more than one value, whatever is between them. */
  needsLook(line: Buffer): boolean {
    let isBehindObject = false;
    for (let from = 0; ; from += PIECE - this.overlap) {
      const to = Math.min(from + PIECE, line.length);
      if (isBehindObject && beginsValue(line, from, to)) return true;
      if (this.#search.test(line.toString('latin1', from, to))) return true;
      if (this.#words !== null && this.#words.find(line, from, to) < to) return true;
      if (to === line.length) return false;
      isBehindObject = endsObject(line, from, to - this.overlap, isBehindObject);
    }
  }

  /** Whether a literal occurs in text that cannot be decoded as JSON; its escapes are decoded here. */
  occursIn(bytes: Buffer): boolean {
    return this.#someText(bytes, text => {
      if (!this.#record.test(text)) return false;
      return this.#plain.test(text) || this.#plain.test(text.replace(ESCAPE, unescaped));
    });
  }

  /** Bytes of one piece that may belong to a literal that ends in the next. */
  get overlap(): number {
    return this.#overlap * 6;
  }

  #someText(bytes: Buffer, test: (text: string) => boolean): boolean {
    for (let from = 0; ; from += PIECE - this.overlap) {
      if (test(bytes.toString('latin1', from, Math.min(from + PIECE, bytes.length)))) return true;
      if (from + PIECE >= bytes.length) return false;
    }
  }
}

/** By the list itself, of which a set of rules has one: creating them takes longer than reading a small object. */
const MADE = new WeakMap<readonly string[], Literals | null>();

/** A surrogate pair is one character, and one form in UTF-8. */
const ESCAPE = /\\{1,8}u(d[89ab][0-9a-f]{2})\\{1,8}u(d[c-f][0-9a-f]{2})|\\{1,8}u([0-9a-f]{4})/gi;

function unescaped(_escape: string, high?: string, low?: string, unit?: string): string {
  const units = [high, low, unit].filter(digits => digits !== undefined);
  const text = String.fromCharCode(...units.map(digits => Number.parseInt(digits, 16)));
  return Buffer.from(text).toString('latin1');
}

/** The positions in one piece where a literal, an escape of its characters or a second value may be. */
export class PieceSearch {
  readonly #scan: SimdScan;
  readonly #isHit: HitTest;
  readonly #words: ManyWords | null;
  readonly #piece: Buffer;
  #loaded = -1;
  #byScan = -1;
  #byWords = -1;

  constructor(scan: SimdScan, isHit: HitTest, words: ManyWords | null, piece: Buffer) {
    this.#scan = scan;
    this.#isHit = isHit;
    this.#words = words;
    this.#piece = piece;
    if (words === null) this.#byWords = Number.POSITIVE_INFINITY;
  }

  /** The first such position at or after `from`; infinity if there is none. Call with increasing positions. */
  next(from: number): number {
    // Objects are read concurrently: another may have loaded its piece since.
    if (this.#byScan < from && this.#scan.loaded !== this.#loaded)
      this.#loaded = this.#scan.load(this.#piece);
    if (this.#byScan < from) {
      do this.#byScan = this.#scan.next(Math.max(from, this.#byScan + 1));
      while (this.#byScan < this.#piece.length && !this.#isHit(this.#piece, this.#byScan));
    }
    if (this.#byWords < from) this.#byWords = this.#words!.find(this.#piece, from, this.#piece.length);
    return Math.min(this.#byScan, this.#byWords);
  }
}
