import {
  createInflateRaw,
  createZstdDecompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ByteInput } from '../../functions/alert/logs/compression/byte-input.ts';
import { decompress } from '../../functions/alert/logs/compression/decompress.ts';
import {
  decodeAside,
  decodeInPlace,
  insideOf,
} from '../../functions/alert/logs/compression/native-decoder.ts';
import { random, scale, seed } from '../scale.ts';
import { zst } from './hostile-row.ts';
import { read } from './reading.ts';

const draw = random(seed());
const TEXT = Buffer.from(
  Array.from({ length: 40_000 }, (_, number) => `{"a":${number},"b":${draw()}}\n`).join(''),
);
const LIMITS = { maxOutputBytes: 2 ** 30, zstdWindowBytes: 2 ** 23 };

async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(draw() ** 6 * 400_000);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('the output of a decoder', () => {
  for (const [name, bytes] of [
    ['gzip', gzipSync(TEXT)],
    ['gzip of two members', Buffer.concat([gzipSync(TEXT.subarray(0, 8000)), gzipSync(TEXT.subarray(8000))])],
    ['zstd', zstdCompressSync(TEXT)],
    ['gzip in zstd', zstdCompressSync(gzipSync(TEXT))],
    ['zstd in gzip', gzipSync(zstdCompressSync(TEXT))],
    ['gzip in gzip', gzipSync(gzipSync(TEXT))],
  ] as const)
    it(`of ${name} is whole, whatever the chunks, and takes one buffer`, async () => {
      const copies: Buffer[] = [];
      const buffers = new Set<ArrayBufferLike>();
      for await (const piece of decompress(new ByteInput(inChunks(bytes)), () => {}, LIMITS)) {
        copies.push(Buffer.from(piece!));
        if (piece!.length > 8192) buffers.add(piece!.buffer);
      }
      expect(Buffer.concat(copies).equals(TEXT)).toBe(true);
      expect(buffers.size).toBe(1);
    });

  it('is the same by the public stream as in place: sound, cut, damaged, or with something behind', async () => {
    const endings = new Set<string>();
    for (let turn = 0; turn < scale(10_000); turn++) {
      const isZstd = turn % 4 === 0;
      const text = TEXT.subarray(0, 1 + Math.floor(draw() ** 6 * TEXT.length));
      const packed = isZstd
        ? zstdCompressSync(text)
        : deflateRawSync(text, { level: Math.floor(draw() * 10) });
      const bytes = Buffer.concat([packed, Buffer.alloc(isZstd ? 0 : Math.floor(draw() * 9), 'x')]);
      if (!isZstd && draw() < 0.5)
        bytes[Math.floor(draw() ** 4 * packed.length)]! ^= 1 << Math.floor(draw() * 8);
      const part = !isZstd && draw() < 0.3 ? bytes.subarray(0, Math.floor(draw() * bytes.length)) : bytes;
      const make = () => (isZstd ? createZstdDecompress : createInflateRaw)({ chunkSize: 256 * 1024 });
      const [one, other] = [make(), make()];
      const inside = insideOf(one);
      expect(inside).not.toBeNull();
      const inPlace = await decoded(part, input => decodeInPlace(one, inside!, input));
      const aside = await decoded(part, input => decodeAside(other, input));
      expect(inPlace.ending).toBe(aside.ending);
      expect(inPlace.left).toBe(aside.left);
      // Each loses the output of the write that fails; how much that is goes by the size of the writes.
      if (aside.ending !== 'broken') expect(inPlace.all.equals(aside.all)).toBe(true);
      endings.add(inPlace.ending);
    }
    expect([...endings].sort()).toEqual(['broken', 'cut', 'whole']);
  }, 120_000);

  it('comes from the public stream where Node keeps its inside elsewhere', () => {
    expect(insideOf({})).toBeNull();
    expect(insideOf({ _handle: {}, _writeState: new Uint32Array(2) })).toBeNull();
  });
});

/** A frame of one byte whose checksum is not its own. */
const WRONG_FRAME = zst('x').map((byte, at, { length }) => (at === length - 1 ? byte ^ 1 : byte));

it.each([
  ['gzip members', gzipSync('')],
  ['zlib streams', deflateSync('')],
  ['zstd frames of a wrong checksum', Buffer.from(WRONG_FRAME)],
])('%s that have ended are freed while others are at hand', async (_, part) => {
  let most = 0;
  const { external } = process.memoryUsage();
  const stop = (): boolean => {
    most = Math.max(most, process.memoryUsage().external);
    return false;
  };
  await read(zstdCompressSync(Buffer.concat(Array<Buffer>(10_000).fill(part))), { stop });
  // As many as are not freed yet; all of them would be 2.6 GB of buffers and 70 MB of states.
  expect(most - external).toBeLessThan(64 * 1024 ** 2);
});

async function decoded(bytes: Buffer, decode: (input: ByteInput) => ReturnType<typeof decodeAside>) {
  const input = new ByteInput(
    (async function* () {
      yield bytes;
    })(),
  );
  const pieces: Buffer[] = [];
  const pieceByPiece = decode(input);
  for (;;) {
    const { done, value } = await pieceByPiece.next();
    if (!done) {
      pieces.push(Buffer.from(value));
      continue;
    }
    const left = value.kind === 'whole' ? bytes.length - input.position : 0;
    return { all: Buffer.concat(pieces), ending: value.kind, left };
  }
}
