import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { BZIP2 } from './bzip2-sample.ts';
import { gz, joined, zst } from './hostile-row.ts';
import { event, ids, read } from './reading.ts';

/** A match without a line break, as the last thing before what costs time. */
const MATCH = JSON.stringify(event(1));
const MANY = 2_000;
const many = (part: Buffer): Buffer => Buffer.concat(Array<Buffer>(MANY).fill(part));
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const BOMBS: readonly { name: string; found?: readonly string[]; bomb: () => Buffer }[] = [
  { name: 'empty gzip members', bomb: () => joined(gz(MATCH), many(gz(''))) },
  { name: 'empty zlib streams', bomb: () => joined(deflateSync(MATCH), many(deflateSync(''))) },
  { name: 'empty zstd frames', bomb: () => joined(zst(MATCH), many(zst(''))) },
  {
    name: 'skippable zstd frames',
    bomb: () => joined(zst(MATCH), many(hex('502a4d1800000000')), zst('\n')),
  },
  {
    name: 'empty bzip2 streams',
    found: ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'],
    bomb: () => joined(BZIP2, many(hex('425a683917724538509000000000'))),
  },
  {
    name: 'empty zip entries',
    bomb: () =>
      Buffer.from(
        zipSync(
          Object.fromEntries(
            Array.from({ length: MANY }, (_, at) => [`${at}`, at ? Buffer.alloc(0) : Buffer.from(MATCH)]),
          ),
        ),
      ),
  },
];
const OUTER = { alone: (bytes: Buffer) => bytes, 'in zstd': zst, 'in gzip': gz };

describe('the stop clock', () => {
  const wrapped = BOMBS.flatMap(({ name, found, bomb }) => {
    const inner = bomb();
    return Object.entries(OUTER).map(([outer, wrap]) => ({ name, found, outer, bytes: wrap(inner) }));
  });
  it.each(wrapped)(
    'is asked for each of $name $outer, and what was found before is kept',
    async ({ bytes, found = ['e1'] }) => {
      let asked = 0;
      const reading = await read(bytes, { stop: () => ++asked > MANY / 2 });
      expect([reading.report.outcome, ids(reading)]).toEqual(['stopped', found]);
      expect(asked).toBeLessThan(MANY / 2 + 50);
    },
  );

  it('is not outlasted by the search for a block before damage: 235 bytes took minutes', async () => {
    // A dynamic block of nothing in 99 bits: codes for A and the end alone, then the end.
    const lengths = Array.from({ length: 18 }, (_, at) => (at === 2 || at === 17 ? 1 : 0));
    const bits = (value: number, count: number) =>
      [...value.toString(2).padStart(count, '0')].reverse().join('');
    const block = `001${bits(0, 10)}${bits(14, 4)}${lengths.map(length => bits(length, 3)).join('')}${[
      `1${bits(54, 7)}`,
      '0',
      `1${bits(127, 7)}`,
      `1${bits(41, 7)}`,
      '001',
    ].join('')}`;
    const period = block.repeat(8).match(/.{8}/g)!;
    const blocks = Buffer.from(period.map(byte => Number.parseInt([...byte].reverse().join(''), 2)));
    const gzip = joined(
      hex('1f8b0800000000000003'),
      ...Array<Buffer>(8_000).fill(blocks),
      hex('ff'.repeat(99)),
    );
    expect(block.length).toBe(99);
    expect(zst(gzip).length).toBeLessThan(300);
    const { report } = await read(zst(gzip), {});
    expect(report).toMatchObject({ code: 'GzipCorrupt', decompressedBytes: 0 });
  });

  it('leaves a record alone that it cuts', async () => {
    let asked = 0;
    const bytes = joined(gz(`${MATCH}\n{"registry":`), many(gz('')));
    const { report, events } = await read(bytes, { stop: () => ++asked > 500, literals: ['registry'] });
    expect([report.outcome, report.suspiciousCount, events.length]).toEqual(['stopped', 0, 1]);
    expect(Object.values(report.skipped).every(count => count === 0)).toBe(true);
  });
});
