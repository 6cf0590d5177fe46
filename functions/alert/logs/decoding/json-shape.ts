/** Limits of a record's shape, checked before `JSON.parse`. */
export type ShapeLimits = { readonly maxDepth: number; readonly maxKeys: number };

/** A key takes at least this many characters with what surrounds it: `"":0`. */
const LEAST_PER_KEY = 4;

/**
 * Why a text is not passed to `JSON.parse`: nested too deeply, or too many keys; `null` if it may be. Short text
 * with few brackets, which is almost all, is accepted without looking at each character.
 */
export function shapeProblem(
  text: string,
  { maxDepth, maxKeys }: ShapeLimits,
  brackets = bracketsIn(text),
): 'TooDeep' | 'TooWide' | null {
  if (text.length < maxKeys * LEAST_PER_KEY && brackets <= maxDepth) return null;
  let depth = 0;
  let keys = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isString) {
      if (unit === BACKSLASH) at++;
      else if (unit === QUOTE) isString = false;
    } else if (unit === QUOTE) isString = true;
    else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) {
      if (++depth > maxDepth) return 'TooDeep';
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) depth--;
    else if (unit === COLON && ++keys > maxKeys) return 'TooWide';
  }
  return null;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function bracketsIn(text: string): number {
  let count = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) count++;
  return count;
}
