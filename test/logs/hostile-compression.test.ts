import { constants, createZstdCompress, deflateSync } from 'node:zlib';
import { checkRows, gz, joined, one, type Row, two, zst } from './hostile-row.ts';
import { event, ndjson } from './reading.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const skippable = joined(Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), 'abc');

async function zstdOfWindow(log: number): Promise<Buffer> {
  const encoder = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: log } });
  const parts: Buffer[] = [];
  encoder.on('data', part => parts.push(part as Buffer));
  encoder.write(one);
  await new Promise<void>(resolve => encoder.flush(constants.ZSTD_e_flush, resolve));
  encoder.end();
  await new Promise(resolve => encoder.on('end', resolve));
  return Buffer.concat(parts);
}

function altered(bytes: Buffer, at: number, flip: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= flip;
  return copy;
}

const ROWS: readonly Row[] = [
  { id: 'H01', what: 'an empty object', bytes: () => '', events: [] },
  { id: 'H02', what: 'gzip of nothing', bytes: () => gz(''), events: [] },
  { id: 'H02', what: 'zstd of nothing', bytes: () => zst(''), events: [] },
  {
    id: 'H04',
    what: 'gzip with a wrong CRC',
    bytes: () => altered(gz(two), -8, 1),
    events: ['e1', 'e2'],
    code: 'GzipCrc',
  },
  {
    id: 'H04',
    what: 'gzip with a wrong length',
    bytes: () => altered(gz(two), -1, 1),
    events: ['e1', 'e2'],
    code: 'GzipCrc',
  },
  {
    id: 'H04',
    what: 'a wrong CRC in the first of two members',
    bytes: () => joined(altered(gz(one), -8, 1), gz(ndjson([event(2)]))),
    events: ['e1', 'e2'],
    code: 'GzipCrc',
  },
  {
    id: 'H05',
    what: 'gzip and 512 zero bytes',
    bytes: () => joined(gz(two), Buffer.alloc(512)),
    events: ['e1', 'e2'],
  },
  {
    id: 'H06',
    what: 'gzip and garbage',
    bytes: () => joined(gz(two), 'garbage'),
    events: ['e1', 'e2'],
    code: 'TrailingGarbage',
  },
  {
    id: 'H06',
    what: 'gzip, zero bytes and garbage',
    bytes: () => joined(gz(two), Buffer.alloc(9), 'garbage'),
    events: ['e1', 'e2'],
    code: 'TrailingGarbage',
  },
  {
    id: 'H06',
    what: 'zlib and garbage',
    bytes: () => joined(deflateSync(two), 'garbage'),
    events: ['e1', 'e2'],
    code: 'TrailingGarbage',
  },
  {
    id: 'H06',
    what: 'zlib, zero bytes and garbage',
    bytes: () => joined(deflateSync(two), Buffer.alloc(9), 'garbage'),
    events: ['e1', 'e2'],
    code: 'TrailingGarbage',
  },
  {
    id: 'H06',
    what: 'gzip and the first bytes of a member',
    bytes: () => joined(gz(two), Buffer.from([0x1f, 0x8b, 8])),
    events: ['e1', 'e2'],
    code: 'GzipTruncated',
  },
  {
    id: 'H07',
    what: 'two members',
    bytes: () => joined(gz(one), gz(ndjson([event(2)]))),
    events: ['e1', 'e2'],
  },
  {
    id: 'H07',
    what: '1,000 members',
    bytes: () =>
      joined(
        ...Array.from({ length: 1000 }, (_, at) =>
          gz(two.slice(Math.floor((at * two.length) / 1000), Math.floor(((at + 1) * two.length) / 1000))),
        ),
      ),
    events: ['e1', 'e2'],
  },
  {
    id: 'H08',
    what: 'a member, zero bytes, a member',
    bytes: () => joined(gz(one), Buffer.alloc(100), gz(ndjson([event(2)]))),
    events: ['e1', 'e2'],
  },
  {
    id: 'H09',
    what: 'two zstd frames',
    bytes: () => joined(zst(one), zst(ndjson([event(2)]))),
    events: ['e1', 'e2'],
  },
  {
    id: 'H10',
    what: 'skippable frames first, between and last',
    bytes: () => joined(skippable, zst(one), skippable, zst(ndjson([event(2)])), skippable),
    events: ['e1', 'e2'],
  },
  {
    id: 'H11',
    what: 'zstd with a wrong checksum',
    bytes: () => altered(zst(two), -1, 1),
    events: ['e1', 'e2'],
    code: 'ZstdChecksum',
  },
  {
    id: 'H11',
    what: 'a wrong checksum in the first of two frames',
    bytes: () => joined(altered(zst(one), -1, 1), zst(ndjson([event(2)]))),
    events: ['e1', 'e2'],
    code: 'ZstdChecksum',
  },
  { id: 'H12', what: 'a zstd window of 8 MiB', bytes: () => zstdOfWindow(23), events: ['e1'] },
  {
    id: 'H12',
    what: 'a zstd window of 16 MiB',
    bytes: () => zstdOfWindow(24),
    events: [],
    code: 'ZstdWindow',
  },
  {
    id: 'H12',
    what: 'a zstd window of 128 MiB',
    bytes: () => zstdOfWindow(27),
    events: [],
    code: 'ZstdWindow',
  },
  {
    id: 'H12',
    what: 'a zstd window of 2 GiB behind a sound frame',
    bytes: () => joined(zst(one), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0])),
    events: ['e1'],
    code: 'ZstdWindow',
  },
  {
    id: 'H13',
    what: 'zstd with a dictionary',
    bytes: () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 0x40, 7, 1, 0, 0]),
    events: [],
    code: 'ZstdDictionary',
  },
  {
    id: 'H14',
    what: 'more output than allowed',
    bytes: () => gz(joined(one, Buffer.alloc(100_000, ' '))),
    events: ['e1'],
    code: 'DecompressionLimit',
    options: { limits: { maxOutputBytes: 50_000 } },
  },
  { id: 'H15', what: 'gzip of gzip', bytes: () => gz(gz(two)), events: ['e1', 'e2'] },
  {
    id: 'H15',
    what: 'gzip of gzip of gzip',
    bytes: () => gz(gz(gz(two))),
    events: [],
    code: 'NestedCompression',
  },
];

checkRows('compression', ROWS);
