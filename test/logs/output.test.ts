import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ByteInput } from '../../functions/alert/logs/compression/byte-input.ts';
import { decompress } from '../../functions/alert/logs/compression/decompress.ts';

const TEXT = Buffer.from('{"a":1}\n'.repeat(100_000));
const LIMITS = { maxOutputBytes: 2 ** 30, zstdWindowBytes: 2 ** 23 };

/** What is left of each piece after the last was asked for. */
async function leftOf(bytes: Buffer): Promise<{ all: Buffer; left: number }> {
  const copies: Buffer[] = [];
  const pieces: Buffer[] = [];
  for await (const piece of decompress(new ByteInput(inTwo(bytes)), () => {}, LIMITS)) {
    copies.push(Buffer.from(piece!));
    pieces.push(piece!);
  }
  return { all: Buffer.concat(copies), left: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}

async function* inTwo(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, 100);
  yield bytes.subarray(100);
}

describe('the output of a decoder', () => {
  for (const [name, bytes] of [
    ['gzip', gzipSync(TEXT)],
    ['gzip of two members', Buffer.concat([gzipSync(TEXT.subarray(0, 8000)), gzipSync(TEXT.subarray(8000))])],
    ['zstd', zstdCompressSync(TEXT)],
    ['gzip in zstd', zstdCompressSync(gzipSync(TEXT))],
  ] as const)
    it(`of ${name} gives its memory back behind the reader`, async () => {
      const { all, left } = await leftOf(bytes);
      expect(all.equals(TEXT)).toBe(true);
      expect(left).toBe(0);
    });

  it('is never what the source handed out, even of the same size', async () => {
    const plain = Buffer.alloc(256 * 1024, 'a');
    const { left } = await leftOf(plain);
    expect(left).toBe(plain.length);
    expect(plain.length).toBe(256 * 1024);
  });
});
