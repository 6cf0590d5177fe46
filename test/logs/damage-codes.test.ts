import { constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { READ_CODES, type ReadCode } from '../../functions/alert/logs/damage.ts';
import { BZIP2 } from './bzip2-sample.ts';
import { zipOf } from './layouts.ts';
import { event, ids, ndjson, read } from './reading.ts';

const log = Buffer.from(ndjson([event(1), event(2), event(3)]));
const gzip = gzipSync(log);
const zlib = deflateSync(log);
const zstd = zstdCompressSync(log, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const zip = zipOf([log], () => 0.9);
const all = ['e1', 'e2', 'e3'];

/** A copy with one byte turned round; from the end where it is negative. */
function broken(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 0xff;
  return copy;
}

/** A whole beginning, flushed, with an invalid block behind it. */
function invalidBlock(compress: typeof gzipSync): Buffer {
  const flushed = compress(log, { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([flushed, Buffer.alloc(20, 0xff)]);
}

/** A reserved kind of block, behind the header of a frame without size and checksum. */
const reservedBlock = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 0x27, 0, 0, 1, 2, 3, 4]);

type Row = {
  readonly code: ReadCode;
  readonly what: string;
  readonly bytes: Buffer;
  readonly finds: unknown;
};

const ROWS: readonly Row[] = [
  { code: 'GzipTruncated', what: 'without its trailer', bytes: gzip.subarray(0, -8), finds: all },
  { code: 'GzipCrc', what: 'with another checksum', bytes: broken(gzip, -8), finds: all },
  { code: 'GzipCrc', what: 'with another length', bytes: broken(gzip, -4), finds: all },
  { code: 'GzipCorrupt', what: 'with an invalid block', bytes: invalidBlock(gzipSync), finds: all },
  { code: 'ZlibTruncated', what: 'without its checksum', bytes: zlib.subarray(0, -4), finds: all },
  { code: 'ZlibChecksum', what: 'with another checksum', bytes: broken(zlib, -1), finds: all },
  { code: 'ZlibCorrupt', what: 'with an invalid block', bytes: invalidBlock(deflateSync), finds: all },
  { code: 'ZstdTruncated', what: 'without its checksum', bytes: zstd.subarray(0, -4), finds: all },
  { code: 'ZstdChecksum', what: 'with another checksum', bytes: broken(zstd, -1), finds: all },
  { code: 'ZstdCorrupt', what: 'with a block of no kind', bytes: reservedBlock, finds: [] },
  {
    code: 'ZstdCorrupt',
    what: 'with such a block behind a whole frame',
    bytes: Buffer.concat([zstd, reservedBlock]),
    finds: all,
  },
  { code: 'Bzip2Checksum', what: 'with another checksum of a block', bytes: broken(BZIP2, 10), finds: 6 },
  { code: 'Bzip2Checksum', what: 'with another checksum of the stream', bytes: broken(BZIP2, -3), finds: 6 },
  { code: 'Bzip2Truncated', what: 'without its last byte', bytes: BZIP2.subarray(0, -1), finds: 6 },
  { code: 'ZipTruncated', what: 'cut within an entry', bytes: zip.subarray(0, 60), finds: expect.anything() },
  { code: 'ZipTruncated', what: 'cut within the directory', bytes: zip.subarray(0, -1), finds: all },
];

describe('damage has its code, and what stood before it is handed out', () => {
  it.each(ROWS)('$code: $what', async ({ code, bytes, finds }) => {
    for (const chunk of [1, 7, undefined]) {
      const reading = await read(bytes, { chunk });
      const found = ids(reading);
      expect([reading.report.code, reading.report.outcome]).toEqual([code, 'quarantined']);
      expect(typeof finds === 'number' ? found.length : found).toEqual(finds);
      expect(READ_CODES[code]).toBeTruthy();
    }
  });
});
