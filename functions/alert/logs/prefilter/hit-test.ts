import { BRACKETS, foldedWord, SEPARATORS, type Window, type Windows, WORD, wordsOf } from './scan-tables.ts';

const BACKSLASH = 0x5c;
const CLOSE_OBJECT = 0x7d;

/** A literal as bytes: its plain stretches, which of them is searched for, and what is between each two. */
type Literal = {
  readonly texts: readonly Buffer[];
  readonly sought: number;
  readonly gaps: readonly (readonly EscapedBytes[])[];
};
type EscapedBytes = { readonly least: number; readonly most: number; readonly ends: Buffer };

/** Literals by the words of four bytes with which they begin. */
type Node = { readonly literals: Literal[]; readonly next: Map<number, Node> };

/** Decides whether what a scan found is a literal, an escape of one of its characters, or a second value. */
export class HitTest {
  /** Literals compared with what was found, so far. */
  compared = 0;
  readonly #units: ReadonlySet<number>;
  readonly #short: readonly { readonly literal: Literal; readonly at: number }[];
  /** By a word that is probed for: how far before it a literal may begin. */
  readonly #distances = new Map<number, number[]>();
  readonly #tree: Node = { literals: [], next: new Map() };

  constructor({ short, long }: Windows, units: ReadonlySet<number>) {
    this.#units = units;
    this.#short = short.map(window => ({ literal: literalOf(window), at: window.at }));
    for (const window of long) {
      const literal = literalOf(window);
      this.#plant(literal);
      for (const { word, offset } of wordsOf(window)) {
        const distances = this.#distances.get(word) ?? [];
        if (!distances.includes(window.at + offset))
          this.#distances.set(word, [...distances, window.at + offset]);
      }
    }
  }

  /** What `find` found; a second value only if `orValue`. */
  isHit(bytes: Buffer, at: number, orValue: boolean): boolean {
    const byte = bytes[at]!;
    if (byte === BACKSLASH && this.#units.has(escapedAt(bytes, at + 2))) return true;
    if (byte === CLOSE_OBJECT && orValue && beginsValue(bytes, at + 1, bytes.length)) return true;
    for (const { literal, at: offset } of this.#short) {
      this.compared++;
      if (isAt(literal, bytes, at - offset)) return true;
    }
    return false;
  }

  /** What `probe` found. */
  isWord(bytes: Buffer, at: number): boolean {
    for (const distance of this.#distances.get(foldedWord(bytes, at)) ?? NONE) {
      let node: Node | undefined = this.#tree;
      for (let from = at - distance; node !== undefined && from >= 0; from += WORD) {
        for (const literal of node.literals) {
          this.compared++;
          // A shorter one that ends before the word was found already, perhaps in another line.
          const isShorter = literal.texts[literal.sought]!.length < distance + WORD;
          if (!isShorter && isAt(literal, bytes, at - distance)) return true;
        }
        node = node.next.get(foldedWord(bytes, from));
      }
    }
    return false;
  }

  #plant(literal: Literal): void {
    const text = literal.texts[literal.sought]!;
    let node = this.#tree;
    for (let at = 0; at + WORD <= text.length; at += WORD) {
      const word = foldedWord(text, at);
      const next = node.next.get(word) ?? { literals: [], next: new Map() };
      node.next.set(word, next);
      node = next;
    }
    node.literals.push(literal);
  }
}

const NONE: readonly number[] = [];

/** Whether the first of these bytes that is not a separator begins an object or array. */
export function beginsValue(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && SEPARATORS.includes(bytes[at]!)) at++;
  return at < to && BRACKETS.includes(bytes[at]!);
}

/** Whether the last of these bytes that is not a separator closes an object; `before` if there is none. */
export function endsObject(bytes: Buffer, from: number, to: number, before: boolean): boolean {
  let at = to - 1;
  while (at >= from && SEPARATORS.includes(bytes[at]!)) at--;
  return at < from ? before : bytes[at] === CLOSE_OBJECT;
}

function literalOf({ pattern, plain }: Window): Literal {
  return {
    texts: pattern.plains.map(foldedText),
    sought: pattern.plains.indexOf(plain),
    gaps: pattern.gaps.map(gap => gap.map(({ ends, ...run }) => ({ ...run, ends: foldedText(ends) }))),
  };
}

function foldedText(text: string): Buffer {
  return Buffer.from(text, 'latin1').map(folded) as Buffer;
}

/** Whether the literal is where the stretch that is searched for begins at `start`. */
function isAt({ texts, sought, gaps }: Literal, bytes: Buffer, start: number): boolean {
  if (!isText(texts[sought]!, bytes, start)) return false;
  let at = start + texts[sought]!.length;
  for (let index = sought; index < gaps.length; index++) {
    for (const { least, most, ends } of gaps[index]!) {
      const run = backslashes(bytes, at, 1, most);
      at += run;
      if (run < least || run > most || (ends.length > 0 && !ends.includes(folded(bytes[at++] ?? 0))))
        return false;
    }
    if (!isText(texts[index + 1]!, bytes, at)) return false;
    at += texts[index + 1]!.length;
  }
  at = start;
  for (let index = sought - 1; index >= 0; index--) {
    for (const { least, most, ends } of gaps[index]!.toReversed()) {
      if (ends.length > 0 && !ends.includes(folded(bytes[--at] ?? 0))) return false;
      const run = backslashes(bytes, at - 1, -1, most);
      at -= run;
      if (run < least || run > most) return false;
    }
    at -= texts[index]!.length;
    if (!isText(texts[index]!, bytes, at)) return false;
  }
  return true;
}

function isText(text: Buffer, bytes: Buffer, start: number): boolean {
  if (start < 0 || start + text.length > bytes.length) return false;
  for (let index = 0; index < text.length; index++)
    if (folded(bytes[start + index]!) !== text[index]) return false;
  return true;
}

/** How many there are from here on, in one direction; one more than `most` stands for any more. */
function backslashes(bytes: Buffer, from: number, direction: 1 | -1, most: number): number {
  let count = 0;
  while (count <= most && bytes[from + direction * count] === BACKSLASH) count++;
  return count;
}

function folded(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** The unit of which these four hexadecimal digits are; -1 if they are something else. */
function escapedAt(bytes: Buffer, at: number): number {
  let unit = 0;
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index]! | 0x20;
    const digit = byte <= 0x39 ? byte - 0x30 : byte - 0x57;
    if (!(digit >= 0 && digit < 16) || (byte > 0x39 && digit < 10)) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}
