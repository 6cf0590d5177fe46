import { constants, crc32, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { event } from './reading.ts';

export type Draw = () => number;

/** A log as some exporter may have laid it out, and what it holds. */
export type Layout = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly chunks: readonly Buffer[];
  readonly documents: readonly object[];
};

const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)]!;

/** Characters that have been split, folded or taken for line ends. */
const TEXTS = [
  'x.exe',
  'ünï',
  '中文',
  '\u{1f600}',
  'a\u2028b',
  'c\u2029d',
  '\u0085',
  '\v\f',
  'q"q',
  'b\\s',
  '\u0000',
  '\t\n\r',
  '{"a":[1}',
  '}{',
  '],[',
  '\u212a',
];

function documentsOf(draw: Draw): object[] {
  return Array.from({ length: Math.floor(draw() * 8) + 1 }, (_, number) =>
    event(number, {
      registry: {
        path: `HKLM\\Run\\${pick(draw, TEXTS)}`,
        data: { strings: Array.from({ length: Math.floor(draw() * 3) }, () => pick(draw, TEXTS)) },
      },
      ...(draw() < 0.02 ? { filler: pick(draw, TEXTS).repeat(Math.floor(draw() * 4000)) } : {}),
    }),
  );
}

export type Framing = {
  readonly name: string;
  readonly frame: (documents: readonly object[], draw: Draw) => string;
};

const json = (value: unknown): string => JSON.stringify(value);
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
const hit = (document: object, at: number): object => ({
  _index: 'logs-x',
  _id: String(at),
  _score: 1,
  _source: document,
});

function flat(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? flat(inner as object, `${prefix}${key}.`)
      : [[`${prefix}${key}`, inner]],
  );
}

export const FRAMINGS = Object.entries<Framing['frame']>({
  lines: (documents, draw) => joined(documents.map(json), '\n', draw),
  'CRLF lines': (documents, draw) => joined(documents.map(json), '\r\n', draw),
  'CR lines': (documents, draw) => joined(documents.map(json), '\r', draw),
  'lines with blank ones': (documents, draw) => joined(documents.map(json), '\n\n \r\n', draw),
  'lines with zero bytes between': documents => documents.map(json).join('\n\0\0\0\n'),
  'nothing between': documents => documents.map(json).join(''),
  'blanks between': documents => documents.map(json).join(' \t'),
  'two on a line': documents =>
    documents.map((document, at) => `${json(document)}${at % 2 ? '\n' : ''}`).join(''),
  'one-line array': documents => json(documents),
  'pretty array': documents => pretty(documents),
  'array with a line each': documents => `[\n${documents.map(json).join(',\n')}\n]\n`,
  'array with commas first': documents => `[${documents.map(json).join('\n,')}\n]\n`,
  'pretty values': documents => documents.map(pretty).join('\n'),
  'pretty values with blank lines': documents => documents.map(pretty).join('\n\n'),
  'lines, then pretty': documents =>
    documents.map((document, at) => (at < 2 ? json(document) : pretty(document))).join('\n'),
  hits: documents => documents.map((document, at) => `${json(hit(document, at))}\n`).join(''),
  'array of hits': documents => json(documents.map(hit)),
  'search response': documents =>
    json({ took: 3, timed_out: false, hits: { total: { value: 9 }, hits: documents.map(hit) } }),
  'pretty search response': documents =>
    pretty({ took: 3, hits: { hits: documents.map(hit) }, aggregations: {} }),
  'search responses in lines': documents =>
    documents.map((document, at) => `${json({ took: 1, hits: { hits: [hit(document, at)] } })}\n`).join(''),
  bulk: documents =>
    documents.map(document => `${json({ create: { _index: 'logs-x' } })}\n${json(document)}\n`).join(''),
  'Data Prepper': documents => json({ events: documents }),
  Records: documents => pretty({ Records: documents }),
  es_archiver: documents =>
    documents
      .map((document, at) =>
        pretty({ type: 'doc', value: { id: String(at), index: 'logs-x', source: document } }),
      )
      .join('\n\n'),
  message: documents =>
    documents.map(document => `${json({ '@timestamp': 't', message: json(document) })}\n`).join(''),
  'log in message': documents =>
    documents
      .map(document => json({ date: 1, log: json({ '@timestamp': 't', message: json(document) }) }))
      .join('\n'),
  _raw: documents =>
    documents.map(document => `${json({ _raw: json(document), _time: 1, cribl_pipe: 'p' })}\n`).join(''),
  'event.original twice': documents =>
    documents
      .map(
        document =>
          `${json({ ...document, '@version': '1', event: { ...(document as { event: object }).event, original: json(document) } })}\n`,
      )
      .join(''),
}).map(([name, frame]) => ({ name, frame }));

function joined(lines: readonly string[], separator: string, draw: Draw): string {
  return lines.join(separator) + (draw() < 0.5 ? separator : '');
}

export function encoded(text: string, draw: Draw): readonly [string, Buffer] {
  const kind = draw();
  if (kind < 0.75) return ['', Buffer.from(text)];
  if (kind < 0.85) return [' with BOM', Buffer.from(`\ufeff${text}`)];
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  return kind < 0.95 ? [' as UTF-16LE', little] : [' as UTF-16BE', Buffer.from(little).swap16()];
}

