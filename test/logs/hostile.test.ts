import { constants, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReadCode } from '../../functions/alert/logs/damage.ts';
import type { SkipCode } from '../../functions/alert/logs/skips.ts';
import { essence, event, ids, ndjson, type Reading, type ReadingOptions, read } from './reading.ts';

const one = ndjson([event(1)]);
const two = ndjson([event(1), event(2)]);
const CHUNKS = [1, 2, 5, 1000, undefined];

type Row = {
  readonly id: string;
  readonly what: string;
  readonly bytes: () => Buffer | string | Promise<Buffer>;
  /** Ids of the events; `undefined`: any. */
  readonly events?: readonly unknown[];
  /** Whether they may be more. */
  readonly code?: ReadCode | null;
  readonly skipped?: Partial<Record<SkipCode, number>>;
  readonly options?: ReadingOptions;
  readonly also?: (reading: Reading) => void;
};

const CSV_HEADER = '"@timestamp","_id",message,"registry.path"';

const gz = (text: string | Buffer): Buffer => gzipSync(text);
const zst = (text: string | Buffer, checksum = true): Buffer =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 } });
const joined = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map(part => Buffer.from(part as string)));
const skippable = joined(Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), 'abc');
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => utf16le(text).swap16();

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

const line = (json: string): string => `${one}${json}\n${ndjson([event(2)])}`;
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, key) => `"k${key}":1`).join()}}`;
const filled = (length: number): string => {
  const rest = `{"event":{"id":"long"},"p":""}`;
  return rest.replace('""', `"${'x'.repeat(length - rest.length)}"`);
};

const CONTAINERS: readonly Row[] = [
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
  ...(
    [
      ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]],
      ['lz4', [0x04, 0x22, 0x4d, 0x18, 0x64, 0x40]],
      ['snappy', [0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]],
      ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]],
      ['parquet', [0x50, 0x41, 0x52, 0x31, 0x15]],
      ['avro', [0x4f, 0x62, 0x6a, 1, 4]],
      ['orc', [0x4f, 0x52, 0x43, 8]],
      ['lucene', [0x3f, 0xd7, 0x6c, 0x17, 0x13]],
      ['encrypted', [0x50, 0x4b, 3, 4, 20, 0, 1, 0, 8, 0, ...Array<number>(20).fill(0)]],
    ] as const
  ).map(
    ([name, magic]): Row => ({
      id: 'H17',
      what: name,
      bytes: () => joined(Buffer.from(magic), Buffer.alloc(600, 7)),
      events: [],
      code: 'UnsupportedFormat',
      also: ({ report }) => expect(report.detail).toContain(name),
    }),
  ),
  {
    id: 'H17',
    what: 'raw snappy',
    bytes: () => joined(Buffer.from([0xd0, 0x0f, 0xf0, 0x80]), one),
    events: [],
    code: 'UnsupportedFormat',
    also: ({ report }) => expect(report.detail).toContain('snappy'),
  },
  ...[
    ['', '\n'],
    ['', '\r\n'],
    ['\ufeff', '\n'],
  ].map(
    ([before, end]): Row => ({
      id: 'H17',
      what: `CSV of Kibana behind ${JSON.stringify(before)}, lines ending in ${JSON.stringify(end)}`,
      bytes: () =>
        Buffer.from(`${before}${CSV_HEADER}${end}"Nov 24, 2026 @ 02:46:51.148",abc,"WmiPrvSE.exe"${end}`),
      events: [],
      code: 'UnsupportedFormat',
      also: ({ report }) => {
        expect(report.detail).toContain('CSV');
        expect(report.suspiciousCount).toBe(0);
      },
    }),
  ),
  {
    id: 'H17',
    what: 'CSV of Kibana with many columns, compressed',
    bytes: () => gz(`${CSV_HEADER}${',"registry.data.strings"'.repeat(40)}\n"Nov 24",abc\n`),
    events: [],
    code: 'UnsupportedFormat',
  },
  ...['', '\ufeff', ' '].map(
    (before): Row => ({
      id: 'H17',
      what: `a line of names, and events below it, behind ${JSON.stringify(before)}`,
      bytes: () => Buffer.from(`${before}${CSV_HEADER}\n${two}`),
      events: ['e1', 'e2'],
      skipped: { InvalidJson: 1 },
    }),
  ),
  {
    id: 'H17',
    what: 'xz inside gzip',
    bytes: () => gz(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4])),
    events: [],
    code: 'UnsupportedFormat',
  },
  {
    id: 'H18',
    what: 'a byte order mark, and one after each member',
    bytes: () => joined(gz(`\ufeff${one}`), gz(`\ufeff${ndjson([event(2)])}`)),
    events: ['e1', 'e2'],
  },
  { id: 'H19', what: 'UTF-16LE with a mark', bytes: () => utf16le(`\ufeff${two}`), events: ['e1', 'e2'] },
  { id: 'H19', what: 'UTF-16BE with a mark', bytes: () => utf16be(`\ufeff${two}`), events: ['e1', 'e2'] },
  { id: 'H20', what: 'UTF-16LE without a mark', bytes: () => utf16le(two), events: ['e1', 'e2'] },
  { id: 'H20', what: 'UTF-16BE without a mark', bytes: () => utf16be(two), events: ['e1', 'e2'] },
  {
    id: 'H21',
    what: 'bytes that are not UTF-8',
    bytes: () =>
      joined(
        ...[[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80]].flatMap((bytes, at) => [
          `{"event":{"id":"e${at}"},"p":"`,
          Buffer.from(bytes),
          '\ufffd"}\n',
        ]),
      ),
    events: ['e0', 'e1', 'e2', 'e3'],
    also: ({ report, events }) => {
      expect(report.invalidUtf8).toBe(4);
      for (const { document } of events) expect(document['p']).toMatch(/^\ufffd+$/);
    },
  },
  {
    id: 'H21',
    what: 'a replacement character that is UTF-8',
    bytes: () => '{"event":{"id":"e1"},"p":"\ufffd"}\n',
    events: ['e1'],
    also: ({ report }) => expect(report.invalidUtf8).toBe(0),
  },
  ...['\n', '\r\n', '\r', '\n\n\n', '\n \t\r\n'].map(
    (separator): Row => ({
      id: 'H23',
      what: `records between ${JSON.stringify(separator)}`,
      bytes: () => [1, 2, 3].map(number => JSON.stringify(event(number))).join(separator),
      events: ['e1', 'e2', 'e3'],
    }),
  ),
  ...['\u2028', '\u2029', '\u0085'].map(
    (character): Row => ({
      id: 'H24',
      what: `a raw U+${character.charCodeAt(0).toString(16)} in a string`,
      bytes: () => ndjson([event(1, { p: `a${character}b` }), event(2)]),
      events: ['e1', 'e2'],
      also: ({ events }) => expect(events[0]!.document['p']).toBe(`a${character}b`),
    }),
  ),
  {
    id: 'H24',
    what: 'an escaped VT and FF in a string',
    bytes: () => ndjson([event(1, { p: 'a\v\fb' })]),
    events: ['e1'],
  },
  {
    id: 'H25',
    what: 'a zero byte in a string',
    bytes: () => line('{"event":{"id":"x\0"}}'),
    events: ['e1', 'e2'],
    skipped: { InvalidJson: 1 },
  },
  {
    id: 'H25',
    what: 'zero bytes between records',
    bytes: () => joined(one, Buffer.alloc(100_000), ndjson([event(2)])),
    events: ['e1', 'e2'],
    options: { chunk: 4096 },
  },
  { id: 'H26', what: 'an array', bytes: () => JSON.stringify([event(1), event(2)]), events: ['e1', 'e2'] },
  {
    id: 'H26',
    what: 'Records',
    bytes: () => JSON.stringify({ Records: [event(1), event(2)] }),
    events: ['e1', 'e2'],
  },
  { id: 'H26', what: 'pretty documents', bytes: () => JSON.stringify(event(1), null, 2), events: ['e1'] },
  {
    id: 'H27',
    what: 'lines of text',
    bytes: () => '2026-11-24 wmiprvse.exe, "Run"\n2026-11-24 wmiprvse.exe\n',
    events: [],
    code: 'NoReadableRecords',
    skipped: { InvalidJson: 2 },
  },
  {
    id: 'H27',
    what: 'an error of Elasticsearch',
    bytes: () => JSON.stringify({ error: { type: 'x' }, status: 404 }),
    events: [],
    code: 'NoReadableRecords',
    skipped: { NotAnEvent: 1 },
  },
  {
    id: 'H30',
    what: 'a record of one byte less than allowed',
    bytes: () => line(filled(999)),
    events: ['e1', 'long', 'e2'],
    options: { limits: { maxRecordBytes: 1000 } },
  },
  {
    id: 'H30',
    what: 'a record as long as allowed',
    bytes: () => line(filled(1000)),
    events: ['e1', 'long', 'e2'],
    options: { limits: { maxRecordBytes: 1000 } },
  },
  {
    id: 'H30',
    what: 'a record of one byte more than allowed',
    bytes: () => line(filled(1001)),
    events: ['e1', 'e2'],
    skipped: { RecordOversize: 1 },
    options: { limits: { maxRecordBytes: 1000 } },
  },
  {
    id: 'H16',
    what: 'plain text where a name or header says gzip: only content is asked',
    bytes: () => one,
    events: ['e1'],
  },
  {
    id: 'H22',
    what: 'characters of two, three and four bytes, split anywhere',
    bytes: () => ndjson([event(1, { p: 'é中\u{1f600}' })]),
    events: ['e1'],
    also: ({ events }) => expect(events[0]!.document['p']).toBe('é中\u{1f600}'),
  },
  {
    id: 'H28',
    what: 'a line of 9 MiB',
    bytes: () => line(`{"p":"${'x'.repeat(9 * 1024 ** 2)}"}`),
    events: ['e1', 'e2'],
    skipped: { RecordOversize: 1 },
    options: { chunk: 100_000 },
  },
  {
    id: 'H29',
    what: 'lines of two bytes',
    bytes: () => '{}\n'.repeat(20_000),
    options: { chunk: 4096 },
    also: ({ report }) => expect(report.records).toBe(20_000),
  },
];

