import { describe, expect, it } from 'vitest';
import { esql } from './layouts.ts';
import { essence, event, read } from './reading.ts';

const doc = event(1);
const other = event(2);
const text = (value: unknown): string => JSON.stringify(value);
const dotted = { 'event.id': ['e1'], 'registry.path': ['HKLM\\x'], 'event.type': ['change'] };

type Row = {
  readonly what: string;
  readonly log: unknown;
  readonly documents: readonly unknown[];
  readonly index?: string | null;
  readonly records?: number;
};

const rows: readonly Row[] = [
  { what: 'a bare document', log: doc, documents: [doc] },
  { what: 'a hit', log: { _index: 'i', _id: '1', _score: 1, _source: doc }, documents: [doc], index: 'i' },
  {
    what: 'a hit with fields beside its source',
    log: { _index: 'i', _source: doc, fields: dotted },
    documents: [doc],
    index: 'i',
  },
  {
    what: 'a hit with fields alone',
    log: { _index: 'i', _id: '1', fields: dotted },
    documents: [dotted],
    index: 'i',
  },
  {
    what: 'a hit with an empty source and fields',
    log: { _index: 'i', _source: {}, fields: dotted },
    documents: [dotted],
    index: 'i',
  },
  {
    what: 'a hit with a part of its source and all fields',
    log: {
      _index: 'i',
      _source: { event: { category: 'registry' } },
      fields: { ...dotted, 'event.category': ['registry'] },
    },
    documents: [{ event: { category: 'registry' }, ...dotted }],
    index: 'i',
  },
  {
    what: 'an event below one of another category',
    log: { event: { category: 'network' }, payload: [{ inner: doc }] },
    documents: [{ event: { category: 'network' }, payload: [{ inner: doc }] }, doc],
  },
  {
    what: 'a document within an action of _bulk',
    log: { index: { _x: doc } },
    documents: [doc],
  },
  { what: 'a hit within an action of _bulk', log: { delete: { _source: doc } }, documents: [doc] },
  { what: 'an event within an error', log: { error: doc, status: 200 }, documents: [doc] },
  { what: 'an event within a mapping', log: { x: { mappings: doc } }, documents: [doc] },
  {
    what: 'a document with fields of its own',
    log: { ...doc, _id: '1', fields: { env: 'prod' } },
    documents: [{ env: 'prod' }, { ...doc, _id: '1', fields: { env: 'prod' } }],
  },
  {
    what: 'a document that says its index',
    log: { ...doc, _index: 'own' },
    documents: [{ ...doc, _index: 'own' }],
    index: null,
  },
  {
    what: 'a search response',
    log: { took: 1, hits: { hits: [{ _index: 'i', _source: doc }] } },
    documents: [doc],
    index: 'i',
  },
  { what: 'a search response without hits', log: { took: 1, hits: { hits: [] } }, documents: [], records: 0 },
  {
    what: 'a search response behind a key of its own',
    log: { cluster: 'x', took: 1, hits: { hits: [{ _index: 'i', _source: doc }] } },
    documents: [doc, { cluster: 'x', took: 1, hits: { hits: [{ _index: 'i', _source: doc }] } }],
    index: 'i',
  },
  {
    what: 'a search response that is an event as well',
    log: { took: 1, hits: { hits: [doc] }, event: { category: 'x' } },
    documents: [doc, { took: 1, hits: { hits: [] }, event: { category: 'x' } }],
    records: 2,
  },
  {
    what: 'an event with hits of its own',
    log: { event: { id: 'h' }, hits: 3 },
    documents: [{ event: { id: 'h' }, hits: 3 }],
  },
  { what: 'Data Prepper', log: { events: [doc, other] }, documents: [doc, other], records: 2 },
  {
    what: 'a document with events of its own',
    log: { ...doc, events: [{ a: 1 }] },
    documents: [{ ...doc, events: [{ a: 1 }] }],
  },
  { what: 'Records', log: { Records: [doc, other] }, documents: [doc, other], records: 2 },
  {
    what: 'es_archiver',
    log: { type: 'doc', value: { id: '1', index: 'i', source: doc } },
    documents: [doc],
    index: 'i',
  },
  {
    what: 'an archived value alone',
    log: { id: '1', index: 'i', source: doc },
    documents: [doc],
    index: 'i',
  },
  {
    what: 'an event with a source of its own',
    log: { ...doc, source: { ip: '::1' } },
    documents: [{ ...doc, source: { ip: '::1' } }],
  },
  { what: 'a bulk update', log: { doc, doc_as_upsert: true }, documents: [doc] },
  {
    what: 'CloudWatch Logs',
    log: {
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logEvents: [{ id: '1', timestamp: 1, message: text(doc) }],
    },
    documents: [doc],
  },
  { what: 'message', log: { '@timestamp': 't', message: text(doc) }, documents: [doc] },
  {
    what: 'message in a hit: not from the hit\u2019s index',
    log: { _index: 'filebeat-x', _source: { '@timestamp': 't', message: text(doc) } },
    documents: [doc],
    index: null,
  },
  { what: 'log of Fluent Bit', log: { date: 't', log: text(doc) }, documents: [doc] },
  {
    what: '_raw of Cribl',
    log: { _raw: text(doc), _time: 1, host: 'h', source: 's', cribl_pipe: 'p' },
    documents: [doc],
  },
  { what: 'event.original', log: { '@timestamp': 't', event: { original: text(doc) } }, documents: [doc] },
  {
    what: 'event.original, dotted',
    log: { '@timestamp': 't', 'event.original': text(doc) },
    documents: [doc],
  },
  {
    what: 'the same document twice',
    log: { ...doc, event: { ...(doc as { event: object }).event, original: text(doc) } },
    documents: [{ ...doc, event: { ...(doc as { event: object }).event, original: text(doc) } }],
  },
  {
    what: 'the same text in two fields',
    log: { message: text(doc), event: { original: text(doc) } },
    documents: [doc],
  },
  {
    what: 'another document in an event',
    log: { ...doc, message: text(other) },
    documents: [{ ...doc, message: text(other) }, other],
  },
  {
    what: 'text that is a hit',
    log: { message: text({ _index: 'i', _source: doc }) },
    documents: [doc],
    index: 'i',
  },
  { what: 'text two deep', log: { message: text({ log: text(doc) }) }, documents: [doc] },
  {
    what: 'text that is an array in an array',
    log: { message: text([[doc], [[other]], 1]) },
    documents: [doc, other],
  },
  { what: 'Splunk HEC', log: { time: 1, host: 'h', event: doc }, documents: [doc] },
  { what: 'a payload', log: { payload: { schema: 's', body: [doc, [other]] } }, documents: [doc, other] },
  { what: 'a document five deep', log: { a: { b: [{ c: { d: doc } }] } }, documents: [doc] },
  { what: 'a hit in a queue', log: { data: { _index: 'i', _source: doc } }, documents: [doc] },
  { what: 'a bulk upsert by script', log: { script: { source: 's' }, upsert: doc }, documents: [doc] },
  { what: 'a bulk update with an upsert', log: { doc: { a: 1 }, upsert: doc }, documents: [{ a: 1 }, doc] },
  {
    what: 'an event that quotes another one',
    log: { ...doc, related: other },
    documents: [{ ...doc, related: other }, other],
  },
  {
    what: 'text three deep',
    log: { message: text({ log: text({ _raw: text(doc) }) }) },
    documents: [{ _raw: text(doc) }],
  },
  { what: 'text that is an array', log: { message: text([doc, other]) }, documents: [doc, other] },
  {
    what: 'an event whose message only looks like JSON',
    log: { ...doc, message: '{not json' },
    documents: [{ ...doc, message: '{not json' }],
  },
  { what: 'an empty document', log: {}, documents: [{}] },
];

