/** The data ends, or is not deflate: decoding stops here. */
export class DeflateStop extends Error {
  override readonly name = 'DeflateStop';
}

/** Bits of deflate data, least significant first. */
export class Bits {
  readonly bytes: Uint8Array;
  /** Position in bits. */
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  take(count: number): number {
    if (this.at + count > this.bytes.length * 8) throw new DeflateStop('end');
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.at++)
      value |= ((this.bytes[this.at >> 3]! >> (this.at & 7)) & 1) << bit;
    return value;
  }
}

const LONGEST = 15;

/** A canonical Huffman code as the number of codes of each length and the symbols in code order. */
export type Code = { readonly counts: Uint16Array; readonly symbols: Uint16Array };

export function codeOf(lengths: Uint8Array, mayBeSingle: boolean): Code {
  const counts = new Uint16Array(LONGEST + 1);
  for (const length of lengths) counts[length]!++;
  let left = 1;
  for (let length = 1; length <= LONGEST; length++) {
    left = left * 2 - counts[length]!;
    if (left < 0) throw new DeflateStop('over-subscribed code');
  }
  const used = lengths.length - counts[0]!;
  // zlib accepts an incomplete code only if it is one code of one bit, or none at all.
  if (left > 0 && !(mayBeSingle && used <= 1 && used === counts[1])) throw new DeflateStop('incomplete code');
  const starts = new Uint16Array(LONGEST + 2);
  for (let length = 1; length <= LONGEST; length++) starts[length + 1] = starts[length]! + counts[length]!;
  const symbols = new Uint16Array(used);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length > 0) symbols[starts[length]!++] = symbol;
  }
  counts[0] = 0;
  return { counts, symbols };
}

export function symbolOf(bits: Bits, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST; length++) {
    code |= bits.take(1);
    const count = counts[length]!;
    if (code - count < first) return symbols[index + code - first]!;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new DeflateStop('no such code');
}

export type BlockCodes = { readonly literals: Code; readonly distances: Code };

const FIXED: BlockCodes = {
  literals: codeOf(
    Uint8Array.from({ length: 288 }, (_, symbol) =>
      symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
    ),
    false,
  ),
  distances: codeOf(new Uint8Array(32).fill(5), false),
};

/** The order in which a block's header gives the lengths of the code-length code. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export function fixedCodes(): BlockCodes {
  return FIXED;
}

export function dynamicCodes(bits: Bits): BlockCodes {
  const literalCount = bits.take(5) + 257;
  const distanceCount = bits.take(5) + 1;
  const given = bits.take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw new DeflateStop('too many codes');
  const ofLengths = new Uint8Array(19);
  for (let index = 0; index < given; index++) ofLengths[ORDER[index]!] = bits.take(3);
  const lengthCode = codeOf(ofLengths, false);
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let index = 0; index < lengths.length; ) {
    const symbol = symbolOf(bits, lengthCode);
    if (symbol < 16) {
      lengths[index++] = symbol;
      continue;
    }
    if (symbol === 16 && index === 0) throw new DeflateStop('nothing to repeat');
    const repeated = symbol === 16 ? lengths[index - 1]! : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (index + times > lengths.length) throw new DeflateStop('too many lengths');
    lengths.fill(repeated, index, index + times);
    index += times;
  }
  if (lengths[256] === 0) throw new DeflateStop('no end of block');
  return {
    literals: codeOf(lengths.subarray(0, literalCount), true),
    distances: codeOf(lengths.subarray(literalCount), true),
  };
}

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

export function matchLength(bits: Bits, symbol: number): number {
  const base = LENGTH_BASE[symbol - 257];
  if (base === undefined) throw new DeflateStop('no such length');
  return base + bits.take(LENGTH_BITS[symbol - 257]!);
}

export function matchDistance(bits: Bits, code: Code): number {
  const symbol = symbolOf(bits, code);
  if (symbol > 29) throw new DeflateStop('no such distance');
  if (symbol < 4) return symbol + 1;
  const extra = (symbol >> 1) - 1;
  return ((2 + (symbol & 1)) << extra) + 1 + bits.take(extra);
}