const DOCUMENTS: readonly Row[] = [
  { id: 'H31', what: 'nesting of 64', bytes: () => line(nested(64)), events: ['e1', null, 'e2'] },
  {
    id: 'H31',
    what: 'nesting of 65',
    bytes: () => line(nested(65)),
    events: ['e1', 'e2'],
    skipped: { TooDeep: 1 },
  },
  {
    id: 'H31',
    what: 'nesting of 1,000',
    bytes: () => line(nested(1000)),
    events: ['e1', 'e2'],
    skipped: { TooDeep: 1 },
  },
  {
    id: 'H31',
    what: 'nesting of 5,000, never closed',
    bytes: () => line('['.repeat(5000)),
    events: ['e1', 'e2'],
    code: 'JsonTruncated',
    skipped: { TooDeep: 1 },
  },
  {
    id: 'H31',
    what: 'a value behind a deep one on its line',
    bytes: () => `${one}${nested(100)}${ndjson([event(2)])}`,
    events: ['e1', 'e2'],
    skipped: { TooDeep: 1 },
  },
  {
    id: 'H32',
    what: 'keys of the prototype',
    bytes: () =>
      ndjson([
        JSON.parse(
          '{"event":{"id":"e1"},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":2}',
        ),
      ]),
    events: ['e1'],
    also: ({ events }) => {
      expect(({} as Readonly<Record<string, unknown>>)['polluted']).toBeUndefined();
      expect(Object.keys(events[0]!.document)).toContain('__proto__');
    },
  },
  {
    id: 'H34',
    what: 'duplicate keys',
    bytes: () => '{"event":{"id":"a"},"event":{"id":"b"}}',
    events: ['b'],
  },
  {
    id: 'H37',
    what: 'an event that is a text',
    bytes: () => '{"event":5,"registry":{"path":null}}',
    events: [null],
  },
  {
    id: 'H38',
    what: 'numbers of every kind',
    bytes: () =>
      `{"event":{"id":"n"},"a":1e999,"b":-0,"c":9007199254740993,"d":${'9'.repeat(100_000)},"e":-9007199254740993,"f":1.0000000000000000001}`,
    events: ['n'],
    options: { chunk: 5000 },
    also: ({ events }) => {
      const { a, b, c, d, e, f } = events[0]!.document;
      expect([a, b, c, d, e, f]).toEqual([Infinity, -0, 9007199254740993n, Infinity, -9007199254740993n, 1]);
    },
  },
  ...[
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":1,}',
    '{"a":1 /* x */}',
    "{'a':1}",
    '{"a":01}',
    '{"a" 1}',
    '{"a":1}}',
    '{a:1}',
  ].map(
    (json): Row => ({
      id: 'H39',
      what: json,
      bytes: () => line(json),
      events: json === '{"a":1}}' ? ['e1', null, 'e2'] : ['e1', 'e2'],
      skipped: { InvalidJson: 1 },
    }),
  ),
  ...['5', '"x"', 'null', '[]', 'true', '-1.5e3'].map(
    (json): Row => ({
      id: 'H40',
      what: json,
      bytes: () => line(json),
      events: ['e1', 'e2'],
      skipped: { NotAnObject: 1 },
    }),
  ),
  {
    id: 'H40',
    what: 'an array of scalars',
    bytes: () => '[5,"a,b]",null,{"event":{"id":"e1"}},[1]]',
    events: ['e1'],
    skipped: { NotAnObject: 4 },
  },
  { id: 'H40', what: 'an empty array alone', bytes: () => '[]\n', events: [], skipped: { NotAnObject: 1 } },
  { id: 'H41', what: 'a lone surrogate', bytes: () => '{"event":{"id":"\\ud800"}}', events: ['\ud800'] },
  {
    id: 'H42',
    what: 'an escaped and a raw A',
    bytes: () => '{"event":{"id":"\\u0041"}}\n{"event":{"id":"A"}}',
    events: ['A', 'A'],
  },
  {
    id: 'H43',
    what: '10,000 keys',
    bytes: () => line(keys(10_000)),
    events: ['e1', null, 'e2'],
    options: { chunk: 5000 },
  },
  {
    id: 'H43',
    what: '10,001 keys',
    bytes: () => line(keys(10_001)),
    events: ['e1', 'e2'],
    skipped: { TooWide: 1 },
    options: { chunk: 5000 },
  },
  {
    id: 'H43',
    what: 'a key of 64 KB',
    bytes: () => line(`{"event":{"id":"k"},"${'k'.repeat(65_536)}":1}`),
    events: ['e1', 'k', 'e2'],
    options: { chunk: 5000 },
  },
  {
    id: 'H44',
    what: 'keys that are numbers and near them',
    bytes: () => line(`{${Array.from({ length: 9000 }, (_, key) => `"${key * 4294967}":1`).join()}}`),
    events: ['e1', null, 'e2'],
    options: { chunk: 5000 },
  },
];

