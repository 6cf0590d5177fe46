import type { Fold } from '../case-folding.ts';
import { ANY_UNIT } from './segment-search.ts';
import { ANY, type Pattern } from './wildcard-pattern.ts';

/** How patterns and values become rows of UTF-16 units in which `?` is one unit. */
export type Units = {
  readonly segment: (points: readonly number[]) => number[];
  readonly value: (text: string, fold: Fold) => string;
};

/** An unpaired surrogate, which no pattern contains: replaces every code point that the patterns do not name. */
const FOREIGN = 0xdfff;
const FIRST_STAND_IN = 0xd800;
/** How many code points beyond the first plane a query may name. */
export const MOST_STAND_INS = FOREIGN - FIRST_STAND_IN;

/**
 * `?` is one code point, even one of two units, and an unpaired surrogate (`substring` creates some) is not found in a
 * whole pair. If a pattern has either, every pair becomes one unit: those that the patterns name one of their own,
 * every other the same.
 */
export function unitsFor(patterns: readonly Pattern[]): Units {
  const needsUnits = patterns.some(pattern => pattern.some(segment => segment.some(isAnyOrHalf)));
  if (!needsUnits) return { segment: points => points.flatMap(pairOf), value: (text, fold) => fold(text) };
  const standIns = new Map<number, number>();
  const segment = (points: readonly number[]) =>
    points.map(point => {
      if (point === ANY) return ANY_UNIT;
      if (point <= 0xffff && !isHalf(point)) return point;
      const unit = standIns.get(point) ?? FIRST_STAND_IN + standIns.size;
      standIns.set(point, unit);
      return unit;
    });
  const flattenPairs = (units: Uint16Array) => flatten(units, standIns);
  return {
    segment,
    value: (text, fold) => fold(text, /[\ud800-\udfff]/.test(text) ? flattenPairs : undefined),
  };
}

function isHalf(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

function isAnyOrHalf(point: number): boolean {
  return point === ANY || isHalf(point);
}

function pairOf(point: number): number[] {
  const character = String.fromCodePoint(point);
  return character.length === 1 ? [point] : [character.charCodeAt(0), character.charCodeAt(1)];
}

/** In place: a row of units only becomes shorter. */
function flatten(units: Uint16Array, standIns: ReadonlyMap<number, number>): Uint16Array {
  const last = units.length - 1;
  // Looking into an empty map for each surrogate took a tenth of this function's time.
  const isNamed = standIns.size > 0;
  let length = 0;
  for (let at = 0; at <= last; at++) {
    let unit = units[at]!;
    if ((unit & 0xf800) === 0xd800) {
      const next = unit < 0xdc00 && at < last ? units[at + 1]! : 0;
      if ((next & 0xfc00) === 0xdc00) {
        at++;
        const point = ((unit & 0x3ff) << 10) + (next & 0x3ff) + 0x10000;
        unit = isNamed ? (standIns.get(point) ?? FOREIGN) : FOREIGN;
      } else unit = isNamed ? (standIns.get(unit) ?? FOREIGN) : FOREIGN;
    }
    units[length++] = unit;
  }
  return units.subarray(0, length);
}
