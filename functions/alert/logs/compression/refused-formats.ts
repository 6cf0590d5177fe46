/** A format that is not read: its name and what to change at the exporter. */
export type Refused = { readonly name: string; readonly instead: string };

type Row = Refused & { readonly magic: readonly (readonly number[])[]; readonly at?: number };

const latin1 = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')];

const AS_GZIP = 'have the exporter compress with gzip or zstd, or not at all';
const AS_NDJSON = 'have the exporter write newline-delimited JSON, compressed with gzip or zstd';

const ROWS: readonly Row[] = [
  { name: 'xz', magic: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]], instead: AS_GZIP },
  {
    name: 'lzma',
    magic: [
      [0x5d, 0, 0, 0x80, 0],
      [0x5d, 0, 0, 0, 1],
      [0x5d, 0, 0, 0, 4],
    ],
    instead: AS_GZIP,
  },
  { name: 'lzip', magic: [latin1('LZIP')], instead: AS_GZIP },
  {
    name: 'lz4',
    magic: [
      [0x04, 0x22, 0x4d, 0x18],
      [0x02, 0x21, 0x4c, 0x18],
    ],
    instead: AS_GZIP,
  },
  { name: 'snappy', magic: [[0xff, 6, 0, 0, ...latin1('sNaPpY')], latin1('\x82SNAPPY\0')], instead: AS_GZIP },
  { name: '7z', magic: [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]], instead: AS_GZIP },
  { name: 'rar', magic: [latin1('Rar!\x1a\x07')], instead: AS_GZIP },
  { name: 'compress (.Z)', magic: [[0x1f, 0x9d]], instead: AS_GZIP },
  {
    name: 'zstd before 0.8',
    magic: [0x22, 0x23, 0x24, 0x25, 0x26, 0x27].map(low => [low, 0xb5, 0x2f, 0xfd]),
    instead: AS_GZIP,
  },
  {
    name: 'tar',
    magic: [latin1('ustar')],
    at: 257,
    instead: 'have the exporter upload the files individually',
  },
  { name: 'parquet', magic: [latin1('PAR1'), latin1('PARE')], instead: AS_NDJSON },
  { name: 'avro', magic: [latin1('Obj\x01')], instead: AS_NDJSON },
  { name: 'orc', magic: [latin1('ORC')], instead: AS_NDJSON },
  { name: 'arrow', magic: [latin1('ARROW1'), latin1('FEA1')], instead: AS_NDJSON },
  { name: 'smile', magic: [latin1(':)\n')], instead: AS_NDJSON },
  {
    name: 'evtx',
    magic: [latin1('ElfFile\0')],
    instead: 'export the events from Elasticsearch, not from Windows',
  },
  {
    name: 'lucene (a file of an Elasticsearch snapshot)',
    magic: [[0x3f, 0xd7, 0x6c, 0x17]],
    instead: 'export the documents, for example with elasticdump; a snapshot can only be restored',
  },
  {
    name: 'UTF-32',
    magic: [
      [0xff, 0xfe, 0, 0],
      [0, 0, 0xfe, 0xff],
    ],
    instead: 'write the log as UTF-8',
  },
];

/** As many first bytes as the rows need. */
export const HEAD_BYTES = 512;

/** The format of unsupported content, by its first bytes; `null` if it is none of those. */
export function refusedFormat(head: Buffer): Refused | null {
  const row = ROWS.find(({ magic, at = 0 }) =>
    magic.some(bytes => bytes.every((byte, index) => head[at + index] === byte)),
  );
  if (row) return row;
  if (isRawSnappy(head, 0) || isRawSnappy(head, 8)) return { name: 'snappy', instead: AS_GZIP };
  return isCsv(head.toString('utf8').replace(/^\ufeff/, '')) ? CSV : null;
}

const CSV: Refused = {
  name: 'CSV (as Kibana exports it)',
  instead: 'export the documents as newline-delimited JSON, for example with elasticdump',
};

/**
 * A first line of only names between commas, of which Kibana quotes those that are not plain words, and no JSON
 * directly below. Its last name may be cut off by the end of the head.
 */
function isCsv(head: string): boolean {
  if (!/^["A-Za-z]/.test(head)) return false;
  const [line, below] = head.split(/\r?\n/, 2);
  const names = line!.split(',');
  const whole = below === undefined ? names.slice(0, -1) : names;
  return (
    names.length > 1 &&
    whole.every(name => /^("[\w@. -]+"|[A-Za-z0-9]+)$/.test(name)) &&
    whole.some(name => /[@._]/.test(name)) &&
    !/^[\s{[]/.test(below ?? '')
  );
}

/**
 * Snappy without a frame has no magic: a length, a literal's tag, then the log's first bytes. Hadoop puts two lengths
 * before.
 */
function isRawSnappy(head: Buffer, from: number): boolean {
  const isHadoop = from === 8;
  if (head.length < from + 8 || (isHadoop ? head[0] !== 0 : /^[\s{[]/.test(head.toString('latin1', 0, 1))))
    return false;
  let at = from;
  while (at < from + 5 && head[at]! >= 0x80) at++;
  const tag = head[at + 1]!;
  if ((tag & 3) !== 0) return false;
  const text = at + 2 + (tag >> 2 >= 60 ? (tag >> 2) - 59 : 0);
  return head.toString('latin1', text, text + 2) === '{"';
}
