import {
  Bits,
  type BlockCodes,
  DeflateStop,
  dynamicCodes,
  fixedCodes,
  matchDistance,
  matchLength,
  symbolOf,
} from './deflate-codes.ts';
import type { Watch } from './native-decoder.ts';
import { SlidingWindow } from './sliding-window.ts';

/** Deflate's window. */
const WINDOW = 32 * 1024;
/** Compressed bytes kept: encoders end a block after at most some hundred kilobytes, so one begins in here. */
const KEPT = 512 * 1024;
/**
 * Bits decoded in vain before the search ends. False blocks end within a few symbols; a chain of empty blocks,
 * 235 bytes inside zstd, was decoded from each of its blocks and took minutes.
 */
const MOST_BITS = 4 * KEPT * 8;
/** Known bytes that must agree before a block found is accepted. */
const PROOF = 64;

/**
 * Follows an inflater and, when it fails, decodes its last input again, up to the damaged symbol: zlib withholds the
 * output of the call that fails (up to 256 KB). The last compressed bytes are kept; in them the beginning of a block is
 * searched for, decoded without its window up to where the last input began, and verified by the output known there;
 * from there on everything is known. Bytes are copied, not retained: what outlives a few chunks is freed late, and
 * costs more memory than its size.
 */
export class DeflateTrail implements Watch {
  readonly #inputs = new SlidingWindow(KEPT);
  readonly #outputs = new SlidingWindow(WINDOW);
  #last: Buffer | null = null;
  #edgeGiven = 0;

  /** Begins a stream. */
  begin(): void {
    this.#inputs.clear();
    this.#outputs.clear();
    this.#last = null;
    this.#edgeGiven = 0;
  }

