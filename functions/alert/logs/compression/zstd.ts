import { constants, createZstdDecompress } from 'node:zlib';
import { Damage, type ReadCode } from '../damage.ts';
import { ByteInput } from './byte-input.ts';
import { decodeStream } from './native-decoder.ts';
import type { NoteDamage } from './output.ts';

const MAGIC = 0xfd2fb528;
const isSkippable = (magic: number): boolean => (magic & 0xfffffff0) >>> 0 === 0x184d2a50;

/** A frame, or a skippable one, which may also begin a file. */
export function isZstd(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) === MAGIC || isSkippable(head.readUInt32LE(0)));
}

/** Meanings of libzstd's errors; every other one is corruption. */
const CODES: Readonly<Record<string, ReadCode>> = {
  ZSTD_error_checksum_wrong: 'ZstdChecksum',
  ZSTD_error_frameParameter_windowTooLarge: 'ZstdWindow',
  ZSTD_error_dictionary_wrong: 'ZstdDictionary',
};

/**
 * Zstd with all its frames. Node's decoder silently drops what follows a frame within one write, and the output of
 * the write that fails; so the frames' blocks are parsed here and each is one write: frames then end where writes
 * do, and damage costs only its own block.
 */
export async function* unzstd(input: ByteInput, note: NoteDamage, maxWindow: number): AsyncGenerator<Buffer> {
  const walk: Walk = { input, maxWindow, frames: 0, frameStart: 0, hasEnded: false };
  while (!walk.hasEnded) {
    const params = { [constants.ZSTD_d_windowLogMax]: Math.max(10, Math.ceil(Math.log2(maxWindow))) };
    const make = (chunkSize: number) => createZstdDecompress({ chunkSize, params });
    const ending = yield* decodeStream(make, new ByteInput(pieces(walk)));
    if (ending.kind !== 'broken') continue;
    const code = CODES[(ending.error as NodeJS.ErrnoException).code ?? ''] ?? 'ZstdCorrupt';
    const damage = new Damage(
      code,
      `zstd frame ${walk.frames} (byte ${walk.frameStart}): its data is damaged before byte ${input.position}`,
      { cause: ending.error },
    );
    if (code !== 'ZstdChecksum') throw damage;
    note(damage);
  }
}

type Walk = {
  readonly input: ByteInput;
  readonly maxWindow: number;
  frames: number;
  frameStart: number;
  hasEnded: boolean;
};

/** The pieces of all frames: headers, blocks and checksums, each whole; without skippable frames and padding. */
async function* pieces(walk: Walk): AsyncGenerator<Buffer> {
  const { input } = walk;
  while (await atFrame(walk)) {
    walk.frames++;
    walk.frameStart = input.position;
    const header = parseHeader(await input.peek(18));
    if (header === null) throw truncated(walk);
    refuse(header, walk);
    yield* piece(walk, header.length);
    for (let isLast = false; !isLast; ) {
      input.ask();
      const head = await input.peek(3);
      if (head.length < 3) {
        await input.drain();
        throw truncated(walk);
      }
      const word = head.readUIntLE(0, 3);
      isLast = (word & 1) === 1;
      const type = (word >> 1) & 3;
      yield* piece(walk, 3 + (type === 1 ? 1 : word >> 3));
    }
    if (header.hasChecksum) yield* piece(walk, 4);
  }
  walk.hasEnded = true;
}

/** Goes to the next frame; `false` at the end of the data. */
async function atFrame(walk: Walk): Promise<boolean> {
  const { input, frames } = walk;
  for (;;) {
    input.ask();
    const head = await input.peek(4);
    if (head.length === 0) return false;
    if (frames > 0 && head[0] === 0) {
      await input.take(1);
      continue;
    }
    const magic = head.length < 4 ? -1 : head.readUInt32LE(0);
    if (magic === MAGIC) return true;
    if (isSkippable(magic)) {
      await input.take(4);
      const size = await input.take(4);
      if (size === null) throw truncated(walk);
      for (let left = size.readUInt32LE(0); left > 0; ) {
        const chunk = await input.nextUpTo(left);
        if (chunk === null) throw truncated(walk);
        left -= chunk.length;
      }
      walk.frames++;
      continue;
    }
    const isCut =
      head.length < 4 && [0x28, 0xb5, 0x2f].every((byte, index) => (head[index] ?? byte) === byte);
    if (isCut) throw truncated(walk);
    throw new Damage(
      'TrailingGarbage',
      `zstd: from byte ${input.position}, the bytes are neither padding nor another frame`,
    );
  }
}

type Header = {
  readonly length: number;
  readonly window: number;
  readonly hasDictionary: boolean;
  readonly hasChecksum: boolean;
};

function parseHeader(head: Buffer): Header | null {
  if (head.length < 5) return null;
  const flags = head[4]!;
  const isSingle = (flags & 0x20) !== 0;
  const dictionaryLength = [0, 1, 2, 4][flags & 3]!;
  const sizeLength = flags >> 6 === 0 ? (isSingle ? 1 : 0) : 1 << (flags >> 6);
  const dictionaryAt = isSingle ? 5 : 6;
  const length = dictionaryAt + dictionaryLength + sizeLength;
  if (head.length < length) return null;
  const sizeAt = dictionaryAt + dictionaryLength;
  return {
    length,
    window: isSingle ? contentSize(head, sizeAt, sizeLength) : windowSize(head[5]!),
    hasDictionary: dictionaryLength > 0 && head.readUIntLE(dictionaryAt, dictionaryLength) !== 0,
    hasChecksum: (flags & 4) !== 0,
  };
}

function contentSize(head: Buffer, at: number, length: number): number {
  if (length === 8) return head.readUInt32LE(at) + head.readUInt32LE(at + 4) * 2 ** 32;
  return head.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function refuse({ window, hasDictionary }: Header, walk: Walk): void {
  const where = `zstd frame ${walk.frames} (byte ${walk.frameStart})`;
  if (window > walk.maxWindow)
    throw new Damage(
      'ZstdWindow',
      `${where} needs a window of ${window} bytes, more than ${walk.maxWindow}; compress without --long or --ultra`,
    );
  if (hasDictionary) throw new Damage('ZstdDictionary', `${where} needs a dictionary; compress without one`);
}

/** A piece at once; if the data ends inside it, the part there is, since a stored block is readable up to there. */
async function* piece(walk: Walk, length: number): AsyncGenerator<Buffer> {
  const { input } = walk;
  const held = await input.peekAtMost(length);
  if (held.length >= length) {
    yield (await input.take(length))!;
    return;
  }
  const rest = await input.next();
  if (rest !== null) yield rest;
  await input.drain();
  throw truncated(walk);
}

function truncated({ frames, input }: Walk): Damage {
  return new Damage(
    'ZstdTruncated',
    `zstd: the data ends at byte ${input.position}, before frame ${frames} does; upload it again`,
  );
}
