import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { openInput } from '../../functions/alert/cli/input/input.ts';
import { ByteInput } from '../../functions/alert/logs/compression/byte-input.ts';
import { decompress } from '../../functions/alert/logs/compression/decompress.ts';
import { temporaryFolder } from '../afterwards.ts';

const folder = temporaryFolder();
const LIMITS = { maxOutputBytes: 2 ** 30, zstdWindowBytes: 2 ** 23 };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Hardly compressible: each block and member ends in the middle of a read of the file. */
const TEXT = Buffer.from(randomBytes(1_500_000).toString('latin1'));

it.each([
  ['plain', TEXT],
  ['gzip', gzipSync(TEXT)],
  [
    'gzip of many members',
    Buffer.concat(
      Array.from({ length: 40 }, (_, at) =>
        gzipSync(TEXT.subarray(at * 60_000, at < 39 ? (at + 1) * 60_000 : undefined)),
      ),
    ),
  ],
  ['zlib', deflateSync(TEXT)],
  ['zstd', zstdCompressSync(TEXT)],
  ['zstd in gzip', gzipSync(zstdCompressSync(TEXT))],
  ['zip', Buffer.from(zipSync({ 'a.ndjson': TEXT }))],
])('a file of %s is read whole, though its reads share their memory', async (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const { bytes: chunks } = await openInput(path, null!);
  const hash = createHash('sha256');
  for await (const piece of decompress(new ByteInput(chunks), () => {}, LIMITS))
    if (piece) hash.update(piece);
  expect(hash.digest('hex')).toBe(sha256(TEXT));
});