  fed(chunk: Buffer): void {
    if (this.#last !== null) this.#inputs.append(this.#last);
    this.#last = chunk;
    this.#edgeGiven = this.#outputs.total;
    this.#outputs.mark();
  }

  gave(chunk: Buffer): void {
    this.#outputs.append(chunk);
  }

  /** The bytes between the inflater's output and the damage; none if no block can be found. */
  recover(): Buffer {
    if (this.#last === null) return Buffer.alloc(0);
    const before = this.#inputs.last;
    const bytes = Buffer.concat([before, this.#last]);
    const known = { edge: before.length * 8, edgeGiven: this.#edgeGiven, window: this.#outputs.marked };
    const given = this.#outputs.total;
    if (this.#inputs.total === before.length)
      return new Replay(bytes, 0, true, known, given).run() ?? Buffer.alloc(0);
    for (let at = 0, left = MOST_BITS; at < known.edge && left > 0; at++) {
      if (!mayBeginBlock(bytes, at)) continue;
      const replay = new Replay(bytes, at, false, known, given);
      const recovered = replay.run();
      if (recovered !== null) return recovered;
      left -= replay.position - at;
    }
    return Buffer.alloc(0);
  }
}

/** What is known at the edge, the bit where the last input begins: the output so far and its last bytes. */
type Known = { readonly edge: number; readonly edgeGiven: number; readonly window: Buffer };

const RING = 64 * 1024;

/** Decodes from a given bit; the bytes before the edge serve only to find and verify the position. */
class Replay {
  readonly #bits: Bits;
  readonly #isStart: boolean;
  readonly #known: Known;
  readonly #ring = new Uint8Array(RING);
  readonly #isKnown = new Uint8Array(RING);
  #count = 0;
  /** Output that the inflater gave beyond the edge: decoded again and omitted. */
  #toSkip: number;
  #isPastEdge = false;
  #recovered = Buffer.allocUnsafe(WINDOW);
  #length = 0;

  constructor(bytes: Uint8Array, at: number, isStart: boolean, known: Known, given: number) {
    this.#bits = new Bits(bytes, at);
    this.#isStart = isStart;
    this.#known = known;
    this.#toSkip = given - known.edgeGiven;
  }

  /** The bit it has read up to. */
  get position(): number {
    return this.#bits.at;
  }

  /** `null`: no deflate data began there. */
  run(): Buffer | null {
    try {
      while (!this.#block());
    } catch (error) {
      if (!(error instanceof DeflateStop)) throw error;
    }
    return this.#isPastEdge ? this.#recovered.subarray(0, this.#length) : null;
  }

  #block(): boolean {
    const isLast = this.#bits.take(1) === 1;
    const type = this.#bits.take(2);
    if (type === 0) this.#stored();
    else if (type === 1) this.#coded(fixedCodes());
    else if (type === 2) this.#coded(dynamicCodes(this.#bits));
    else throw new DeflateStop('no such block');
    return isLast;
  }

  #stored(): void {
    this.#bits.at = Math.ceil(this.#bits.at / 8) * 8;
    const length = this.#bits.take(16);
    if ((this.#bits.take(16) ^ 0xffff) !== length) throw new DeflateStop('stored length');
    for (let index = 0; index < length; index++) {
      const byte = this.#bits.take(8);
      this.#passEdge();
      this.#put(byte, 1);
    }
  }

  #coded({ literals, distances }: BlockCodes): void {
    for (;;) {
      const symbol = symbolOf(this.#bits, literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.#passEdge();
        this.#put(symbol, 1);
        continue;
      }
      const length = matchLength(this.#bits, symbol);
      const distance = matchDistance(this.#bits, distances);
      this.#passEdge();
      if (this.#isStart && distance > this.#count) throw new DeflateStop('distance too far back');
      for (let index = 0; index < length; index++) {
        const from = (this.#count - distance) & (RING - 1);
        this.#put(this.#ring[from]!, distance > this.#count && !this.#isPastEdge ? 0 : this.#isKnown[from]!);
      }
    }
  }

  #put(byte: number, isKnown: number): void {
    this.#ring[this.#count & (RING - 1)] = byte;
    this.#isKnown[this.#count & (RING - 1)] = isKnown;
    this.#count++;
    if (!this.#isPastEdge) return;
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    }
    if (this.#length === this.#recovered.length)
      this.#recovered = Buffer.concat([this.#recovered], this.#length * 2);
    this.#recovered[this.#length++] = byte;
  }

  /** The first symbol that ends beyond the edge is the first whose output zlib had not returned by then. */
  #passEdge(): void {
    if (this.#isPastEdge || this.#bits.at <= this.#known.edge) return;
    const { window } = this.#known;
    const from = this.#count - window.length;
    let agreed = 0;
    for (let index = 0; index < window.length; index++) {
      const slot = (from + index) & (RING - 1);
      if (from + index >= 0 && this.#isKnown[slot] === 1) {
        if (this.#ring[slot] !== window[index]) throw new DeflateStop('another place');
        agreed++;
      }
      this.#ring[slot] = window[index]!;
      this.#isKnown[slot] = 1;
    }
    if (!this.#isStart && agreed < PROOF) throw new DeflateStop('not proven');
    this.#isPastEdge = true;
  }
}

/**
 * Whether a block with its own codes may begin at a bit: its header must hold complete codes, which is rare by chance.
 */
function mayBeginBlock(bytes: Uint8Array, at: number): boolean {
  const byte = at >> 3;
  const word = (bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16)) >>> (at & 7);
  if (((word >> 1) & 3) !== 2 || ((word >> 3) & 31) > 29 || ((word >> 8) & 31) > 29) return false;
  if (at + 3 + 14 + 57 > bytes.length * 8) return false;
  // The first code alone rejects all but one in some hundred positions, without the cost of an exception.
  const header = new Bits(bytes, at + 13);
  let room = 128;
  for (let given = header.take(4) + 4; given > 0; given--) {
    const length = header.take(3);
    if (length > 0) room -= 128 >> length;
  }
  if (room !== 0) return false;
  try {
    dynamicCodes(new Bits(bytes, at + 3));
    return true;
  } catch (error) {
    if (error instanceof DeflateStop) return false;
    throw error;
  }
}
