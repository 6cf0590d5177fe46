// Deflate (RFC 1951) with the tables and the loop of libdeflate's kind: codes of up to eleven bits are one look-up,
// input is taken eight bytes at a time, matches are copied sixteen bytes at a time.

/** What a call ended with. */
const MORE: i32 = 0; // all input was used
const FULL: i32 = 1; // the output has to be taken
const DONE: i32 = 2; // the last block has ended
const BROKEN: i32 = 3; // the data is not deflate from here on

// The memory: tables, input, output. The output is preceded by the 32 KB that a match may refer to.
const LITERALS: usize = 0x1000;
const DISTANCES: usize = 0x3800;
const PRECODE: usize = 0x4000;
const LENGTHS: usize = 0x4400;
const SORTED: usize = 0x4600;
export const INPUT: usize = 0x5000;
export const INPUT_SIZE: usize = 0x20000;
const WINDOW: usize = 0x8000;
export const OUTPUT: usize = 0x30000;
export const OUTPUT_SIZE: usize = 0x40000;

const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;
const PRECODE_BITS: u32 = 7;

// An entry takes so many bits (0-7). A literal entry has one or two bytes (8-23) and their number (24-25); any other the
// bits of its code alone (8-11), flags, and a base, a symbol or the place of a subtable (16-30).
const LITERAL: u32 = 0x80000000;
const SPECIAL: u32 = 0x8000;
const SUBTABLE: u32 = 0x4000;
const BLOCK_END: u32 = 0x2000;

const LENGTH_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]);
const LENGTH_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
const COUNTS = memory.data(64, 4);
const STARTS = memory.data(64, 4);

const HEADER: i32 = 0;
const STORED: i32 = 1;
const CODED: i32 = 2;
const ENDED: i32 = 3;

let state: i32 = HEADER;
let isLast: bool = false;
let storedLeft: u32 = 0;
let bits: u64 = 0;
let count: u32 = 0;
let at: usize = 0;
let end: usize = 0;
let out: usize = OUTPUT;
/** The first byte that a match may refer to. */
let oldest: usize = OUTPUT;
/** Which codes the tables hold. */
let hasFixed: bool = false;

/** Begins a stream. */
export function begin(): void {
  state = HEADER;
  isLast = false;
  bits = 0;
  count = 0;
  at = INPUT;
  end = INPUT;
  out = OUTPUT;
  oldest = OUTPUT;
}

/** Bytes of output made and not yet taken. */
export function made(): i32 {
  return i32(out - OUTPUT);
}

/** Takes the output: the window before it is what the next matches refer to. */
export function take(): void {
  const length = out - OUTPUT;
  const known = out - oldest;
  const kept = known < WINDOW ? known : WINDOW;
  memory.copy(OUTPUT - kept, out - kept, kept);
  oldest = OUTPUT - kept;
  out -= length;
}

/** Where in the input the first byte is that was not used; whole bytes that were read ahead are given back. */
export function used(): i32 {
  return i32(at - INPUT);
}

/** Says that the input is so many bytes from INPUT, of which the first is the first unused. */
export function feed(length: i32): void {
  at = INPUT;
  end = INPUT + length;
  // Behind the end, zeros are read and then found to be too many.
  store<u64>(end, 0);
  store<u64>(end + 8, 0);
}

function refill(): void {
  bits |= load<u64>(at) << (<u64>count);
  at += (63 - count) >> 3;
  count |= 56;
}

/** Gives back whole bytes; `false` if more were used than there are. */
function settle(): bool {
  at -= count >> 3;
  count &= 7;
  bits &= ((<u64>1) << (<u64>count)) - 1;
  return at <= end;
}

function takeBits(n: u32): u32 {
  const value = <u32>bits & ((1 << n) - 1);
  bits >>= <u64>n;
  count -= n;
  return value;
}

export function run(): i32 {
  while (state !== ENDED) {
    if (state === CODED) {
      const status = decode();
      if (status >= 0) return status;
    } else if (state === STORED) {
      const room = OUTPUT + OUTPUT_SIZE - out;
      let n: usize = storedLeft;
      if (n > end - at) n = end - at;
      if (n > room) n = room;
      memory.copy(out, at, n);
      out += n;
      at += n;
      storedLeft -= <u32>n;
      if (storedLeft > 0) return at === end ? MORE : FULL;
    } else {
      const savedBits = bits;
      const savedCount = count;
      const savedAt = at;
      const isSound = header();
      const isThere = settle();
      if (!isThere) {
        bits = savedBits;
        count = savedCount;
        at = savedAt;
        state = HEADER;
        return MORE;
      }
      if (!isSound) return BROKEN;
      continue;
    }
    state = isLast ? ENDED : HEADER;
  }
  return DONE;
}

