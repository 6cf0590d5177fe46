// What of a record's bytes decides how it is decoded, sixteen bytes at a time. See logs/decoding/record-signs.ts.

/** Where the record is; behind it are at least 32 bytes that are zero. */
export const RECORD: usize = 0x400;

const LONG_DIGITS: i32 = 1;
const ESCAPE: i32 = 2;
const QUOTE: i32 = 4;

/** The signs, a bit each; from bit 3 on the keys of an event, at most 15; from bit 7 on the brackets. */
export function look(length: i32): i32 {
  const end = RECORD + length;
  let open: i32 = 0;
  let keys: i32 = 0;
  let signs: i32 = 0;
  let run: i32 = 0;
  for (let at = RECORD; at < end; at += 16) {
    const bytes = v128.load(at);
    const next = v128.load(at, 1);
    // An opening brace and an opening bracket differ in one bit.
    open += popcnt<i32>(i8x16.bitmask(i8x16.eq(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x7b))));
    const digits = i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9)));
    if (digits === 0xffff) run += 16;
    else {
      const first = ctz<i32>(~digits);
      if (run + first >= 16 && mayBeNumber(at - run)) signs |= LONG_DIGITS;
      run = clz<i32>(~digits << 16);
    }
    const backslashes = i8x16.eq(bytes, i8x16.splat(0x5c));
    if (v128.any_true(backslashes)) {
      if (v128.any_true(v128.and(backslashes, i8x16.eq(next, i8x16.splat(0x22))))) signs |= QUOTE;
      for (
        let left = i8x16.bitmask(v128.and(backslashes, i8x16.eq(next, i8x16.splat(0x75))));
        left !== 0;
        left &= left - 1
      )
        if (isHex(at + ctz<i32>(left) + 2)) signs |= ESCAPE;
    }
    const quoted = v128.and(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(next, i8x16.splat(0x65)));
    for (let left = i8x16.bitmask(quoted); left !== 0; left &= left - 1)
      if (isEventKey(at + ctz<i32>(left), end)) keys++;
  }
  if (run >= 16 && mayBeNumber(end - run)) signs |= LONG_DIGITS;
  return signs | ((keys < 15 ? keys : 15) << 3) | (open << 7);
}

/** Whether a number may begin at these digits, or behind its sign: it does not within a word. */
function mayBeNumber(digits: usize): bool {
  const before = load<u8>(digits - 1);
  return before <= 0x20 || before === 0x2c || before === 0x2d || before === 0x3a || before === 0x5b;
}

/** Four hexadecimal digits. */
function isHex(at: usize): bool {
  for (let index: usize = 0; index < 4; index++) {
    const byte = load<u8>(at + index);
    const letter = byte | 0x20;
    if (!((byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66))) return false;
  }
  return true;
}

/** `"event"` or `"event.category"`, the second quote at any depth of quoting, unless what follows ends a value. */
function isEventKey(quote: usize, end: usize): bool {
  if (load<u32>(quote, 1) !== 0x6e657665 || load<u8>(quote, 5) !== 0x74) return false;
  let at = quote + 6;
  if (load<u32>(at) === 0x7461632e && load<u32>(at, 4) === 0x726f6765 && load<u8>(at, 8) === 0x79) at += 9;
  while (at < end && load<u8>(at) === 0x5c) at++;
  if (load<u8>(at) !== 0x22) return false;
  const after = load<u8>(at, 1);
  return after !== 0x2c && after !== 0x7d && after !== 0x5d;
}
