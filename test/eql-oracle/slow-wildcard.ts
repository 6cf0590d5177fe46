export type Folding = 'exact' | 'ascii' | 'unicode';

/** The obvious matcher: a table of which prefixes of the pattern match which prefixes of the value. */
export function slowWildcard(pattern: string, value: string, folding: Folding): boolean {
  return fits([...pattern], value, folding);
}

/** The same in Lucene's grammar: after a backslash a character is itself, and its case counts. */
export function slowEscapedWildcard(pattern: string, value: string, folding: Folding): boolean {
  return fits(pattern.match(/\\.|./gsu) ?? [], value, folding);
}

/** A piece of two characters is an escaped one. */
function fits(pieces: readonly string[], value: string, folding: Folding): boolean {
  let row = [true];
  for (const [at, piece] of pieces.entries()) row.push(row[at]! && piece === '*');
  for (const point of value) {
    const next = [false];
    for (const [at, piece] of pieces.entries()) {
      if (piece === '*') next.push(next[at]! || row[at + 1]!);
      else if (piece.startsWith('\\') && piece.length > 1) next.push(row[at]! && piece.slice(1) === point);
      else next.push(row[at]! && (piece === '?' || isSame(piece, point, folding)));
    }
    row = next;
  }
  return row[pieces.length]!;
}

const known = new Map<string, boolean>();

/** Whether two code points are one, case aside; of Unicode as the platform's own expressions see it. */
export function isSame(one: string, other: string, folding: Folding): boolean {
  if (one === other) return true;
  if (folding === 'exact') return false;
  if (folding === 'ascii') return isPair(one, other) || isPair(other, one);
  const key = `${one} ${other}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const hex = one.codePointAt(0)!.toString(16);
  const verdict = new RegExp(`^\\u{${hex}}$`, 'iu').test(other);
  known.set(key, verdict);
  return verdict;
}

function isPair(lower: string, upper: string): boolean {
  return /^[a-z]$/.test(lower) && lower.charCodeAt(0) - upper.charCodeAt(0) === 32 && upper.length === 1;
}
