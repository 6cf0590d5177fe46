import { beginsValue, endsObject, HitTest } from './hit-test.ts';
import { escapableUnits, type LiteralPattern, literalPattern, plainExpression } from './literal-patterns.ts';
import { tablesOf, WORD, windowsOf } from './scan-tables.ts';
import { type Place, SimdScan } from './simd-scan.ts';

/**
 * Bytes searched at once. Beyond this, strings leave V8's cheap space and cost ten times as much, and copies leave the
 * processor's cache: measured.
 */
export const PIECE = 64 * 1024;

/** Pieces overlap by six times as much, and must not by all of their length. */
const LONGEST = PIECE / 12;

/** The required literals of all rules, prepared for searching in raw bytes. */
export class Literals {
  readonly #patterns: readonly LiteralPattern[];
  readonly #overlap: number;
  #search: Search | null = null;
  #plain: RegExp | null = null;

  /** `null`, and every record has to be decoded: there is none, or one without searchable part or of thousands of bytes. */
  static of(literals: readonly string[] | null): Literals | null {
    if (literals === null || literals.length === 0) return null;
    let made = MADE.get(literals);
    if (made === undefined) {
      const patterns = [...new Set(literals)].map(literalPattern);
      const sound = patterns.filter(pattern => pattern !== null).filter(({ longest }) => longest < LONGEST);
      made = sound.length === patterns.length ? new Literals(sound) : null;
      MADE.set(literals, made);
    }
    return made;
  }

  private constructor(patterns: readonly LiteralPattern[]) {
    this.#patterns = patterns;
    this.#overlap = Math.max(6, ...patterns.map(({ longest }) => longest));
  }

  /** Searches one piece of at most 64 KB, first to last, for literals, escapes and second values. */
  search(piece: Buffer): PieceSearch {
    return new PieceSearch(this.#prepared(), piece);
  }

  /** Whether a record may contain a literal, verbatim or escaped. */
  mayBeIn(record: Buffer): boolean {
    for (let from = 0; ; from += PIECE - this.overlap) {
      const piece = record.subarray(from, from + PIECE);
      if (new PieceSearch(this.#prepared(), piece, 'record').next(0) < piece.length) return true;
      if (from + PIECE >= record.length) return false;
    }
  }

  /** Whether a line may contain a literal, or more than one value, whatever is between them. */
  needsLook(line: Buffer): boolean {
    let isBehindObject = false;
    for (let from = 0; ; from += PIECE - this.overlap) {
      const to = Math.min(from + PIECE, line.length);
      if (isBehindObject && beginsValue(line, from, to)) return true;
      if (this.search(line.subarray(from, to)).next(0) < to - from) return true;
      if (to === line.length) return false;
      isBehindObject = endsObject(line, from, to - this.overlap, isBehindObject);
    }
  }

  /** Whether a literal occurs in text that cannot be decoded as JSON; its escapes are decoded here. */
  occursIn(bytes: Buffer): boolean {
    if (!this.mayBeIn(bytes)) return false;
    this.#plain ??= plainExpression(this.#patterns);
    for (let from = 0; ; from += PIECE - this.overlap) {
      const text = bytes.toString('latin1', from, Math.min(from + PIECE, bytes.length));
      if (this.#plain.test(text) || this.#plain.test(text.replace(ESCAPE, unescaped))) return true;
      if (from + PIECE >= bytes.length) return false;
    }
  }

  /** Bytes of one piece that may belong to a literal that ends in the next. */
  get overlap(): number {
    return this.#overlap * 6;
  }

  /** Made for the first piece: a log of a few records is over before. */
  #prepared(): Search {
    if (this.#search !== null) return this.#search;
    const units = escapableUnits(this.#patterns);
    const windows = windowsOf(this.#patterns);
    this.#search = {
      scan: new SimdScan(tablesOf(windows, units), PIECE),
      test: new HitTest(windows, units),
      step: windows.long.length === 0 ? null : windows.step,
    };
    return this.#search;
  }
}

/** `step`: what is probed at; `null` if no literal needs it. */
type Search = { readonly scan: SimdScan; readonly test: HitTest; readonly step: number | null };

/** By the list itself, of which a set of rules has one: creating them takes longer than reading a small object. */
const MADE = new WeakMap<readonly string[], Literals | null>();

/** A surrogate pair is one character, and one form in UTF-8. */
const ESCAPE = /\\{1,8}u(d[89ab][0-9a-f]{2})\\{1,8}u(d[c-f][0-9a-f]{2})|\\{1,8}u([0-9a-f]{4})/gi;

function unescaped(_escape: string, high?: string, low?: string, unit?: string): string {
  const units = [high, low, unit].filter(digits => digits !== undefined);
  const text = String.fromCharCode(...units.map(digits => Number.parseInt(digits, 16)));
  return Buffer.from(text).toString('latin1');
}

/** The positions in one piece where a literal, an escape of its characters or a second value is. */
export class PieceSearch {
  readonly #search: Search;
  readonly #piece: Buffer;
  readonly #area: 0 | 1;
  #place: Place | null;
  #copied = -1;
  #found = -1;
  #probed = -1;

  /** In a `record` a second value is nothing, and nothing else is copied while it is searched. */
  constructor(search: Search, piece: Buffer, what: 'lines' | 'record' = 'lines') {
    this.#search = search;
    this.#piece = piece;
    this.#area = what === 'lines' ? 0 : 1;
    this.#place = search.scan.inPlace(piece);
    if (search.step === null) this.#probed = Number.POSITIVE_INFINITY;
  }

  /**
   * The first such position at or after `from`, or one before which too much nearly fits; infinity if there is none.
   * Call with increasing positions.
   */
  next(from: number): number {
    if (this.#found < from) this.#found = this.#find(from);
    if (this.#probed < from) this.#probed = this.#probe(from, this.#search.step!);
    return Math.min(this.#found, this.#probed);
  }

  #find(from: number): number {
    const { scan, base } = this.#placed();
    const isTooMuch = comparisonsFrom(from, this.#search.test);
    const to = this.#piece.length;
    for (let at = from; ; at++) {
      at = scan.find(base + at, base + to) - base;
      if (at < 0 || at >= to) return Number.POSITIVE_INFINITY;
      if (this.#search.test.isHit(this.#piece, at, this.#area === 0) || isTooMuch(at)) return at;
    }
  }

  #probe(from: number, step: number): number {
    const { scan, base } = this.#placed();
    const isTooMuch = comparisonsFrom(from, this.#search.test);
    const to = Math.max(0, this.#piece.length - WORD + 1);
    for (let at = from; ; at += step) {
      at = scan.probe(base + at, base + to, step) - base;
      if (at < 0 || at >= to) return Number.POSITIVE_INFINITY;
      if (this.#search.test.isWord(this.#piece, at) || isTooMuch(at)) return at;
    }
  }

  #placed(): Place {
    const { scan } = this.#search;
    // Objects are read concurrently: another may have copied its piece since.
    if (this.#place !== null && (this.#copied < 0 || scan.copied(this.#area) === this.#copied))
      return this.#place;
    this.#place = scan.copy(this.#piece, this.#area);
    this.#copied = scan.copied(this.#area);
    return this.#place;
  }
}

/** Whether decoding takes less time than going on to compare: text may be written so that hundreds of literals nearly fit. */
function comparisonsFrom(from: number, test: HitTest): (at: number) => boolean {
  const before = test.compared;
  return at => test.compared - before > 256 + (at - from) / 4;
}