describe.each([
  ['containers and encodings', CONTAINERS],
  ['documents', DOCUMENTS],
] as const)('hostile input: %s', (_, rows) => {
  it.each(rows)('$id $what', async ({ bytes, events, code = null, skipped = {}, options = {}, also }) => {
    const input = await bytes();
    const whole = await read(input, options);
    for (const chunk of options.chunk ? [options.chunk, undefined] : CHUNKS) {
      const reading = await read(input, { ...options, chunk });
      expect(essence(reading)).toEqual(essence(whole));
    }
    if (events) expect(ids(whole)).toEqual(events);
    expect(whole.report).toMatchObject({ outcome: code ? 'quarantined' : 'complete', code });
    expect(whole.report.skipped).toMatchObject(skipped);
    const expected = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    expect(Object.values(whole.report.skipped).reduce((sum, count) => sum + count)).toBe(expected);
    also?.(whole);
  });
});

describe('hostile input: hiding places', () => {
  const literals = ['wmiprvse.exe'];
  const hidden: readonly (readonly [string, string])[] = [
    [
      'RecordOversize',
      `{"event":{"id":"x"},"f":"${'x'.repeat(3000)}","p":"WMIPRVSE.EXE","g":"${'y'.repeat(3000)}"}`,
    ],
    [
      'RecordOversize',
      `{"event":{"id":"x"},"f":"${'x'.repeat(3000)}","p":"wmi\\u0050rvse\\u002EeXe","g":"${'y'.repeat(3000)}"}`,
    ],
    ['TooDeep', nested(100).replace('1', '"a WmiPrvSE.exe b"')],
    ['TooWide', keys(200).replace('1', '"WmiPrvSE.exe"')],
    ['InvalidJson', '{"p":"WmiPrvSE.exe",}'],
    ['InvalidJson', 'Nov 24 ws-1 agent: {"p":"WmiPrvSE.exe"}'],
    ['InvalidJson', '{"log":"{\\"p\\":\\"wmi\\\\u0070rvse.exe\\"'],
    ['NotAnObject', '"wmiprvse.exe"'],
    ['InvalidJson', '\v{"p":"wmiprvse.exe"}'],
  ];

  it.each(hidden)('%s with a literal is suspicious', async (code, json) => {
    const options = { literals, limits: { maxRecordBytes: 4000, maxKeys: 100 } };
    for (const chunk of CHUNKS) {
      const { report } = await read(line(json), { ...options, chunk });
      expect(report.suspicious).toEqual([{ code, record: 2, offset: one.length }]);
      expect(report.suspiciousCount).toBe(1);
    }
  });

  it('is not where the literal is not', async () => {
    const { report } = await read(line('{"p":"wmi\\u0026\\u0070.exe",}'), { literals });
    expect(report).toMatchObject({ suspiciousCount: 0, skipped: { InvalidJson: 1 } });
  });

  it('is one where a literal beyond the first plane is escaped as its two halves', async () => {
    const { report } = await read(line('{"p":"\\ud83d\\ude00z",}'), { literals: ['\u{1f600}z'] });
    expect(report.suspiciousCount).toBe(1);
  });

  it('is watched as well where every record is decoded', async () => {
    const { report } = await read(line('{"p":"WmiPrvSE.exe",}'), { literals: null, watched: literals });
    expect(report.suspiciousCount).toBe(1);
  });
});
