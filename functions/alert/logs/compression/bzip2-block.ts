/** The input so far ends inside the block: more is needed. */
export const NEEDS_MORE = Symbol('needs more input');

/** The block is not bzip2. */
export class Bzip2Broken extends Error {
  override readonly name = 'Bzip2Broken';
}

/** Bits of bzip2 data, most significant first. */
export class HighBits {
  readonly bytes: Uint8Array;
  /** Position in bits. */
  at: number;
  /** Where to start again once there is more. */
  mark: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
    this.mark = at;
  }

  take(count: number): number {
    if (this.at + count > this.bytes.length * 8) throw NEEDS_MORE;
    let value = 0;
    for (let left = count; left > 0; ) {
      const free = 8 - (this.at & 7);
      const used = Math.min(free, left);
      const part = (this.bytes[this.at >> 3]! >> (free - used)) & ((1 << used) - 1);
      value = value * 2 ** used + part;
      this.at += used;
      left -= used;
    }
    return value;
  }
}

/** The Burrows-Wheeler transform of a block: for each position the byte and, above it, the position of the next one. */
export type Transform = { readonly links: Uint32Array; readonly count: number; readonly first: number };

const GROUP = 50;
const LONGEST = 20;

/** Decodes what follows a block's magic and checksum. Throws `NEEDS_MORE` or `Bzip2Broken`. */
export function readTransform(bits: HighBits, links: Uint32Array): Transform {
  if (bits.take(1) === 1) throw new Bzip2Broken('randomised blocks are obsolete');
  const origin = bits.take(24);
  const used = usedBytes(bits);
  const tableCount = bits.take(3);
  const selectorCount = bits.take(15);
  if (used.length === 0 || tableCount < 2 || tableCount > 6 || selectorCount === 0)
    throw new Bzip2Broken('header');
  const selectors = readSelectors(bits, selectorCount, tableCount);
  const tables = Array.from({ length: tableCount }, () => readTable(bits, used.length + 2));
  const count = readSymbols(bits, used, selectors, tables, links);
  if (origin >= count) throw new Bzip2Broken('origin');
  return { links, count, first: linkUp(links, count, origin) };
}

function usedBytes(bits: HighBits): Uint8Array {
  const ranges = bits.take(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) === 0) continue;
    const members = bits.take(16);
    for (let member = 0; member < 16; member++)
      if (members & (0x8000 >> member)) used.push(range * 16 + member);
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: HighBits, count: number, tableCount: number): Uint8Array {
  const recent = Uint8Array.from({ length: tableCount }, (_, table) => table);
  const selectors = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= tableCount) throw new Bzip2Broken('selector');
    const table = recent[place]!;
    recent.copyWithin(1, 0, place);
    recent[0] = table;
    selectors[index] = table;
  }
  return selectors;
}

type Table = { readonly counts: Uint16Array; readonly symbols: Uint16Array };

function readTable(bits: HighBits, size: number): Table {
  const lengths = new Uint8Array(size);
  let length = bits.take(5);
  for (let symbol = 0; symbol < size; symbol++) {
    for (;;) {
      if (length < 1 || length > LONGEST) throw new Bzip2Broken('code length');
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  const counts = new Uint16Array(LONGEST + 1);
  const symbols: number[] = [];
  for (let wanted = 1; wanted <= LONGEST; wanted++)
    for (let symbol = 0; symbol < size; symbol++)
      if (lengths[symbol] === wanted) {
        counts[wanted]!++;
        symbols.push(symbol);
      }
  return { counts, symbols: Uint16Array.from(symbols) };
}

function readSymbol(bits: HighBits, { counts, symbols }: Table): number {
  const { bytes } = bits;
  const end = bytes.length * 8;
  let { at } = bits;
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST; length++, at++) {
    if (at >= end) throw NEEDS_MORE;
    code |= (bytes[at >> 3]! >> (7 - (at & 7))) & 1;
    const count = counts[length]!;
    if (code - first < count) {
      bits.at = at + 1;
      return symbols[index + code - first]!;
    }
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new Bzip2Broken('no such code');
}

/** Undoes Huffman, run-length and move-to-front coding into `links`; returns the number of bytes. */
function readSymbols(
  bits: HighBits,
  used: Uint8Array,
  selectors: Uint8Array,
  tables: Table[],
  links: Uint32Array,
): number {
  const recent = used.slice();
  const end = used.length + 1;
  let count = 0;
  let run = 0;
  let unit = 1;
  for (let group = 0; group < selectors.length; group++) {
    const table = tables[selectors[group]!]!;
    for (let within = 0; within < GROUP; within++) {
      const symbol = readSymbol(bits, table);
      if (symbol <= 1) {
        run += unit << symbol;
        unit <<= 1;
        // Before the unit can overflow.
        if (count + run > links.length) throw new Bzip2Broken('block too long');
        continue;
      }
      if (run > 0) {
        links.fill(recent[0]!, count, count + run);
        count += run;
        run = 0;
        unit = 1;
      }
      if (symbol === end) return count;
      if (count >= links.length) throw new Bzip2Broken('block too long');
      const byte = recent[symbol - 1]!;
      recent.copyWithin(1, 0, symbol - 1);
      recent[0] = byte;
      links[count++] = byte;
    }
  }
  throw new Bzip2Broken('no end of block');
}

function linkUp(links: Uint32Array, count: number, origin: number): number {
  const starts = new Uint32Array(257);
  for (let index = 0; index < count; index++) starts[(links[index]! & 255) + 1]!++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte]!;
  for (let index = 0; index < count; index++) {
    const slot = starts[links[index]! & 255]!++;
    links[slot] = (links[slot]! | (index << 8)) >>> 0;
  }
  return links[origin]! >>> 8;
}
