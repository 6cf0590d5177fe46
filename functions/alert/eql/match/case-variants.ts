import { simpleFold } from './case-folding.ts';

/** The last code point with a second case is U+1E943; the planes above have none. */
const LAST_CASED = 0x1ffff;

let families: ReadonlyMap<number, readonly number[]> | undefined;

/** The code points that differ from one only by Unicode's simple case folding, itself included. */
export function caseVariants(point: number): readonly number[] {
  families ??= readFamilies();
  return families.get(simpleFold(point)) ?? [point];
}

/** Built when the first rule needs it: 40 ms. */
function readFamilies(): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (let point = 0; point <= LAST_CASED; point++) {
    const folded = simpleFold(point);
    if (folded === point) continue;
    found.set(folded, [...(found.get(folded) ?? [folded]), point]);
  }
  return found;
}
