import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../functions/alert/logs/json.ts';
import { DEFAULT_LIMITS, readEvents } from '../../functions/alert/logs/log-reader.ts';
import { random, scale, seed } from '../scale.ts';
import type { Draw } from './layouts.ts';
import { essence, event, ndjson, read } from './reading.ts';

const LITERALS = [
  'wmiprvse.exe',
  'mshta.exe',
  '\\currentversion\\run\\',
  'kelvin-k',
  'say "x"',
  'a/b',
  'tab\there',
  'ünï',
  '中文',
  '\u{1f600}z',
  'sc.exe',
  'psexec',
  'x'.repeat(40),
  'one',
  'rundll32.exe',
  'c:\\\\\\\\d',
  '.dll',
  'é.exe',
  '"',
  '\\',
];

/** Texts that nearly hold a literal, or hold it in a disguise that must not matter. */
function disguised(literal: string, draw: Draw): string {
  const kind = draw();
  const cased = [...literal].map(character => (draw() < 0.5 ? character.toUpperCase() : character)).join('');
  if (kind < 0.5) return kind < 0.25 ? literal : cased.length === literal.length ? cased : literal;
  if (kind < 0.6) return literal.replace('k', '\u212a');
  if (kind < 0.7) return literal.replace('s', '\u017f').replace('i', '\u0130').replace('i', '\u0131');
  if (kind < 0.8) return literal.slice(1);
  if (kind < 0.9) return `${literal.slice(0, 3)}\\${literal.slice(3)}`;
  return literal.replace('.', '\u2024');
}

/** JSON text of a string with characters escaped that need not be, in every way there is. */
function escaped(json: string, draw: Draw): string {
  return json.replace(/\\u[0-9a-f]{4}|\\.|[^"\\{}[\]:,\s]/gu, character => {
    if (draw() < 0.9 || character.length > 2 || /^\\u/.test(character)) return character;
    const plain = JSON.parse(`"${character}"`) as string;
    return Array.from(plain, unit => [...Array(unit.length).keys()].map(at => unit.charCodeAt(at)))
      .flat()
      .map(unit => {
        const digits = unit.toString(16).padStart(4, '0');
        return `\\u${draw() < 0.5 ? digits.toUpperCase() : digits}`;
      })
      .join('');
  });
}

/** What may be between two values of one line. */
const SEPARATORS = ['', ' ', '\t \t', '\r', '\0', '\x1e', '\ufeff', ' '.repeat(300)];

function line(number: number, literals: readonly string[], draw: Draw): string {
  const literal = literals[Math.floor(draw() * literals.length)]!;
  const text =
    draw() < 0.3 ? `${'y'.repeat(Math.floor(draw() * 30))}${disguised(literal, draw)}` : 'nothing here';
  const kind = draw();
  const document =
    kind < 0.1
      ? { date: 'now', log: JSON.stringify(event(number, { process: { name: text } })) }
      : kind < 0.15
        ? { message: JSON.stringify({ log: JSON.stringify(event(number, { process: { name: text } })) }) }
        : event(number, { process: { name: text }, guid: draw() < 0.1 ? '{A}{B}' : '{A}' });
  let json = JSON.stringify(document);
  if (draw() < 0.5) json = escaped(json, draw);
  if (draw() < 0.03) return JSON.stringify(document, null, 1);
  if (draw() < 0.03) return JSON.stringify([document]);
  if (draw() < 0.03) return JSON.stringify({ took: 1, hits: { hits: [{ _index: 'i', _source: document }] } });
  if (draw() < 0.02) return `${JSON.stringify({ index: { _index: 'logs-b' } })}\n${json}`;
  if (draw() < 0.02) return ` ${json}  `;
  if (draw() < 0.02) return `${json}${SEPARATORS[Math.floor(draw() * SEPARATORS.length)]}${json}`;
  if (draw() < 0.02) return `\r\n${json}\r`;
  return json;
}

function holds(value: JsonValue, literals: readonly string[]): boolean {
  if (typeof value === 'string') {
    const folded = value.replace(/[A-Z]/g, letter => letter.toLowerCase());
    return literals.some(literal => folded.includes(literal));
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => holds(key, literals) || holds(inner as JsonValue, literals),
  );
}

