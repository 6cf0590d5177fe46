import { Damage } from '../damage.ts';
import { type ByteInput, STOPPED } from './byte-input.ts';
import { Bzip2Broken, HighBits, NEEDS_MORE, readTransform, type Transform } from './bzip2-block.ts';
import type { NoteDamage } from './output.ts';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const LEVEL_BYTES = 100_000;

/**
 * Bzip2 with all its streams, block by block, each checksum verified. Written here because the available library
 * collects a block's output in an array of numbers: 46 MB of zeros, one block of a few bytes, took 1 GB (measured).
 */
export async function* bunzip2(input: ByteInput, note: NoteDamage): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let bits = new HighBits(held, 0);
  let links = new Uint32Array(0);

  let isStopped = false;

  /**
   * If stopped while waiting for a whole block, what is buffered is decoded anyway: it may contain a matching block.
   */
  const nextUnlessStopped = async (): Promise<Buffer | null> => {
    try {
      return await input.next();
    } catch (error) {
      if (error !== STOPPED) throw error;
      isStopped = true;
      return null;
    }
  };

  /** Runs `read` again from its start until the input holds all it needs; `null` if the input ends first. */
  const reading = async <T>(read: () => T): Promise<T | null> => {
    for (;;) {
      bits.mark = bits.at;
      try {
        return read();
      } catch (error) {
        if (error !== NEEDS_MORE) throw error;
      }
      const parts = [held.subarray(bits.mark >> 3)];
      // How much a block needs is not known in advance: doubling bounds the wasted decoding.
      for (let wanted = Math.max(parts[0]!.length, LEVEL_BYTES); wanted > 0; wanted -= parts.at(-1)!.length) {
        const chunk = await nextUnlessStopped();
        if (chunk === null) break;
        parts.push(chunk);
      }
      if (parts.length === 1) {
        if (isStopped) throw STOPPED;
        return null;
      }
      held = Buffer.concat(parts);
      bits = new HighBits(held, bits.mark & 7);
    }
  };

  for (let stream = 1; ; stream++) {
    const level = await reading(() => streamLevel(bits, stream));
    if (level === null) {
      const rest = held.subarray(bits.mark >> 3);
      if (stream > 1 && rest.length === 0) return;
      throw 'BZh'.startsWith(rest.toString('latin1')) ? truncated(input) : trailing(input, stream);
    }
    if (level === 0) throw trailing(input, stream);
    if (links.length < level * LEVEL_BYTES) links = new Uint32Array(level * LEVEL_BYTES);
    let combined = 0;
    for (let block = 1; ; block++) {
      const where = `bzip2 stream ${stream}, block ${block}`;
      if (!isStopped) input.ask();
      let opened: { stated: number; transform: Transform | null } | null;
      try {
        opened = await reading(() => openBlock(bits, links.subarray(0, level * LEVEL_BYTES)));
      } catch (error) {
        if (!(error instanceof Bzip2Broken)) throw error;
        throw new Damage('Bzip2Corrupt', `${where}: its data is damaged before byte ${input.position}`, {
          cause: error,
        });
      }
      if (opened === null) throw truncated(input);
      if (opened.transform === null) {
        if (opened.stated !== combined)
          note(new Damage('Bzip2Checksum', `bzip2 stream ${stream} does not match its checksum`));
        break;
      }
      const checksum = yield* unpack(opened.transform);
      if (checksum !== opened.stated)
        note(new Damage('Bzip2Checksum', `${where} does not match its checksum`));
      combined = (((combined << 1) | (combined >>> 31)) ^ opened.stated) >>> 0;
    }
    bits.at = Math.ceil(bits.at / 8) * 8;
  }
}

/** The level in a stream's header, 1 to 9; 0 if there is no header. Skips zero padding before it. */
function streamLevel(bits: HighBits, stream: number): number {
  if (stream > 1) while (bits.at < bits.bytes.length * 8 && bits.bytes[bits.at >> 3] === 0) bits.at += 8;
  bits.mark = bits.at;
  if (bits.take(24) !== 0x425a68) return 0;
  const level = bits.take(8) - 0x30;
  return level >= 1 && level <= 9 ? level : 0;
}

/** A block, or with a `null` transform the end of the stream. */
function openBlock(bits: HighBits, links: Uint32Array): { stated: number; transform: Transform | null } {
  const magic = bits.take(48);
  const stated = bits.take(32);
  if (magic === END_MAGIC) return { stated, transform: null };
  if (magic !== BLOCK_MAGIC) throw new Bzip2Broken('no block');
  return { stated, transform: readTransform(bits, links) };
}

const UNPACKED = 64 * 1024;

/** Follows the links and undoes the outer run-length coding, in pieces; returns the checksum of the block. */
function* unpack({ links, count, first }: Transform): Generator<Buffer, number> {
  let out = Buffer.allocUnsafe(UNPACKED);
  let length = 0;
  let checksum = 0xffffffff;
  let link = first;
  let run = 0;
  let previous = -1;
  for (let index = 0; index < count; index++) {
    const entry = links[link]!;
    link = entry >>> 8;
    const byte = entry & 255;
    let times = 1;
    let value = byte;
    if (run === 4) {
      times = byte;
      value = previous;
      run = 0;
      previous = -1;
    } else {
      run = byte === previous ? run + 1 : 1;
      previous = byte;
    }
    for (; times > 0; times--) {
      checksum = (checksum << 8) ^ CRC[((checksum >>> 24) ^ value) & 255]!;
      out[length++] = value;
      if (length < UNPACKED) continue;
      yield out;
      out = Buffer.allocUnsafe(UNPACKED);
      length = 0;
    }
  }
  if (length > 0) yield out.subarray(0, length);
  return ~checksum >>> 0;
}

const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  return value;
});

function truncated(input: ByteInput): Damage {
  return new Damage(
    'Bzip2Truncated',
    `bzip2: the data ends at byte ${input.position}, before its last block does; upload it again`,
  );
}

function trailing(input: ByteInput, stream: number): Damage {
  return stream === 1
    ? new Damage('Bzip2Corrupt', 'bzip2: the header is damaged')
    : new Damage(
        'TrailingGarbage',
        `bzip2: before byte ${input.position}, after stream ${stream - 1}, there are bytes that are neither padding nor another stream`,
      );
}
