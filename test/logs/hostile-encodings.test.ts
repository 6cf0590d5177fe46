import { expect } from 'vitest';
import { checkRows, gz, joined, line, one, type Row, two } from './hostile-row.ts';
import { event, ndjson } from './reading.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => utf16le(text).swap16();

const ROWS: readonly Row[] = [
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
  ...['\0\0', ' ', '\t\0'].map(
    (before): Row => ({
      id: 'H25',
      what: `a broken record behind a line of ${JSON.stringify(before)}, where no literal is in it`,
      bytes: () => `{"event":{"id":"e1"},"p":"wmiprvse.exe"}\n${before}\n{"event":{"id":{"e2"}}`,
      events: ['e1'],
      options: { literals: ['wmiprvse.exe'] },
    }),
  ),
  {
    id: 'H25',
    what: 'zero bytes between records',
    bytes: () => joined(one, Buffer.alloc(100_000), ndjson([event(2)])),
    events: ['e1', 'e2'],
    options: { chunk: 4096 },
  },
  {
    id: 'H22',
    what: 'characters of two, three and four bytes, split anywhere',
    bytes: () => ndjson([event(1, { p: 'é中\u{1f600}' })]),
    events: ['e1'],
    also: ({ events }) => expect(events[0]!.document['p']).toBe('é中\u{1f600}'),
  },
];

checkRows('encodings', ROWS);
