// Deflate (RFC 1951) with the tables and the loop of libdeflate's kind: codes of up to eleven bits are one look-up,
// input is taken eight bytes at a time, matches are copied sixteen bytes at a time.

import {
  at,
  beginInput,
  bits,
  copyBytes,
  count,
  end,
  INPUT,
  refill,
  setInput,
  settle,
  takeBits,
} from './deflate-input';
import {
  BLOCK_END,
  DISTANCE_BITS,
  DISTANCES,
  LENGTHS,
  LITERAL,
  LITERAL_BITS,
  LITERALS,
  makeFixedTables,
  makeTable,
  makeTables,
  OF_LENGTHS,
  PRECODE,
  PRECODE_BITS,
  SPECIAL,
  SUBTABLE,
} from './deflate-tables';

export { feed, INPUT, INPUT_SIZE, used } from './deflate-input';

/** What a call ended with. */
const MORE: i32 = 0; // all input was used
const FULL: i32 = 1; // the output has to be taken
const DONE: i32 = 2; // the last block has ended
const BROKEN: i32 = 3; // the data is not deflate from here on

/** The output is behind the input, and in front of it the 32 KB that a match may refer to. */
const WINDOW: usize = 0x8000;
export const OUTPUT: usize = 0x30000;
const OUTPUT_SIZE: usize = 0x40000;

const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

const HEADER: i32 = 0;
const STORED: i32 = 1;
const CODED: i32 = 2;
const ENDED: i32 = 3;

let state: i32 = HEADER;
let isLast: bool = false;
let storedLeft: u32 = 0;
let out: usize = OUTPUT;
/** The first byte that a match may refer to. */
let oldest: usize = OUTPUT;

/** Begins a stream. */
export function begin(): void {
  state = HEADER;
  isLast = false;
  out = OUTPUT;
  oldest = OUTPUT;
  beginInput();
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

export function run(): i32 {
  while (state !== ENDED) {
    if (state === CODED) {
      const status = decode();
      if (status >= 0) return status;
    } else if (state === STORED) {
      const room = OUTPUT + OUTPUT_SIZE - out;
      const n = copyBytes(out, <usize>storedLeft < room ? <usize>storedLeft : room);
      out += n;
      storedLeft -= <u32>n;
      if (storedLeft > 0) return at === end ? MORE : FULL;
    } else {
      const savedBits = bits;
      const savedCount = count;
      const savedAt = at;
      const isSound = header();
      const isThere = settle();
      if (!isThere) {
        setInput(savedBits, savedCount, savedAt);
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
    makeFixedTables();
    return true;
  }
  return type === 2 && dynamic();
}

function dynamic(): bool {
  const literals = takeBits(5) + 257;
  const distances = takeBits(5) + 1;
  const given = takeBits(4) + 4;
  if (literals > 286 || distances > 30) return false;
  memory.fill(LENGTHS, 0, 19);
  for (let index: u32 = 0; index < given; index++) {
    if (count < 3) refill();
    store<u8>(LENGTHS + load<u8>(ORDER + index), <u8>takeBits(3));
  }
  if (!makeTable(LENGTHS, 19, PRECODE, PRECODE_BITS, OF_LENGTHS)) return false;
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
    const times = symbol === 16 ? 3 + takeBits(2) : symbol === 17 ? 3 + takeBits(3) : 11 + takeBits(7);
    if ((symbol === 16 && index === 0) || index + times > total) return false;
    const repeated = symbol === 16 ? load<u8>(LENGTHS + index - 1) : 0;
    memory.fill(LENGTHS + index, repeated, times);
    index += times;
  }
  return load<u8>(LENGTHS + 256) !== 0 && makeTables(literals, distances);
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
  setInput(b, n, i);
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
      setInput(savedBits, savedCount, savedAt);
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