describe('the fast path', () => {
  it('gives what decoding every record gives: events, counts, damage', async () => {
    const first = seed();
    for (let run = 0; run < scale(25_000); run++) {
      const draw = random(first + run);
      const count = draw() < 0.4 ? 1 : [3, 12, 20, 200][Math.floor(draw() * 4)]!;
      const literals = Array.from({ length: count }, (_, number) =>
        number < 12 ? LITERALS[Math.floor(draw() * LITERALS.length)]! : `${number}-not-there.exe`,
      );
      const lines = Array.from({ length: 40 }, (_, number) => line(number, literals, draw));
      const bytes = Buffer.from(`${ndjson([event(99)])}${lines.join('\n')}${draw() < 0.5 ? '\n' : ''}`);
      const what = `SEED=${first} run ${run}`;
      const slow = await read(bytes, { literals, audit: true });
      const fast = await read(bytes, { literals });
      const pieces = await read(chunked(bytes, draw), { literals });
      const inflated = await read(gzipSync(bytes), { literals });
      const could = (reading: typeof slow): unknown =>
        reading.events.filter(({ document }) => holds(document, literals));
      expect(could(fast), what).toEqual(could(slow));
      expect(fast.report, what).toMatchObject({
        outcome: slow.report.outcome,
        code: slow.report.code,
        records: slow.report.records,
        decompressedBytes: slow.report.decompressedBytes,
        skipped: slow.report.skipped,
      });
      expect(essence(pieces), what).toEqual(essence(fast));
      const { bytes: size } = fast.report;
      expect(essence({ ...inflated, report: { ...inflated.report, bytes: size } }), what).toEqual(
        essence(fast),
      );
    }
  }, 3_600_000);

  it('counts two values of a line whatever single byte is between them', async () => {
    const literals = ['wmiprvse.exe'];
    const separating: number[] = [];
    for (let byte = 0; byte < 256; byte++) {
      const between = Buffer.concat([Buffer.from('{"b":1}'), Buffer.from([byte]), Buffer.from('{"c":2}\n')]);
      const bytes = Buffer.concat([
        Buffer.from(ndjson([event(1)])),
        between,
        Buffer.from(ndjson([event(2)])),
      ]);
      const slow = await read(bytes, { literals, audit: true });
      const fast = await read(bytes, { literals });
      // Rubbish between them is counted only where every record is decoded.
      if (Object.values(slow.report.skipped).some(count => count > 0)) continue;
      separating.push(byte);
      expect(fast.report.records, `byte ${byte}`).toBe(slow.report.records);
    }
    expect(separating).toEqual(expect.arrayContaining([0, 9, 10, 13, 0x1e, 0x20, 0xbb, 0xbf, 0xef]));
  });

  it('sees a second value on a line longer than a piece, wherever the gap between them is', async () => {
    const literals = ['wmiprvse.exe'];
    for (let length = 65_200; length < 65_600; length += 8)
      for (const gap of ['', ' '.repeat(200), '\0'.repeat(3), ' '.repeat(70_000)]) {
        const long = `{"b":"${'y'.repeat(length)}"}${gap}{"c":2}`;
        const bytes = `${ndjson([event(1)])}${long}\n${ndjson([event(2)])}`;
        const slow = await read(bytes, { literals, audit: true });
        const fast = await read(bytes, { literals });
        expect(fast.report.records, `gap of ${gap.length} behind ${length}`).toBe(slow.report.records);
      }
  });

  it('reads several objects at the same time with one list of literals', async () => {
    const first = seed();
    const literals = ['wmiprvse.exe'];
    for (let run = 0; run < scale(500); run++) {
      const readings = await Promise.all(
        [1, 2, 3].map(async number => {
          const draw = random(first + run * 3 + number);
          const lines = Array.from({ length: 120 }, (_, at) => line(at, literals, draw));
          const bytes = Buffer.from(`${ndjson([event(99)])}${lines.join('\n')}\n`);
          const events: string[] = [];
          await readEvents(inTurn(chunked(bytes, draw)), {
            literals,
            limits: DEFAULT_LIMITS,
            onEvent: async ({ bytes }) => {
              events.push(Buffer.from(bytes).toString());
              await new Promise(resolve => setImmediate(resolve));
            },
          });
          const alone = await read(bytes, { literals });
          return { events, due: alone.events.map(({ text }) => text) };
        }),
      );
      for (const { events, due } of readings) expect(events, `SEED=${first} run ${run}`).toEqual(due);
    }
  });
});

function chunked(bytes: Buffer, draw: Draw): Buffer[] {
  const chunks: Buffer[] = [];
  const most = [20, 200, 3000][Math.floor(draw() * 3)]!;
  for (let at = 0; at < bytes.length; at += chunks.at(-1)!.length)
    chunks.push(bytes.subarray(at, at + 1 + Math.floor(draw() * most)));
  return chunks;
}

async function* inTurn(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
