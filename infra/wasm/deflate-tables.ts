// The tables that deflate's codes are looked up in.

// In memory behind what the compiler places: tables, and what they are made of.
export const LITERALS: usize = 0x1000;
export const DISTANCES: usize = 0x3800;
export const PRECODE: usize = 0x4000;
export const LENGTHS: usize = 0x4400;
const SORTED: usize = 0x4600;

export const LITERAL_BITS: u32 = 11;
export const DISTANCE_BITS: u32 = 8;
export const PRECODE_BITS: u32 = 7;

// An entry takes so many bits (0-7). A literal entry has one or two bytes (8-23) and their number (24-25); any other the
// bits of its code alone (8-11), flags, and a base, a symbol or the place of a subtable (16-30).
export const LITERAL: u32 = 0x80000000;
export const SPECIAL: u32 = 0x8000;
export const SUBTABLE: u32 = 0x4000;
export const BLOCK_END: u32 = 0x2000;

// What the symbols of a table are.
export const OF_LITERALS: i32 = 0;
export const OF_DISTANCES: i32 = 1;
export const OF_LENGTHS: i32 = 2;

const LENGTH_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]);
const LENGTH_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const COUNTS = memory.data(64, 4);
const STARTS = memory.data(64, 4);

/** Which codes the tables hold. */
let hasFixed: bool = false;

/** The codes that need no header. */
export function makeFixedTables(): void {
  if (hasFixed) return;
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  makeTable(LENGTHS, 288, LITERALS, LITERAL_BITS, OF_LITERALS);
  memory.fill(LENGTHS, 5, 32);
  makeTable(LENGTHS, 32, DISTANCES, DISTANCE_BITS, OF_DISTANCES);
  hasFixed = true;
}

/** The codes of a block, from the lengths that its header gives; `false` where zlib refuses them. */
export function makeTables(literals: u32, distances: u32): bool {
  hasFixed = false;
  if (!makeTable(LENGTHS, literals, LITERALS, LITERAL_BITS, OF_LITERALS)) return false;
  pairLiterals();
  return makeTable(LENGTHS + literals, distances, DISTANCES, DISTANCE_BITS, OF_DISTANCES);
}

/** Two literals whose codes fit in one look-up become one entry. Downwards, so that the second is still a single one. */
function pairLiterals(): void {
  for (let index: i32 = (1 << LITERAL_BITS) - 1; index >= 0; index--) {
    const one = load<u32>(LITERALS + (index << 2));
    if ((one & LITERAL) === 0) continue;
    const other = load<u32>(LITERALS + ((index >> (one & 0xff)) << 2));
    const both = (one & 0xff) + (other & 0xff);
    if ((other & LITERAL) === 0 || both > LITERAL_BITS) continue;
    store<u32>(
      LITERALS + (index << 2),
      LITERAL | ((one & 0xff) << 26) | (2 << 24) | ((other & 0xff00) << 8) | (one & 0xff00) | both,
    );
  }
}

function entryOf(kind: i32, symbol: u32): u32 {
  if (kind === OF_LENGTHS) return symbol << 16;
  if (kind === OF_DISTANCES) {
    if (symbol > 29) return SPECIAL;
    if (symbol < 4) return (symbol + 1) << 16;
    const extra = (symbol >> 1) - 1;
    return ((((2 + (symbol & 1)) << extra) + 1) << 16) | extra;
  }
  if (symbol < 256) return LITERAL | (1 << 24) | (symbol << 8);
  if (symbol === 256) return SPECIAL | BLOCK_END;
  if (symbol > 285) return SPECIAL;
  return (
    ((<u32>load<u16>(LENGTH_BASE + ((symbol - 257) << 1))) << 16) | load<u8>(LENGTH_EXTRA + symbol - 257)
  );
}

/** Makes the table of a code from its lengths; `false` where zlib refuses it. */
export function makeTable(lengths: usize, symbols: u32, table: usize, tableBits: u32, kind: i32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const slot = COUNTS + ((<u32>load<u8>(lengths + symbol)) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  const unused = load<u32>(COUNTS);
  store<u32>(COUNTS, 0);
  let left: i32 = 1;
  let start: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const n = load<u32>(COUNTS + (length << 2));
    left = (left << 1) - n;
    if (left < 0) return false;
    store<u32>(STARTS + (length << 2), start);
    start += n;
  }
  const size: u32 = 1 << tableBits;
  const codes = symbols - unused;
  if (left > 0) {
    // zlib accepts an incomplete code of one bit, or none; what has no code is found when it occurs.
    if (kind === OF_LENGTHS || codes !== load<u32>(COUNTS + 4)) return false;
    for (let index: u32 = 0; index < size; index++) store<u32>(table + (index << 2), SPECIAL | 0x101);
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length === 0) continue;
    const slot = STARTS + (length << 2);
    const place = load<u32>(slot);
    store<u32>(slot, place + 1);
    store<u16>(SORTED + (place << 1), <u16>symbol);
  }
  let code: u32 = 0;
  let length: u32 = 1;
  let prefix: u32 = 0xffffffff;
  let sub: u32 = 0;
  let subBits: u32 = 0;
  let next: u32 = size;
  for (let place: u32 = 0; place < codes; place++) {
    while (load<u32>(COUNTS + (length << 2)) === 0) {
      length++;
      code <<= 1;
    }
    const entry = entryOf(kind, load<u16>(SORTED + (place << 1)));
    const reversed = reverse(code, length);
    if (length <= tableBits) {
      const value =
        entry + (kind === OF_LITERALS && (entry & LITERAL) !== 0 ? length : length | (length << 8));
      for (let index = reversed; index < size; index += 1 << length) store<u32>(table + (index << 2), value);
    } else {
      const low = reversed & (size - 1);
      if (low !== prefix) {
        prefix = low;
        sub = next;
        // As many bits as the codes with this beginning need.
        subBits = length - tableBits;
        let room: i32 = 1 << subBits;
        for (;;) {
          room -= load<u32>(COUNTS + ((subBits + tableBits) << 2));
          if (room <= 0 || subBits + tableBits === 15) break;
          subBits++;
          room <<= 1;
        }
        next += 1 << subBits;
        store<u32>(table + (low << 2), (sub << 16) | SPECIAL | SUBTABLE | (subBits << 8) | tableBits);
      }
      const rest = length - tableBits;
      const value = entry + (kind === OF_LITERALS && (entry & LITERAL) !== 0 ? rest : rest | (rest << 8));
      for (let index = reversed >> tableBits; index < <u32>(1 << subBits); index += 1 << rest)
        store<u32>(table + ((sub + index) << 2), value);
    }
    store<u32>(COUNTS + (length << 2), load<u32>(COUNTS + (length << 2)) - 1);
    code++;
  }
  return true;
}

function reverse(code: u32, length: u32): u32 {
  let value: u32 = 0;
  for (let bit: u32 = 0; bit < length; bit++) value |= ((code >> bit) & 1) << (length - 1 - bit);
  return value;
}

/** The same without a look at each symbol, while input and room for output are plenty; -2: they are not. */
