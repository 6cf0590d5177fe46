const LONGEST = 80;
/** Any two shorter names are near each other. */
const SHORTEST = 3;

/**
 * The known name nearest to a misspelt one: the only one that begins with it, else one within an edit distance of a third
 * of its length, else `undefined`.
 */
export function nearestOf(given: string, known: Iterable<string>): string | undefined {
  const wanted = given.slice(0, LONGEST).toLowerCase();
  if (wanted.length < SHORTEST) return undefined;
  const names = [...known];
  const longer = names.filter(name => name.toLowerCase().startsWith(wanted));
  if (longer.length === 1) return longer[0];
  let best: string | undefined;
  let bestEdits = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const limit = Math.max(1, Math.floor(name.length / 3));
    if (Math.abs(name.length - wanted.length) > limit) continue;
    const edits = editsBetween(wanted, name.slice(0, LONGEST).toLowerCase());
    if (edits > limit || edits >= bestEdits) continue;
    best = name;
    bestEdits = edits;
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (Damerau, restricted). */
function editsBetween(a: string, b: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let edits = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, previous[j - 2]! + 1);
      }
      next.push(edits);
    }
    previous = row;
    row = next;
  }
  return row[b.length]!;
}
