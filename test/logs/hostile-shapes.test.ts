import { expect } from 'vitest';
import { checkRows, line, type Row } from './hostile-row.ts';
import { event } from './reading.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const filled = (length: number): string => {
  const rest = `{"event":{"id":"long"},"p":""}`;
  return rest.replace('""', `"${'x'.repeat(length - rest.length)}"`);
};

const ROWS: readonly Row[] = [
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

checkRows('shapes and sizes', ROWS);
