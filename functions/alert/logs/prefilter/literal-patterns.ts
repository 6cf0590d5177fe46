/** Backslashes that one may have become: doubled as JSON text, and twice more as JSON text inside JSON text. */
const DOUBLINGS = 8;

/** A literal as a log's text may contain it, and what else may hide it. */
export type LiteralPattern = {
  /** Source of a regular expression for the literal in raw JSON, except escapes of single characters. */
  readonly source: string;
  /** The stretches of it that JSON never escapes; one alone is all of it. */
  readonly plains: readonly string[];
  /** The UTF-16 units that an escape could stand for. */
  readonly units: readonly number[];
  /** The most bytes that a match can have. */
  readonly longest: number;
};

/**
 * How a required literal (ASCII-folded) is found in raw bytes read as latin1, without decoding: verbatim, ASCII
 * case-insensitive, with backslashes doubled any number of times. `null`: it has no searchable part.
 */
export function literalPattern(literal: string): LiteralPattern | null {
  const pieces = (literal.toWellFormed().match(PIECES) ?? []).map(rawForm);
  const first = pieces.findIndex(piece => piece.isPlain);
  const last = pieces.findLastIndex(piece => piece.isPlain);
  // U+FFFD also stands for every byte that is not UTF-8.
  if (first < 0 || literal.toWellFormed().includes('\ufffd')) return null;
  const used = pieces.slice(first, last + 1);
  const plains = used
    .map(piece => (piece.isPlain ? piece.text : '\n'))
    .join('')
    .split('\n');
  return {
    source: used.map(piece => piece.source).join(''),
    plains: plains.filter(plain => plain !== ''),
    units: Array.from({ length: literal.length }, (_, at) => literal.charCodeAt(at)),
    longest: used.reduce((sum, piece) => sum + piece.longest, 0),
  };
}

const BACKSLASH = 0x5c;

/** Runs of backslashes, which merged can be divided in one way only, other escaped characters, and runs of the rest. */
const PIECES = /\\+|["/\0-\x1f]|[^\\"/\0-\x1f]+/g;

type RawForm = {
  readonly source: string;
  readonly text: string;
  readonly isPlain: boolean;
  readonly longest: number;
};

function rawForm(piece: string): RawForm {
  const unit = piece.charCodeAt(0);
  if (unit === BACKSLASH) {
    const most = piece.length * DOUBLINGS;
    return escaped(`\\\\{${piece.length},${most}}`, most);
  }
  if (piece === '"' || piece === '/') return escaped(`\\\\{0,${DOUBLINGS}}${piece}`, DOUBLINGS + 1);
  if (unit < 0x20) return escaped(`\\\\{1,${DOUBLINGS}}[bfnrt]`, DOUBLINGS + 1);
  const text = Buffer.from(piece).toString('latin1');
  return { source: text.replace(/[$()*+.?[\]^{|}]/g, '\\$&'), text, isPlain: true, longest: text.length };
}

function escaped(source: string, longest: number): RawForm {
  return { source, text: '', isPlain: false, longest };
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
