import { describe, expect, it } from 'vitest';
import { random, scale, seed } from '../scale.ts';
import { type Draw, layoutOf } from './layouts.ts';
import { essence, event, ids, read } from './reading.ts';

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  '\n',
  '\r',
  ' ',
  '\0',
  '\xff',
  '\xc0\xaf',
  '\xed\xa0\x80',
  '__proto__',
  '"constructor":{"prototype":{"polluted":1}},',
  '1e999',
  '-',
  '\\u',
  '\\ud800',
  '{"a":',
  '[[',
  '/*',
  'NaN',
  '\xef\xbb\xbf',
];

function mutated(bytes: Buffer, draw: Draw): Buffer {
  let text = bytes.toString('latin1');
  for (let left = 1 + Math.floor(draw() * 4); left > 0; left--) {
    const at = Math.floor(draw() * (text.length + 1));
    const length = Math.floor(draw() * (draw() < 0.2 ? 60 : 3));
    const kind = draw();
    const put =
      kind < 0.4
        ? TOKENS[Math.floor(draw() * TOKENS.length)]!
        : kind < 0.6
          ? text.slice(at, at + length * 20)
          : kind < 0.8
            ? ''
            : String.fromCharCode(Math.floor(draw() * 256));
    text = text.slice(0, at) + put + text.slice(at + (kind < 0.4 ? 0 : length));
  }
  return Buffer.from(text, 'latin1');
}

function chunked(bytes: Buffer, draw: Draw): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunks.at(-1)!.length)
    chunks.push(bytes.subarray(at, at + 1 + Math.floor(draw() * 300)));
  return chunks;
}

const prototypes = (): string =>
  JSON.stringify(
    [Object.prototype, Array.prototype, Function.prototype].map(prototype =>
      Reflect.ownKeys(prototype).map(String),
    ),
  );

describe('mutated records', () => {
  it('neither crash nor hang nor change a prototype, and read the same in whatever chunks', async () => {
    const first = seed();
    const before = prototypes();
    for (let run = 0; run < scale(200_000); run++) {
      const draw = random(first + run);
      const layout = layoutOf(draw);
      const bytes = mutated(layout.bytes, draw);
      const what = `SEED=${first} run ${run}: ${layout.name}`;
      const options = { literals: draw() < 0.5 ? null : ['wmiprvse.exe'], watched: ['wmiprvse.exe'] };
      const whole = await read(bytes, options);
      const pieces = await read(chunked(bytes, draw), options);
      expect(essence(pieces), what).toEqual(essence(whole));
      if (whole.report.outcome === 'complete')
        expect(
          whole.report.events + Object.values(whole.report.skipped).reduce((sum, count) => sum + count),
          what,
        ).toBeGreaterThanOrEqual(whole.report.decoded);
    }
    expect(prototypes()).toBe(before);
    expect(({} as Readonly<Record<string, unknown>>)['polluted']).toBeUndefined();
  }, 3_600_000);

  it('are UTF-16 or not by their beginning, however little of it comes first', async () => {
    const bytes = Buffer.concat([
      Buffer.from('ab'),
      Buffer.from(`\n${JSON.stringify(event(1))}\n`, 'utf16le'),
    ]);
    const whole = await read(bytes, {});
    const pieces = await read(
      Array.from(bytes, byte => Buffer.from([byte])),
      {},
    );
    expect(essence(pieces)).toEqual(essence(whole));
  });

  it('cost no line but their own', async () => {
    const first = seed();
    for (let run = 0; run < scale(100_000); run++) {
      const draw = random(first + run);
      const isSound = Array.from({ length: 12 }, () => draw() < 0.7);
      const lines = isSound.map((sound, number) => {
        const line = Buffer.from(JSON.stringify(event(number)));
        return sound ? line : mutated(line, draw);
      });
      const log = Buffer.concat(lines.flatMap(line => [line, Buffer.from('\n')]));
      for (const literals of [null, ['wmiprvse.exe']]) {
        const found = ids(await read(chunked(log, draw), { literals }));
        const wanted = isSound.flatMap((sound, number) => (sound ? [`e${number}`] : []));
        expect(found, `SEED=${first} run ${run}: ${log}`).toEqual(expect.arrayContaining(wanted));
      }
    }
  }, 3_600_000);
});