describe('envelopes', () => {
  it.each(rows)('$what', async ({ log, documents, index = null, records = 1 }) => {
    for (const written of [JSON.stringify(log), JSON.stringify(log, null, 2)])
      for (const chunk of [1, 10, undefined]) {
        const { events, report } = await read(written, { chunk });
        expect(events.map(({ document }) => document)).toEqual(documents);
        expect(report).toMatchObject({ outcome: 'complete', records, events: documents.length });
        if (documents.length > 0) expect(events[0]!.index).toBe(index);
      }
  });

  it('opens ES|QL row by row, with the index where it is a column', async () => {
    const flat = [
      { _index: 'i', event: { id: 'a' }, n: 1 },
      { _index: 'j', event: { id: 'b' } },
    ];
    for (const chunk of [1, 7, undefined]) {
      const { events, report } = await read(esql(flat), { chunk });
      expect(events.map(({ document, index, record }) => ({ document, index, record }))).toEqual([
        { document: { _index: 'i', 'event.id': 'a', n: 1 }, index: 'i', record: 1 },
        { document: { _index: 'j', 'event.id': 'b' }, index: 'j', record: 2 },
      ]);
      expect(report).toMatchObject({ records: 2, outcome: 'complete' });
    }
  });

  it('opens ES|QL whose values come first', async () => {
    const { events } = await read(
      '{"values":[["a"],["b"]],"columns":[{"name":"event.id","type":"keyword"}]}',
    );
    expect(events.map(({ document }) => document)).toEqual([{ 'event.id': 'a' }, { 'event.id': 'b' }]);
  });

  it('takes the index of a document from the action line before it, and of no other', async () => {
    const log = [
      { index: { _index: 'a', _id: '1' } },
      event(1),
      { create: {} },
      event(2),
      { update: { _index: 'b', _id: '3' } },
      { doc: event(3) },
      { delete: { _index: 'c', _id: '4' } },
      { index: { _index: 'd' } },
      event(5),
      event(6),
    ];
    for (const literals of [null, ['wmiprvse.exe'], ['e5']]) {
      const { events, report } = await read(log.map(line => `${JSON.stringify(line)}\n`).join(''), {
        literals,
      });
      expect(report).toMatchObject({ records: 5, outcome: 'complete' });
      const wanted = [
        ['a', 1],
        [null, 2],
        ['b', 3],
        ['d', 5],
        [null, 6],
      ].filter(([, id]) => !literals?.includes('e5') || id === 1 || id === 5);
      expect(events.map(({ document, index }) => [index, (document['event'] as { id: string }).id])).toEqual(
        wanted.map(([index, id]) => [index, `e${id}`]),
      );
    }
  });

  it.each([
    ['three deep', { message: text({ message: text({ message: text(doc) }) }) }, 1],
    ['behind a syslog header', { message: `<14>Nov 24 02:46:51 h agent: ${text(doc)}` }, 1],
    ['where no collector puts it', { resource: [{ body: { stringValue: ` ${text(doc)}` } }] }, 1],
    ['pretty-printed', { body: JSON.stringify(doc, null, 2) }, 1],
    ['in an event', { ...doc, body: text(other) }, 1],
    ['as an argument of a program', { ...doc, body: 'curl -d {"pid":1} WmiPrvSE.exe' }, 0],
    ['that is none', { body: 'started WmiPrvSE.exe {pid 4}' }, 0],
    ['without a literal', { body: '{"a":1}' }, 0],
  ])('tells of text that may be an event: %s', async (_, log, count) => {
    const { report } = await read(text(log), { watched: ['wmiprvse.exe'] });
    expect(report).toMatchObject({
      outcome: 'complete',
      skipped: { TextNotOpened: count },
      suspiciousCount: count,
    });
  });

  it('counts what a carrier should have carried and does not', async () => {
    const log = `${text({ '@timestamp': 't', message: text(doc).slice(0, -3) })}\n${text(doc)}\n`;
    const { events, report } = await read(log, { watched: ['wmiprvse.exe'] });
    expect(events.map(({ document }) => document)).toEqual([doc]);
    expect(report).toMatchObject({ skipped: { InvalidJson: 1 }, suspiciousCount: 1, records: 2 });
  });

  it('bounds the depth of carried text as that of records', async () => {
    const deep = `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`;
    const { report } = await read(`${text({ ...doc, message: deep })}\n`);
    expect(report).toMatchObject({ events: 1, skipped: { TooDeep: 1 } });
  });

  it('frames the hits of a response longer than a record may be, one by one', async () => {
    const hits = Array.from({ length: 300 }, (_, number) => ({ _index: 'i', _source: event(number) }));
    for (const written of [
      JSON.stringify({ took: 1, hits: { hits } }),
      JSON.stringify({ took: 1, hits: { hits } }, null, 1),
    ])
      for (const chunk of [100, 10_000, undefined]) {
        const reading = await read(written, { chunk, limits: { maxRecordBytes: 2000 } });
        expect(reading.report).toMatchObject({ outcome: 'complete', records: 300, events: 300 });
        expect(reading.events.map(({ document }) => document)).toEqual(hits.map(({ _source }) => _source));
        expect(JSON.parse(reading.events[7]!.text)).toEqual(hits[7]);
        expect(reading.events[7]!.offset).toBe(written.indexOf(reading.events[7]!.text));
      }
  });

  it.each(['[', '{"took":1,"hits":{"hits":[', '{"events":['])(
    'hands out every whole record of an array cut anywhere: %s',
    async start => {
      const elements = [doc, other].map(text);
      const written = `${start}${elements.join(',')}`;
      for (let length = 1; length <= written.length; length++) {
        const reading = await read(written.slice(0, length));
        const whole = elements.filter(
          (_, at) => length >= start.length + elements.slice(0, at + 1).join(',').length,
        ).length;
        expect(reading.report.events, `cut at ${length}`).toBe(whole);
        expect(reading.report.outcome, `cut at ${length}`).toBe('quarantined');
      }
    },
  );

  it('reads the same whether a wrapper is watched for or opened whole', async () => {
    const log = {
      took: 1,
      hits: {
        hits: [
          { _index: 'i', _source: doc },
          { _index: 'j', _source: other },
        ],
      },
    };
    const reading = await read(JSON.stringify(log));
    expect(essence(await read(JSON.stringify(log), { chunk: 3 }))).toEqual(essence(reading));
    expect(reading.events.map(({ record, index }) => [record, index])).toEqual([
      [1, 'i'],
      [2, 'j'],
    ]);
  });
});
