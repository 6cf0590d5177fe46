/** Sets of code points, as pairs of first and last. */
export type Ranges = readonly (readonly [number, number])[];

export const LAST_POINT = 0x10ffff;

/** `\d`, `\s` and `\w` of Lucene, which are those of ASCII; Java's `\s` has two more. */
export const CLASSES: Readonly<Record<string, Ranges>> = {
  d: [[0x30, 0x39]],
  s: [
    [0x09, 0x0a],
    [0x0d, 0x0d],
    [0x20, 0x20],
  ],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
};
export const JAVA_SPACE: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
export const JAVA_LINE_ENDS: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
];

export function complement(ranges: Ranges): Ranges {
  const sorted = ranges.toSorted(([one], [other]) => one - other);
  const gaps: (readonly [number, number])[] = [];
  let from = 0;
  for (const [first, last] of sorted) {
    if (first > from) gaps.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from <= LAST_POINT) gaps.push([from, LAST_POINT]);
  return gaps;
}

/** Both cases of an ASCII letter. */
export function asciiVariants(point: number): readonly number[] {
  const isLetter = (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a);
  return isLetter ? [point, point ^ 0x20] : [point];
}

/** A range extended by the other case of its ASCII letters. */
export function bothCases(first: number, last: number): Ranges {
  const shifted = [
    [Math.max(first, 0x41) + 32, Math.min(last, 0x5a) + 32],
    [Math.max(first, 0x61) - 32, Math.min(last, 0x7a) - 32],
  ] as const;
  return [[first, last], ...shifted.filter(([from, to]) => from <= to)];
}