/** Cut into parts anywhere, also within characters. */
function parts(bytes: Buffer, draw: Draw): Buffer[] {
  const cuts = Array.from({ length: Math.floor(draw() * 4) }, () => Math.floor(draw() * bytes.length)).sort(
    (one, other) => one - other,
  );
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at] ?? bytes.length));
}

const skippable = (draw: Draw): Buffer => {
  const content = Buffer.alloc(Math.floor(draw() * 20), 'z');
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + Math.floor(draw() * 16), 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
};

const padding = (draw: Draw): Buffer => Buffer.alloc(draw() < 0.3 ? Math.floor(draw() * 600) : 0);

function gzipMember(part: Buffer, draw: Draw): Buffer {
  if (draw() < 0.7) return gzipSync(part, { level: Math.floor(draw() * 10) });
  const flags = Math.floor(draw() * 32);
  const fields = [
    flags & 4 ? Buffer.from([3, 0, 1, 2, 3]) : null,
    flags & 8 ? Buffer.from('name.json\0') : null,
    flags & 16 ? Buffer.from('a comment\0') : null,
    flags & 2 ? Buffer.from([7, 7]) : null,
  ];
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(part), 0);
  trailer.writeUInt32LE(part.length, 4);
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
    ...fields.filter(field => field !== null),
    deflateRawSync(part),
    trailer,
  ]);
}

const COMPRESSIONS = Object.entries<(bytes: Buffer, draw: Draw) => Buffer>({
  plain: bytes => bytes,
  gzip: (bytes, draw) =>
    Buffer.concat(parts(bytes, draw).flatMap(part => [gzipMember(part, draw), padding(draw)])),
  zlib: bytes => deflateSync(bytes),
  zstd: (bytes, draw) =>
    Buffer.concat([
      ...(draw() < 0.2 ? [skippable(draw)] : []),
      ...parts(bytes, draw).flatMap(part => [
        zstdCompressSync(part, { params: { [constants.ZSTD_c_checksumFlag]: draw() < 0.5 ? 1 : 0 } }),
        draw() < 0.2 ? skippable(draw) : Buffer.alloc(0),
      ]),
      padding(draw),
    ]),
  zip: (bytes, draw) => zipOf([bytes], draw),
}).map(([name, pack]) => ({ name, pack }));

/** A zip archive with an entry for each file, stored or deflated, with or without descriptors. */
export function zipOf(files: readonly Buffer[], draw: Draw): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [at, file] of files.entries()) {
    const isDeflated = draw() < 0.6;
    const hasDescriptor = draw() < 0.5;
    const data = isDeflated ? deflateRawSync(file) : file;
    const name = Buffer.from(`part-${at}.json`);
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc32(file), 0);
    sums.writeUInt32LE(data.length, 4);
    sums.writeUInt32LE(file.length, 8);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(hasDescriptor ? 8 : 0, 2);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.from(common);
    if (!hasDescriptor) sums.copy(local, 10);
    sums.copy(common, 10);
    const descriptor = !hasDescriptor
      ? []
      : draw() < 0.5
        ? [Buffer.from('PK\x07\x08'), sums]
        : isDeflated
          ? [sums]
          : [Buffer.from('PK\x07\x08'), sums];
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), local, name, data, ...descriptor]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, place, name]));
    entries.push(entry);
    offset += entry.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...entries, listed, Buffer.from('PK\x05\x06'), end]);
}

/** Draws a layout. */
export function layoutOf(draw: Draw): Layout {
  const documents = documentsOf(draw);
  const framing = pick(draw, FRAMINGS);
  const [encoding, text] = encoded(framing.frame(documents, draw), draw);
  const outer = pick(draw, COMPRESSIONS);
  const inner = draw() < 0.15 && outer.name !== 'plain' ? pick(draw, COMPRESSIONS) : COMPRESSIONS[0]!;
  const bytes = outer.pack(inner.pack(text, draw), draw);
  return {
    name: `${framing.name}${encoding}, ${inner.name} in ${outer.name}`,
    bytes,
    chunks: chunked(bytes, draw),
    documents,
  };
}

function chunked(bytes: Buffer, draw: Draw): Buffer[] {
  // Single bytes cost a turn of the event loop each: only short logs come in them.
  const most = pick(
    draw,
    bytes.length < 2000 ? [1, 2, 7, 100, 4096] : [50, 100, 1000, 4096, bytes.length + 1],
  );
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunks.at(-1)!.length)
    chunks.push(bytes.subarray(at, at + 1 + Math.floor(draw() * most)));
  return chunks;
}

/** Documents as ES|QL gives them: one column for each field. */
export function esql(documents: readonly object[]): string {
  const columns = [...new Set(documents.flatMap(document => flat(document).map(([name]) => name)))];
  return json({
    took: 1,
    columns: columns.map(name => ({ name, type: 'keyword' })),
    values: documents.map(document => columns.map(name => Object.fromEntries(flat(document))[name] ?? null)),
  });
}
