import { textOfUnits } from './unit-text.ts';

/** Text in the case used for comparison. `also` receives its units before they become text again. */
export type Fold = (text: string, also?: ChangeOfUnits) => string;

/** May work in place. ASCII maps to itself, so it is not called for that. */
type ChangeOfUnits = (units: Uint16Array) => Uint16Array;

const ONLY_ASCII = /^[\0-\x7f]*$/;

/** Elasticsearch 7.10 to 8: only A to Z have a second case. */
export const foldAscii: Fold = (text, also) => {
  if (also || text.length < LONG || text.length > TOO_LONG) return foldedAscii(text, also);
  if (text !== lastLong.text) lastLong = { text, folded: foldedAscii(text) };
  return lastLong.folded;
};

/** Dozens of patterns ask about the same long value: to fold megabytes for each took half of their time. */
const LONG = 1024;
const TOO_LONG = 8 * 1024 ** 2;
let lastLong = { text: '', folded: '' };

function foldedAscii(text: string, also?: ChangeOfUnits): string {
  if (ONLY_ASCII.test(text)) return text.toLowerCase();
  if (!also && !/[A-Z]/.test(text)) return text;
  asciiTable ??= tableOf(unit => (unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit));
  return changed(foldUnits(text, asciiTable), also);
}

let asciiTable: Uint16Array | undefined;

/** Case-sensitive. */
export const foldNothing: Fold = (text, also) => {
  if (!also) return text;
  const units = new Uint16Array(text.length);
  for (let at = 0; at < units.length; at++) units[at] = text.charCodeAt(at);
  return changed(units, also);
};

function changed(units: Uint16Array, also: ChangeOfUnits | undefined): string {
  return textOfUnits(also ? also(units) : units);
}

/** Simple case folding of Unicode: one code point for one, so U+212A is k and U+0130 is itself. */
export const foldUnicode: Fold = foldByTable(simpleFold);

/** Java's `compareToIgnoreCase`: the lower case of the upper case, each one code point. */
export const foldJava: Fold = foldByTable(point => lower(upper(point)));

/** The representative of a code point among those that differ from it by simple case folding alone. */
export function simpleFold(point: number): number {
  // U+0130 and U+0131 have no simple folding; three pairs have one that the platform knows in full form only.
  return UNLIKE_LOWER.get(point) ?? lower(upper(point));
}

const UNLIKE_LOWER: ReadonlyMap<number, number> = new Map([
  [0x130, 0x130],
  [0x131, 0x131],
  [0xfb05, 0xfb06],
  [0x1fd3, 0x390],
  [0x1fe3, 0x3b0],
]);

function upper(point: number): number {
  return onlyPoint(String.fromCodePoint(point).toUpperCase()) ?? point;
}

function lower(point: number): number {
  return point === 0x130 ? 0x69 : (onlyPoint(String.fromCodePoint(point).toLowerCase()) ?? point);
}

function onlyPoint(text: string): number | undefined {
  const point = text.codePointAt(0);
  return point !== undefined && text.length === (point > 0xffff ? 2 : 1) ? point : undefined;
}

/** A table over the units of the first plane, built for the first text that is not ASCII: 20 ms. */
function foldByTable(fold: (point: number) => number): Fold {
  let table: Uint16Array | undefined;
  const pairs = new Map<number, number>();
  return (text, also) => {
    if (ONLY_ASCII.test(text)) return text.toLowerCase();
    table ??= tableOf(fold);
    const units = foldUnits(text, table);
    foldPairs(units, fold, pairs);
    return changed(units, also);
  };
}

/** Folds pairs in place; none becomes a single unit. `known` remembers them. */
function foldPairs(units: Uint16Array, fold: (point: number) => number, known: Map<number, number>): void {
  for (let at = 0; at + 1 < units.length; at++) {
    const high = units[at]!;
    // Blocks with two cases begin with these, up to Vithkuqi, Warang Citi, Medefaidrin and Adlam; emoji do not.
    if (high < 0xd801 || (high > 0xd81b && high !== 0xd83a)) continue;
    const low = units[at + 1]!;
    if ((low & 0xfc00) !== 0xdc00) continue;
    const point = ((high & 0x3ff) << 10) + (low & 0x3ff) + 0x10000;
    const folded = known.get(point) ?? fold(point);
    known.set(point, folded);
    units[at] = 0xd800 + ((folded - 0x10000) >> 10);
    units[++at] = 0xdc00 + (folded & 0x3ff);
  }
}

function tableOf(fold: (unit: number) => number): Uint16Array {
  return Uint16Array.from({ length: 0x10000 }, (_, unit) => fold(unit));
}

/** With a table, since a function call for each unit took five times as long. */
function foldUnits(text: string, table: Uint16Array): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < units.length; at++) units[at] = table[text.charCodeAt(at)]!;
  return units;
}
