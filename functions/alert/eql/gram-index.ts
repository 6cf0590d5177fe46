/**
 * Which of many texts could occur in another, each known by four units of it: the cost depends on the length of that
 * other text and not on their number. ASCII case-insensitive.
 */
export class GramIndex {
  readonly #ids = new Map<number, number[]>();
  /** A bit for each of 65,536 classes of grams; at most positions of a text, this is enough. */
  readonly #bits = new Uint32Array(2048);

  add(gram: number, id: number): void {
    const ids = this.#ids.get(gram);
    if (ids === undefined) this.#ids.set(gram, [id]);
    else if (!ids.includes(id)) ids.push(id);
    this.#bits[classOf(gram) >>> 5]! |= 1 << (classOf(gram) & 31);
  }

  /** Calls `take` for each gram that is in the text, as often as it is, with the position behind it. */
  visit(text: string, take: (ids: readonly number[], end: number) => void): void {
    const bits = this.#bits;
    let gram = 0;
    for (let at = 0; at < text.length; at++) {
      gram = (gram << 8) | FOLDED[text.charCodeAt(at) & 0xff]!;
      const bit = classOf(gram);
      if ((bits[bit >>> 5]! & (1 << (bit & 31))) === 0) continue;
      const ids = this.#ids.get(gram);
      if (ids !== undefined) take(ids, at + 1);
    }
  }
}

/** Units of a gram: a shorter text has none. */
export const GRAM = 4;

/** The number of texts that contain a gram. */
export type GramCounts = ReadonlyMap<number, number>;

export function gramCounts(texts: readonly string[]): GramCounts {
  const counts = new Map(EVERYWHERE);
  for (const gram of gramsOf(texts)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
}

/** The place behind that gram in a text. */
export function endOfGram(text: string, gram: number): number {
  return gramsOf([text]).indexOf(gram) + GRAM;
}

/** The gram that the fewest texts have, the last of several: paths begin alike. At least one text is long enough. */
export function rarestGram(texts: readonly string[], counts: GramCounts): number {
  return gramsOf(texts).reduce((one, other) => (counts.get(other)! <= counts.get(one)! ? other : one));
}

/** By the low byte of a unit, in lower case: texts that are equal ASCII case-insensitively have equal grams. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, unit) =>
  unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit,
);

function classOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> 16;
}

/** Parts of many paths: a gram of these selects nothing. */
const EVERYWHERE: ReadonlyMap<number, number> = new Map(
  gramsOf([
    'hklm\\software\\microsoft\\windows nt\\currentversion\\ hkey_users\\s-1-5-21-classes\\registry\\machine\\',
    'system\\currentcontrolset001\\services\\control\\ c:\\program files (x86)\\common files\\windows\\system32\\',
    'c:\\users\\appdata\\local\\programdata\\roaming\\temp\\syswow64\\wow6432node\\.exe.dll /usr/bin/lib/local/',
  ]).map(gram => [gram, 1000]),
);

function gramsOf(texts: readonly string[]): number[] {
  return texts.flatMap(text => {
    const grams: number[] = [];
    let gram = 0;
    for (let at = 0; at < text.length; at++) {
      gram = (gram << 8) | FOLDED[text.charCodeAt(at) & 0xff]!;
      if (at >= GRAM - 1) grams.push(gram);
    }
    return grams;
  });
}
