import { expect } from 'vitest';
import { checkRows, keys, line, nested, one, type Row } from './hostile-row.ts';
import { event, ndjson } from './reading.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const ROWS: readonly Row[] = [
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

checkRows('documents', ROWS);
