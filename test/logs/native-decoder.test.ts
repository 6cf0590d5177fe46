import { createZstdDecompress, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ByteInput } from '../../functions/alert/logs/compression/byte-input.ts';
import { decompress } from '../../functions/alert/logs/compression/decompress.ts';
import {
  decodeAside,
  decodeInPlace,
  insideOf,
} from '../../functions/alert/logs/compression/native-decoder.ts';
import { random, scale, seed } from '../scale.ts';
import { decoded } from './decoded.ts';
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

  it('is the same by the public stream as in place', async () => {
    for (let turn = 0; turn < scale(2500); turn++) {
      const bytes = zstdCompressSync(TEXT.subarray(0, 1 + Math.floor(draw() ** 6 * TEXT.length)));
      const [one, other] = [createZstdDecompress(), createZstdDecompress()];
      const inside = insideOf(one);
      expect(inside).not.toBeNull();
      const inPlace = await decoded([bytes], input => decodeInPlace(one, inside!, input));
      expect(inPlace).toEqual(await decoded([bytes], input => decodeAside(other, input)));
    }
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
  let asked = 0;
  const stop = (): boolean => {
    if (++asked % 16 === 0) most = Math.max(most, process.memoryUsage().external);
    return false;
  };
  await read(zstdCompressSync(Buffer.concat(Array<Buffer>(10_000).fill(part))), { stop });
  // As many as are not freed yet; all of them would be 2.6 GB of buffers and 70 MB of states.
  expect(most - external).toBeLessThan(64 * 1024 ** 2);
});
