export type Folding = 'exact' | 'ascii' | 'unicode';

/** The obvious matcher: a table of which prefixes of the pattern match which prefixes of the value. */
export function slowWildcard(pattern: string, value: string, folding: Folding): boolean {
  const wanted = [...pattern];
  const given = [...value];
  let row = wanted.reduce((prefixes, point, at) => [...prefixes, prefixes[at]! && point === '*'], [true]);
  for (const point of given) {
    const next = [false];
    for (const [at, expected] of wanted.entries()) {
      if (expected === '*') next.push(next[at]! || row[at + 1]!);
      else next.push(row[at]! && (expected === '?' || isSame(expected, point, folding)));
    }
    row = next;
  }
  return row[wanted.length]!;
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
