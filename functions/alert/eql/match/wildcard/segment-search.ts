import { finderOf, placesOf } from '../text-search.ts';
import { textOfUnits } from '../unit-text.ts';

/** Finds a segment at or after a position; returns where the segment ends, or -1. */
export type Search = (value: string, from: number) => number;

/** `?` in a segment whose characters are UTF-16 units. */
export const ANY_UNIT = -1;

/** Compiles the search for a segment, linear in the value for every segment and value. */
export function searchFor(units: readonly number[]): Search {
  let start = 0;
  let end = units.length;
  while (start < end && units[start] === ANY_UNIT) start++;
  while (end > start && units[end - 1] === ANY_UNIT) end--;
  const inner = units.slice(start, end);
  const find = innerSearch(inner);
  const after = units.length - end;
  if (start === 0 && after === 0) return find;
  // `?` at the edges only requires space.
  return (value, from) => {
    if (from + start > value.length) return -1;
    const found = find(value, from + start);
    return found < 0 || found + after > value.length ? -1 : found + after;
  };
}

function innerSearch(units: readonly number[]): Search {
  if (units.length === 0) return (_, from) => from;
  if (units.includes(ANY_UNIT)) {
    if (units.length <= 31) return shiftAnd(units);
    const pieces = piecesOf(units);
    return pieces.length <= wordsFor(units.length) ? pieceSearch(pieces, units.length) : wideShiftAnd(units);
  }
  const needle = textOfUnits(Uint16Array.from(units));
  const find = finderOf(needle);
  return (value, from) => {
    const at = find(value, from);
    return at < 0 ? -1 : at + needle.length;
  };
}

type Piece = { readonly offset: number; readonly text: string };

/** The pieces between the `?` of a segment. */
function piecesOf(units: readonly number[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < units.length; at++) {
    const end = units.indexOf(ANY_UNIT, at);
    const piece = units.slice(at, end < 0 ? units.length : end);
    if (piece.length > 0) pieces.push({ offset: at, text: textOfUnits(Uint16Array.from(piece)) });
    at += piece.length;
  }
  return pieces;
}

/**
 * Each piece is searched for separately, from where it was last found, and those that lag move on until all agree where
 * the segment begins: as many passes over the value as there are pieces.
 */
function pieceSearch(pieces: readonly Piece[], length: number): Search {
  const compiled = pieces.map(({ offset, text }) => ({ offset, places: placesOf(text) }));
  return (value, from) => {
    const searches = compiled.map(({ offset, places }) => ({ offset, next: places(value) }));
    let start = from;
    for (let agreed = 0, at = 0; agreed < searches.length; at = (at + 1) % searches.length) {
      const { offset, next } = searches[at]!;
      const place = next(start + offset);
      if (place < 0) return -1;
      agreed = place - offset === start ? agreed + 1 : 1;
      start = place - offset;
    }
    return start + length;
  };
}

/** One bit for each position of the segment (Shift-And); `?` is a bit that every unit sets. */
function shiftAnd(units: readonly number[]): Search {
  let open = 0;
  for (const [at, unit] of units.entries()) if (unit === ANY_UNIT) open |= 1 << at;
  const ascii = new Int32Array(128).fill(open);
  const others = new Map<number, number>();
  for (const [at, unit] of units.entries()) {
    if (unit === ANY_UNIT) continue;
    if (unit < 128) ascii[unit]! |= 1 << at;
    else others.set(unit, (others.get(unit) ?? open) | (1 << at));
  }
  const last = 1 << (units.length - 1);
  const isAscii = others.size === 0;
  return (value, from) => {
    let state = 0;
    for (let at = from; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      state = ((state << 1) | 1) & (unit < 128 ? ascii[unit]! : isAscii ? open : (others.get(unit) ?? open));
      if (state & last) return at + 1;
    }
    return -1;
  };
}

function wordsFor(length: number): number {
  return Math.ceil(length / 32);
}

/** The same over several words, for segments beyond 31 units. */
function wideShiftAnd(units: readonly number[]): Search {
  const words = wordsFor(units.length);
  const distinct = [...new Set(units.filter(unit => unit !== ANY_UNIT))];
  // Row 0 is for every unit that the segment does not name.
  const masks = new Int32Array((distinct.length + 1) * words);
  for (const [at, unit] of units.entries()) {
    const bit = 1 << (at & 31);
    for (let row = 0; row <= distinct.length; row++) {
      if (unit === ANY_UNIT || unit === distinct[row - 1]) masks[row * words + (at >> 5)]! |= bit;
    }
  }
  const rows = new Map(distinct.map((unit, index) => [unit, (index + 1) * words]));
  const ascii = Int32Array.from({ length: 128 }, (_, unit) => rows.get(unit) ?? 0);
  const last = 1 << ((units.length - 1) & 31);
  const isAscii = distinct.every(unit => unit < 128);
  return (value, from) => {
    const state = new Int32Array(words);
    // Words above the highest set bit are empty and stay so.
    let highest = 0;
    for (let at = from; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      const row = unit < 128 ? ascii[unit]! : isAscii ? 0 : (rows.get(unit) ?? 0);
      const end = Math.min(highest + 1, words - 1);
      highest = 0;
      let carry = 1;
      for (let word = 0; word <= end; word++) {
        const before = state[word]!;
        const now = ((before << 1) | carry) & masks[row + word]!;
        state[word] = now;
        if (now !== 0) highest = word;
        carry = before >>> 31;
      }
      if (state[words - 1]! & last) return at + 1;
    }
    return -1;
  };
}
