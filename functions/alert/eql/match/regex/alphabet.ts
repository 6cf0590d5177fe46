import type { Ranges } from './code-points.ts';
import type { Program } from './regex-program.ts';

/** Code points that no set distinguishes are one letter. */
export type Alphabet = {
  readonly size: number;
  readonly letterOf: (point: number) => number;
  /** The letters of each set. */
  readonly letters: readonly (readonly number[])[];
};

/** An expression has hundreds of sets, and some thirty that differ. */
export function alphabetOf(sets: Program['sets']): Alphabet {
  const keys = sets.map(set => set?.join(' ') ?? '');
  const distinct = new Map(keys.map((key, at) => [key, sets[at] ?? []]));
  const edges = new Set([0]);
  for (const ranges of distinct.values()) {
    for (const [first, last] of ranges) {
      edges.add(first);
      edges.add(last + 1);
    }
  }
  const firsts = [...edges].filter(point => point <= 0x10ffff).sort((one, other) => one - other);
  const search = (point: number): number => {
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const ascii = new Uint32Array(128);
  for (let point = 1; point < 128; point++) {
    const letter = ascii[point - 1]!;
    ascii[point] = firsts[letter + 1] === point ? letter + 1 : letter;
  }
  const lettersOf = (set: Ranges): readonly number[] => {
    const letters = new Set<number>();
    for (const [first, last] of set) {
      const end = search(last);
      for (let letter = search(first); letter <= end; letter++) letters.add(letter);
    }
    return [...letters];
  };
  const letters = new Map([...distinct].map(([key, set]) => [key, lettersOf(set)]));
  return {
    size: firsts.length,
    letterOf: point => (point < 128 ? ascii[point]! : search(point)),
    letters: keys.map(key => letters.get(key)!),
  };
}
