// The bits of deflate data, least significant first.

/** Where input is put, and how much of it at once; in front of it are the tables. */
export const INPUT: usize = 0x5000;
export const INPUT_SIZE: usize = 0x20000;

/** Bits that were read ahead, and how many; the next byte, and the end of what is there. */
export let bits: u64 = 0;
export let count: u32 = 0;
export let at: usize = INPUT;
export let end: usize = INPUT;

export function beginInput(): void {
  setInput(0, 0, INPUT);
  end = INPUT;
}

/** Says that the input is so many bytes from INPUT, of which the first is the first unused. */
export function feed(length: i32): void {
  at = INPUT;
  end = INPUT + length;
  // Behind the end, zeros are read and then found to be too many.
  store<u64>(end, 0);
  store<u64>(end + 8, 0);
}

/** Where in the input the first byte is that was not used; whole bytes that were read ahead are given back. */
export function used(): i32 {
  return i32(at - INPUT);
}

export function setInput(newBits: u64, newCount: u32, newAt: usize): void {
  bits = newBits;
  count = newCount;
  at = newAt;
}

/** At least 56 bits, while there is input. */
export function refill(): void {
  bits |= load<u64>(at) << (<u64>count);
  at += (63 - count) >> 3;
  count |= 56;
}

/** Gives back whole bytes; `false` if more were used than there are. */
export function settle(): bool {
  at -= count >> 3;
  count &= 7;
  bits &= ((<u64>1) << (<u64>count)) - 1;
  return at <= end;
}

export function takeBits(n: u32): u32 {
  const value = <u32>bits & ((1 << n) - 1);
  bits >>= <u64>n;
  count -= n;
  return value;
}

/** Takes input at a byte's beginning to `to`, at most so many bytes; how many it took. */
export function copyBytes(to: usize, most: usize): usize {
  const n = most > end - at ? end - at : most;
  memory.copy(to, at, n);
  at += n;
  return n;
}
