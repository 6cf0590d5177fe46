import { ANY_UNIT } from './segment-search.ts';
import { ANY, type Pattern } from './wildcard-pattern.ts';

/** How patterns and values become rows of UTF-16 units in which `?` is one unit. */
export type Units = {
  readonly segment: (points: readonly number[]) => number[];
  readonly value: (text: string) => string;
};

/** Half a pair, which no pattern holds: what every code point that the patterns do not name becomes. */
const FOREIGN = 0xdfff;
const FIRST_STAND_IN = 0xd800;

/**
 * `?` is one code point, also one of two units. Where a pattern has `?`, every pair becomes one unit: those that the
 * patterns name one of their own, every other the same.
 */
export function unitsFor(patterns: readonly Pattern[]): Units {
  const hasAny = patterns.some(pattern => pattern.some(segment => segment.includes(ANY)));
  if (!hasAny) return { segment: points => points.flatMap(pairOf), value: text => text };
  const standIns = new Map<number, number>();
  const segment = (points: readonly number[]) =>
    points.map(point => {
      if (point <= 0xffff) return point === ANY ? ANY_UNIT : point;
      // A pattern set names fewer than 2,047 of them, its text being bounded; beyond, the last two would be one.
      const unit = standIns.get(point) ?? Math.min(FIRST_STAND_IN + standIns.size, FOREIGN - 1);
      standIns.set(point, unit);
      return unit;
    });
  return { segment, value: text => (/[\ud800-\udfff]/.test(text) ? flatten(text, standIns) : text) };
}

/** Units as text; `String.fromCharCode` takes them as arguments, of which the stack holds only so many. */
export function textOf(units: readonly number[]): string {
  let text = '';
  for (let from = 0; from < units.length; from += CHUNK) {
    text += String.fromCharCode(...units.slice(from, from + CHUNK));
  }
  return text;
}

const CHUNK = 8192;

function pairOf(point: number): number[] {
  const character = String.fromCodePoint(point);
  return character.length === 1 ? [point] : [character.charCodeAt(0), character.charCodeAt(1)];
}

function flatten(text: string, standIns: ReadonlyMap<number, number>): string {
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const point = text.codePointAt(at)!;
      unit = standIns.get(point) ?? FOREIGN;
      if (point > 0xffff) at++;
    }
    units[length++] = unit;
  }
  let flat = '';
  for (let from = 0; from < length; from += CHUNK) {
    flat += String.fromCharCode(...units.subarray(from, Math.min(from + CHUNK, length)));
  }
  return flat;
}
