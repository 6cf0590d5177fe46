import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { ENVELOPES } from '../../functions/alert/logs/envelopes/exporter-envelopes.ts';
import { esql } from './layouts.ts';
import { essence, event, read } from './reading.ts';

const doc = event(1);
const other = event(2);
const text = (value: unknown): string => JSON.stringify(value);
const dotted = { 'event.id': ['e1'], 'registry.path': ['HKLM\\x'], 'event.type': ['change'] };

type Row = readonly [
  what: string,
  log: unknown,
  documents: readonly unknown[],
  index?: string | null,
  records?: number,
];

const rows: readonly Row[] = [
  ['a bare document', doc, [doc]],
  ['a hit', { _index: 'i', _id: '1', _score: 1, _source: doc }, [doc], 'i'],
  ['a hit with fields beside its source', { _index: 'i', _source: doc, fields: dotted }, [doc], 'i'],
  ['a hit with fields alone', { _index: 'i', _id: '1', fields: dotted }, [dotted], 'i'],
  ['a hit with an empty source and fields', { _index: 'i', _source: {}, fields: dotted }, [dotted], 'i'],
  [
    'a hit with a part of its source and all fields',
    {
      _index: 'i',
      _source: { event: { category: 'registry' } },
      fields: { ...dotted, 'event.category': ['registry'] },
    },
    [{ event: { category: 'registry' }, ...dotted }],
    'i',
  ],
  [
    'an event below one of another category',
    { event: { category: 'network' }, payload: [{ inner: doc }] },
    [{ event: { category: 'network' }, payload: [{ inner: doc }] }, doc],
  ],
  ['a document within an action of _bulk', { index: { _x: doc } }, [doc]],
  ['a hit within an action of _bulk', { delete: { _source: doc } }, [doc]],
  ['an event within an error', { error: doc, status: 200 }, [doc]],
  ['an event within a mapping', { x: { mappings: doc } }, [doc]],
  [
    'a document with fields of its own',
    { ...doc, _id: '1', fields: { env: 'prod' } },
    [{ env: 'prod' }, { ...doc, _id: '1', fields: { env: 'prod' } }],
  ],
  ['a document that says its index', { ...doc, _index: 'own' }, [{ ...doc, _index: 'own' }], null],
  ['a message of an Event Hub', { records: [doc, other] }, [doc, other], null, 2],
  ['a search response', { took: 1, hits: { hits: [{ _index: 'i', _source: doc }] } }, [doc], 'i'],
  ['a search response without hits', { took: 1, hits: { hits: [] } }, [], null, 0],
  [
    'a search response behind a key of its own',
    { cluster: 'x', took: 1, hits: { hits: [{ _index: 'i', _source: doc }] } },
    [doc, { cluster: 'x', took: 1, hits: { hits: [{ _index: 'i', _source: doc }] } }],
    'i',
  ],
  [
    'a search response that is an event as well',
    { took: 1, hits: { hits: [doc] }, event: { category: 'x' } },
    [doc, { took: 1, hits: { hits: [] }, event: { category: 'x' } }],
    null,
    2,
  ],
  ['an event with hits of its own', { event: { id: 'h' }, hits: 3 }, [{ event: { id: 'h' }, hits: 3 }]],
  ['Data Prepper', { events: [doc, other] }, [doc, other], null, 2],
  ['a document with events of its own', { ...doc, events: [{ a: 1 }] }, [{ ...doc, events: [{ a: 1 }] }]],
  ['Records', { Records: [doc, other] }, [doc, other], null, 2],
  ['es_archiver', { type: 'doc', value: { id: '1', index: 'i', source: doc } }, [doc], 'i'],
  ['an archived value alone', { id: '1', index: 'i', source: doc }, [doc], 'i'],
  [
    'an event with a source of its own',
    { ...doc, source: { ip: '::1' } },
    [{ ...doc, source: { ip: '::1' } }],
  ],
  ['a bulk update', { doc, doc_as_upsert: true }, [doc]],
  [
    'CloudWatch Logs',
    {
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logEvents: [{ id: '1', timestamp: 1, message: text(doc) }],
    },
    [doc],
  ],
  ['message', { '@timestamp': 't', message: text(doc) }, [doc]],
  [
    'message in a hit: not from the hit\u2019s index',
    { _index: 'filebeat-x', _source: { '@timestamp': 't', message: text(doc) } },
    [doc],
    null,
  ],
  ['log of Fluent Bit', { date: 't', log: text(doc) }, [doc]],
  ['_raw of Cribl', { _raw: text(doc), _time: 1, host: 'h', source: 's', cribl_pipe: 'p' }, [doc]],
  ['event.original', { '@timestamp': 't', event: { original: text(doc) } }, [doc]],
  ['event.original, dotted', { '@timestamp': 't', 'event.original': text(doc) }, [doc]],
  [
    'the same document twice',
    { ...doc, event: { ...(doc as { event: object }).event, original: text(doc) } },
    [{ ...doc, event: { ...(doc as { event: object }).event, original: text(doc) } }],
  ],
  ['the same text in two fields', { message: text(doc), event: { original: text(doc) } }, [doc]],
  [
    'another document in an event',
    { ...doc, message: text(other) },
    [{ ...doc, message: text(other) }, other],
  ],
  ['text that is a hit', { message: text({ _index: 'i', _source: doc }) }, [doc], 'i'],
  ['text two deep', { message: text({ log: text(doc) }) }, [doc]],
  ['text that is an array in an array', { message: text([[doc], [[other]], 1]) }, [doc, other]],
  ['Splunk HEC', { time: 1, host: 'h', event: doc }, [doc]],
  ['a payload', { payload: { schema: 's', body: [doc, [other]] } }, [doc, other]],
  ['a document five deep', { a: { b: [{ c: { d: doc } }] } }, [doc]],
  ['a hit in a queue', { data: { _index: 'i', _source: doc } }, [doc]],
  ['a bulk upsert by script', { script: { source: 's' }, upsert: doc }, [doc]],
  ['a bulk update with an upsert', { doc: { a: 1 }, upsert: doc }, [{ a: 1 }, doc]],
  ['an event that quotes another one', { ...doc, related: other }, [{ ...doc, related: other }, other]],
  ['text three deep', { message: text({ log: text({ _raw: text(doc) }) }) }, [{ _raw: text(doc) }]],
  ['text that is an array', { message: text([doc, other]) }, [doc, other]],
  [
    'an event whose message only looks like JSON',
    { ...doc, message: '{not json' },
    [{ ...doc, message: '{not json' }],
  ],
  ['an empty document', {}, [{}]],
];

describe('envelopes', () => {
  it.each(rows.map(row => [row[0], row] as const))(
    '%s',
    async (_, [, log, documents, index = null, records = 1]) => {
      for (const written of [JSON.stringify(log), JSON.stringify(log, null, 2)])
        for (const chunk of [1, 10, undefined]) {
          const { events, report } = await read(written, { chunk });
          expect(events.map(({ document }) => document)).toEqual(documents);
          expect(report).toMatchObject({ outcome: 'complete', records, events: documents.length });
          if (documents.length > 0) expect(events[0]!.index).toBe(index);
        }
    },
  );

  it('of each exporter have a row', () => {
    const within = (value: unknown): object[] =>
      typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(within)] : [];
    const objects = [...rows.map(([, log]) => log), JSON.parse(esql([doc]))].flatMap(within) as JsonObject[];
    const untested = ENVELOPES.filter(
      ({ sign, open }) => !objects.some(object => Object.hasOwn(object, sign) && open(object)),
    );
    expect(untested.map(({ exporter }) => exporter)).toEqual([]);
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
  ])('reports text that may be an event: %s', async (_, log, count) => {
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
