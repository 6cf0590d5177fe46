export type Fold = (text: string) => string;

const ONLY_ASCII = /^[\0-\x7f]*$/;

/** Elasticsearch 7.10 to 8: only A to Z have a second case. */
export const foldAscii: Fold = text =>
  ONLY_ASCII.test(text) ? text.toLowerCase() : foldUnits(text, asciiUnit);

/** Simple case folding of Unicode: one code point for one, so U+212A is k and U+0130 is itself. */
export const foldUnicode: Fold = text =>
  ONLY_ASCII.test(text) ? text.toLowerCase() : foldPoints(text, simpleFold);

/** Java's `compareToIgnoreCase`: the lower case of the upper case, each one code point. */
export const foldJava: Fold = text =>
  ONLY_ASCII.test(text) ? text.toLowerCase() : foldPoints(text, point => lower(upper(point)));

/** The representative of a code point among those that differ from it by simple case folding alone. */
export function simpleFold(point: number): number {
  // U+0130 and U+0131 have no simple folding, and the platform folds the ligature st only in full.
  if (point === 0x130 || point === 0x131) return point;
  if (point === 0xfb05) return 0xfb06;
  if (point === 0x390) return 0x1fd3;
  if (point === 0x3b0) return 0x1fe3;
  return lower(upper(point));
}

function asciiUnit(unit: number): number {
  return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
}

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

/** `String.fromCharCode` takes its units as arguments; more than this many could exhaust the stack. */
const CHUNK = 8192;

function foldUnits(text: string, fold: (unit: number) => number): string {
  let folded = '';
  for (let from = 0; from < text.length; from += CHUNK) {
    const units = new Array<number>(Math.min(CHUNK, text.length - from));
    for (let at = 0; at < units.length; at++) units[at] = fold(text.charCodeAt(from + at));
    folded += String.fromCharCode(...units);
  }
  return folded;
}

function foldPoints(text: string, fold: (point: number) => number): string {
  const known = KNOWN.get(fold) ?? new Map<string, string>();
  KNOWN.set(fold, known);
  let folded = '';
  for (const character of text) {
    let result = known.get(character);
    if (result === undefined) {
      result = String.fromCodePoint(fold(character.codePointAt(0)!));
      known.set(character, result);
    }
    folded += result;
  }
  return folded;
}

/** What was folded before, at most one entry for each character of Unicode. */
const KNOWN = new Map<(point: number) => number, Map<string, string>>();
