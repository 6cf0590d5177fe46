/** Backslashes that one may have become: doubled as JSON text, and twice more as JSON text inside JSON text. */
const DOUBLINGS = 8;

/** A literal as a log's text may contain it, and what else may hide it. */
export type LiteralPattern = {
  /** Source of a regular expression for the literal in raw JSON, except escapes of single characters. */
  readonly source: string;
  /** The stretches of it that JSON never escapes, as latin1, and what is between each two. */
  readonly plains: readonly string[];
  readonly gaps: readonly Gap[];
  /** The UTF-16 units that an escape could stand for. */
  readonly units: readonly number[];
  /** The most bytes that a match can have. */
  readonly longest: number;
};

/** Characters that JSON escapes: so many backslashes, and then one of the characters of `ends`, unless it is empty. */
export type Gap = readonly Escaped[];
type Escaped = { readonly least: number; readonly most: number; readonly ends: string };

/**
 * How a required literal (ASCII-folded) is found in raw bytes read as latin1, without decoding: verbatim, ASCII
 * case-insensitive, with backslashes doubled any number of times. `null`: it has no searchable part.
 */
export function literalPattern(literal: string): LiteralPattern | null {
  // U+FFFD also stands for every byte that is not UTF-8.
  if (literal.toWellFormed().includes('\ufffd')) return null;
  const plains: string[] = [];
  const gaps: Escaped[][] = [];
  for (const [piece] of literal.matchAll(PIECES))
    if (!IS_ESCAPED.test(piece)) {
      plains.push(Buffer.from(piece).toString('latin1'));
      gaps.push([]);
    } else addEscaped(gaps.at(-1) ?? [], escapedForm(piece));
  gaps.pop();
  if (plains.length === 0) return null;
  const escapes = gaps.flat();
  return {
    source: plains
      .map((plain, index) => `${gaps[index - 1]?.map(sourceOf).join('') ?? ''}${verbatim(plain)}`)
      .join(''),
    plains,
    gaps,
    units: Array.from({ length: literal.length }, (_, at) => literal.charCodeAt(at)),
    longest: plains.join('').length + escapes.reduce((sum, { most }) => sum + most + 1, 0),
  };
}

/** Runs of backslashes, other characters that JSON escapes, and runs of the rest. */
const PIECES = /\\+|["/\0-\x1f]|[^\\"/\0-\x1f]+/g;
const IS_ESCAPED = /^[\\"/\0-\x1f]/;

function escapedForm(piece: string): Escaped {
  if (piece.startsWith('\\')) return { least: piece.length, most: piece.length * DOUBLINGS, ends: '' };
  if (piece === '"' || piece === '/') return { least: 0, most: DOUBLINGS, ends: piece };
  return { least: 1, most: DOUBLINGS, ends: 'bfnrt' };
}

/** Adds to a gap; merged with backslashes before it, so that no run can be divided in many ways. */
function addEscaped(gap: Escaped[], { least, most, ends }: Escaped): void {
  const before = gap.at(-1)?.ends === '' ? gap.pop() : undefined;
  gap.push({ least: least + (before?.least ?? 0), most: most + (before?.most ?? 0), ends });
}

function sourceOf({ least, most, ends }: Escaped): string {
  return `\\\\{${least},${most}}${ends.length > 1 ? `[${ends}]` : ends}`;
}

function verbatim(text: string): string {
  return text.replace(/[$()*+.?[\]^{|}]/g, '\\$&');
}

/**
 * One regular expression for literals. Its case folding is ASCII: without the `u` flag nothing beyond latin1 folds into
 * ASCII, and in latin1 nothing does.
 */
export function plainExpression(patterns: readonly LiteralPattern[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'i');
}

/** Units of the literals in both ASCII cases. */
export function escapableUnits(patterns: readonly LiteralPattern[]): Set<number> {
  const units = new Set<number>();
  for (const unit of patterns.flatMap(pattern => pattern.units)) {
    units.add(unit);
    const other = unit ^ 0x20;
    if ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a) units.add(other);
  }
  return units;
}
