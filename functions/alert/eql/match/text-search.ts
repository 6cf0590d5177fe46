/**
 * The platform's own search is linear while its Boyer-Moore tables cover the needle, 250 units; with a longer one it
 * took 0.9 s over a mebibyte of one letter.
 */
const PLATFORM_IS_LINEAR = 250;

/**
 * Compiles the search for the first position of a needle at or after a given one, like `indexOf`; linear for any
 * needle.
 */
export function finderOf(needle: string): (value: string, from: number) => number {
  if (needle.length <= PLATFORM_IS_LINEAR) return (value, from) => value.indexOf(needle, from);
  const size = needle.length;
  const borders = bordersOf(size, at => needle.charCodeAt(at));
  return (value, from) => {
    let held = 0;
    for (let at = from; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      while (held > 0 && unit !== needle.charCodeAt(held)) held = borders[held - 1]!;
      if (unit === needle.charCodeAt(held)) held++;
      if (held === size) return at + 1 - size;
    }
    return -1;
  };
}

/**
 * Compiles the search for successive positions of a needle: each call returns the first at or after a position, and
 * continues where the last one stopped, so that all calls over one value are linear together. Positions never decrease.
 */
export function placesOf(needle: string): (value: string) => (from: number) => number {
  const size = needle.length;
  const borders = bordersOf(size, at => needle.charCodeAt(at));
  return value => {
    let held = 0;
    let at = 0;
    let place = -1;
    return from => {
      if (place >= from) return place;
      // A match that begins before it does not count: the partial match may be dropped.
      if (from > at) [at, held] = [from, 0];
      for (; at < value.length; at++) {
        const unit = value.charCodeAt(at);
        while (held > 0 && unit !== needle.charCodeAt(held)) held = borders[held - 1]!;
        if (unit === needle.charCodeAt(held)) held++;
        if (held < size) continue;
        held = borders[size - 1]!;
        if (at + 1 - size < from) continue;
        place = ++at - size;
        return place;
      }
      return -1;
    };
  };
}

/** The last position of a needle that is not empty; the platform compares it anew at every position. */
export function lastIndexOf(value: string, needle: string): number {
  const last = needle.length - 1;
  const borders = bordersOf(needle.length, at => needle.charCodeAt(last - at));
  let held = 0;
  for (let at = value.length - 1; at >= 0; at--) {
    const unit = value.charCodeAt(at);
    while (held > 0 && unit !== needle.charCodeAt(last - held)) held = borders[held - 1]!;
    if (unit === needle.charCodeAt(last - held)) held++;
    if (held > last) return at;
  }
  return -1;
}

/** For each unit, how much of the needle's beginning ends there again (Knuth, Morris, Pratt). */
function bordersOf(size: number, unitAt: (at: number) => number): Int32Array {
  const borders = new Int32Array(size);
  for (let at = 1, border = 0; at < size; at++) {
    const unit = unitAt(at);
    while (border > 0 && unit !== unitAt(border)) border = borders[border - 1]!;
    if (unit === unitAt(border)) border++;
    borders[at] = border;
  }
  return borders;
}
