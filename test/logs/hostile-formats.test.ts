import { expect } from 'vitest';
import { checkRows, gz, joined, one, type Row, two } from './hostile-row.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const CSV_HEADER = '"@timestamp","_id",message,"registry.path"';

const ROWS: readonly Row[] = [
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
    id: 'H16',
    what: 'plain text where a name or header says gzip: only content is asked',
    bytes: () => one,
    events: ['e1'],
  },
];

checkRows('formats that are not read', ROWS);