/** `false`: no block begins like this, if the bits were there. */
function header(): bool {
  refill();
  isLast = takeBits(1) === 1;
  const type = takeBits(2);
  if (type === 0) {
    takeBits(count & 7);
    const length = takeBits(16);
    if (takeBits(16) !== (length ^ 0xffff)) return false;
    storedLeft = length;
    state = STORED;
    return true;
  }
  state = CODED;
  if (type === 1) {
    if (hasFixed) return true;
    memory.fill(LENGTHS, 8, 144);
    memory.fill(LENGTHS + 144, 9, 112);
    memory.fill(LENGTHS + 256, 7, 24);
    memory.fill(LENGTHS + 280, 8, 8);
    makeTable(LENGTHS, 288, LITERALS, LITERAL_BITS, 0);
    memory.fill(LENGTHS, 5, 32);
    makeTable(LENGTHS, 32, DISTANCES, DISTANCE_BITS, 1);
    hasFixed = true;
    return true;
  }
  return type === 2 && dynamic();
}

function dynamic(): bool {
  hasFixed = false;
  const literals = takeBits(5) + 257;
  const distances = takeBits(5) + 1;
  const given = takeBits(4) + 4;
  if (literals > 286 || distances > 30) return false;
  memory.fill(LENGTHS, 0, 19);
  for (let index: u32 = 0; index < given; index++) {
    if (count < 3) refill();
    store<u8>(LENGTHS + load<u8>(ORDER + index), <u8>takeBits(3));
  }
  if (!makeTable(LENGTHS, 19, PRECODE, PRECODE_BITS, 2)) return false;
  const total = literals + distances;
  for (let index: u32 = 0; index < total; ) {
    // An input that has ended goes on in zeros, but not without end.
    if (at > end + 8) return true;
    if (count < 14) refill();
    const entry = load<u32>(PRECODE + ((<u32>bits & 127) << 2));
    takeBits(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(LENGTHS + index++, <u8>symbol);
      continue;
    }
    if (symbol === 16 && index === 0) return false;
    const repeated = symbol === 16 ? load<u8>(LENGTHS + index - 1) : 0;
    const times = symbol === 16 ? 3 + takeBits(2) : symbol === 17 ? 3 + takeBits(3) : 11 + takeBits(7);
    if (index + times > total) return false;
    memory.fill(LENGTHS + index, repeated, times);
    index += times;
  }
  if (load<u8>(LENGTHS + 256) === 0) return false;
  if (!makeTable(LENGTHS, literals, LITERALS, LITERAL_BITS, 0)) return false;
  pairLiterals();
  return makeTable(LENGTHS + literals, distances, DISTANCES, DISTANCE_BITS, 1);
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
  if (kind === 2) return symbol << 16;
  if (kind === 1) {
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
function makeTable(lengths: usize, symbols: u32, table: usize, tableBits: u32, kind: i32): bool {
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
    if (kind === 2 || codes !== load<u32>(COUNTS + 4)) return false;
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
      const value = entry + (kind === 0 && (entry & LITERAL) !== 0 ? length : length | (length << 8));
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
      const value = entry + (kind === 0 && (entry & LITERAL) !== 0 ? rest : rest | (rest << 8));
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
function decodeFast(): i32 {
  const limit = OUTPUT + OUTPUT_SIZE;
  if (end - INPUT < 32 || at >= end - 32 || out >= limit) return -2;
  const fastEnd = end - 32;
  const first = oldest;
  let b = bits;
  let n = count;
  let i = at;
  let o = out;
  let status: i32 = -2;
  b |= load<u64>(i) << (<u64>n);
  i += (63 - n) >> 3;
  n |= 56;
  let entry = load<u32>(LITERALS + ((<u32>b & 2047) << 2));
  for (;;) {
    if ((entry & LITERAL) !== 0) {
      b >>= <u64>entry;
      n -= entry & 0xff;
      store<u16>(o, <u16>(entry >> 8));
      o += (entry >> 24) & 3;
      entry = load<u32>(LITERALS + ((<u32>b & 2047) << 2));
      if ((entry & LITERAL) !== 0) {
        b >>= <u64>entry;
        n -= entry & 0xff;
        store<u16>(o, <u16>(entry >> 8));
        o += (entry >> 24) & 3;
        entry = load<u32>(LITERALS + ((<u32>b & 2047) << 2));
        if ((entry & LITERAL) !== 0) {
          b >>= <u64>entry;
          n -= entry & 0xff;
          store<u16>(o, <u16>(entry >> 8));
          o += (entry >> 24) & 3;
          if (i >= fastEnd || o >= limit) break;
          entry = load<u32>(LITERALS + ((<u32>b & 2047) << 2));
          b |= load<u64>(i) << (<u64>n);
          i += (63 - n) >> 3;
          n |= 56;
          continue;
        }
      }
    }
    if ((entry & SPECIAL) !== 0) {
      if ((entry & SUBTABLE) !== 0) {
        b >>= <u64>LITERAL_BITS;
        n -= LITERAL_BITS;
        entry = load<u32>(LITERALS + (((entry >> 16) + (<u32>b & ((1 << ((entry >> 8) & 15)) - 1))) << 2));
        if ((entry & LITERAL) !== 0) {
          b >>= <u64>entry;
          n -= entry & 0xff;
          store<u8>(o++, <u8>(entry >> 8));
          if (i >= fastEnd || o >= limit) break;
          b |= load<u64>(i) << (<u64>n);
          i += (63 - n) >> 3;
          n |= 56;
          entry = load<u32>(LITERALS + ((<u32>b & 2047) << 2));
          continue;
        }
      }
      if ((entry & SPECIAL) !== 0) {
        b >>= <u64>entry;
        n -= entry & 0xff;
        status = (entry & BLOCK_END) !== 0 ? -1 : BROKEN;
        break;
      }
    }
    const lengthBits = b;
    b >>= <u64>entry;
    n -= entry & 0xff;
    const length: usize =
      (entry >> 16) + <u32>((lengthBits & (((<u64>1) << (<u64>entry)) - 1)) >> <u64>((entry >> 8) & 15));
    entry = load<u32>(DISTANCES + ((<u32>b & 255) << 2));
    b |= load<u64>(i) << (<u64>n);
    i += (63 - n) >> 3;
    n |= 56;
    if ((entry & SPECIAL) !== 0) {
      if ((entry & SUBTABLE) !== 0) {
        b >>= <u64>DISTANCE_BITS;
        n -= DISTANCE_BITS;
        entry = load<u32>(DISTANCES + (((entry >> 16) + (<u32>b & ((1 << ((entry >> 8) & 15)) - 1))) << 2));
      }
      if ((entry & SPECIAL) !== 0) {
        status = BROKEN;
        break;
      }
    }
    const distanceBits = b;
    b >>= <u64>entry;
    n -= entry & 0xff;
    const distance: usize =
      (entry >> 16) + <u32>((distanceBits & (((<u64>1) << (<u64>entry)) - 1)) >> <u64>((entry >> 8) & 15));
    if (distance > o - first) {
      status = BROKEN;
      break;
    }
    entry = load<u32>(LITERALS + ((<u32>b & 2047) << 2));
    b |= load<u64>(i) << (<u64>n);
    i += (63 - n) >> 3;
    n |= 56;
    const stop = o + length;
    let from = o - distance;
    if (distance >= 16) {
      v128.store(o, v128.load(from));
      if (length > 16) {
        v128.store(o, v128.load(from, 16), 16);
        for (let to = o + 32; to < stop; to += 16) v128.store(to, v128.load(to - distance));
      }
    } else if (distance === 1) {
      const same = i8x16.splat(load<u8>(from));
      for (let to = o; to < stop; to += 16) v128.store(to, same);
    } else {
      for (let to = o; to < stop; to++) store<u8>(to, load<u8>(from++));
    }
    o = stop;
    if (i >= fastEnd || o >= limit) break;
  }
  bits = b;
  count = n;
  at = i;
  out = o;
  settle();
  return status;
}

/** Decodes symbols until the block, the input or the room for output ends; -1: the block has ended. */
function decode(): i32 {
  const fast = decodeFast();
  if (fast !== -2) return fast;
  while (out < OUTPUT + OUTPUT_SIZE) {
    const savedBits = bits;
    const savedCount = count;
    const savedAt = at;
    const status = symbol();
    if (!settle()) {
      bits = savedBits;
      count = savedCount;
      at = savedAt;
      return MORE;
    }
    if (status !== 0) return status;
    out += pending;
  }
  return FULL;
}

let pending: usize = 0;

/** One symbol: 0, or as decode. Its output counts once all its bits are known to be there. */
function symbol(): i32 {
  refill();
  let entry = load<u32>(LITERALS + ((<u32>bits & 2047) << 2));
  if ((entry & (LITERAL | SUBTABLE)) === SUBTABLE) {
    takeBits(LITERAL_BITS);
    entry = load<u32>(LITERALS + (((entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))) << 2));
  }
  if ((entry & LITERAL) !== 0) {
    const first = (entry >> 26) & 15;
    takeBits(first > 0 ? first : entry & 0xff);
    store<u8>(out, <u8>(entry >> 8));
    pending = 1;
    return 0;
  }
  const length = (entry >> 16) + (takeBits(entry & 0xff) >> ((entry >> 8) & 15));
  if ((entry & SPECIAL) !== 0) return (entry & BLOCK_END) !== 0 ? -1 : BROKEN;
  refill();
  entry = load<u32>(DISTANCES + ((<u32>bits & 255) << 2));
  if ((entry & SUBTABLE) !== 0) {
    takeBits(DISTANCE_BITS);
    entry = load<u32>(DISTANCES + (((entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))) << 2));
  }
  const distance: usize = (entry >> 16) + (takeBits(entry & 0xff) >> ((entry >> 8) & 15));
  if ((entry & SPECIAL) !== 0 || distance > out - oldest) return BROKEN;
  for (let index: usize = 0; index < length; index++)
    store<u8>(out + index, load<u8>(out + index - distance));
  pending = length;
  return 0;
}
