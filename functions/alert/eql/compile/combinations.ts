import type { Scalar } from '../document.ts';
import type { Slots } from './script.ts';

/**
 * A document whose fields have more combinations of values than a script is evaluated with: whether the query is true
 * for it is unknown. By its code the reader counts the record as skipped.
 */
export class TooManyCombinations extends Error {
  override readonly name = 'TooManyCombinations';
  readonly code = 'TooManyValues';
}

/**
 * Two fields of a thousand short values each are evaluated completely, in 1.6 s at worst; anything an attacker could
 * grow beyond that is not. A script that reads every value once is never too expensive.
 */
const MOST_COMBINATIONS = 1_000_000;
/** This many characters take as long as one more combination. */
const CHARACTERS = 256;

/** Whether some combination of one value per slot passes; a slot without values is `null` once. */
export function someCombination(
  values: readonly (readonly Scalar[])[],
  passes: (slots: Slots) => boolean,
): boolean {
  const choices = values.map(distinct);
  const slots = choices.map(own => own[0] ?? null);
  const places = choices.map(() => 0);
  let left = MOST_COMBINATIONS;
  for (const own of choices) left += own.length + lengthOf(own);
  for (;;) {
    left -= 1 + lengthOf(slots);
    if (left < 0) throw new TooManyCombinations(`more than ${MOST_COMBINATIONS} combinations of values`);
    if (passes(slots)) return true;
    let slot = choices.length - 1;
    for (; slot >= 0; slot--) {
      const own = choices[slot]!;
      const place = (places[slot]! + 1) % Math.max(1, own.length);
      places[slot] = place;
      slots[slot] = own[place] ?? null;
      if (place > 0) break;
    }
    if (slot < 0) return false;
  }
}

function distinct(values: readonly Scalar[]): readonly Scalar[] {
  return values.length < 2 ? values : [...new Set(values)];
}

function lengthOf(values: Slots): number {
  let length = 0;
  for (const value of values) if (typeof value === 'string') length += Math.floor(value.length / CHARACTERS);
  return length;
}
