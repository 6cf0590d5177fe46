/** Order of UTF-8 bytes, which is that of code points; JavaScript's own `<` sorts U+E000 to U+FFFF after an emoji. */
export function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  if (at === length) return left.length - right.length;
  return rank(left.charCodeAt(at)) - rank(right.charCodeAt(at));
}

/** Surrogates above every other unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Order of UTF-16 units, in which scripts compare texts, as Java does. */
export function byUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
