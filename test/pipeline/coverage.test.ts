import { expect, it } from 'vitest';
import type { Detector } from '../../functions/alert/detection/index.ts';
import { compileQuery } from '../../functions/alert/eql/index.ts';
import { type LogEvent, readField } from '../../functions/alert/logs/index.ts';
import { countCandidates } from '../../functions/alert/pipeline/coverage.ts';
import { random, scale, seed } from '../scale.ts';

const WORDS = [
  'wmiprvse.exe',
  'powershell',
  'run',
  'cmd',
  'HKLM\\\\Software\\\\Run',
  'caf\u00e9',
  'EncodedCommand',
  'abcabc',
];

it('counts for each rule the events of its category that hold one of its literals, however many rules there are', () => {
  const draw = random(seed());
  const some = <T>(of: readonly T[]): T => of[Math.floor(draw() * of.length)]!;
  let counted = 0;
  for (let turn = 0; turn < scale(2_000); turn++) {
    const rules = Array.from({ length: 1 + Math.floor(draw() * 40) }, (_, at) => {
      const tests = Array.from(
        { length: 1 + Math.floor(draw() * 3) },
        () => `"${some(WORDS)}${draw() < 0.5 ? at : ''}"`,
      );
      const query = `${some(['process', 'registry', 'any'])} where process.name in~ (${tests})`;
      return { folder: `${at}`, indices: [], query: compileQuery(query, { readField }) };
    });
    const counter = countCandidates({ rules } as unknown as Detector);
    const expected = rules.map(() => 0);
    for (let number = 0; number < 20; number++) {
      const category = some(['process', 'registry']);
      const name = `${some(['', 'x', 'RUN'])}${some(WORDS)}${Math.floor(draw() * 45)}`;
      const document = { event: { category }, process: { name: draw() < 0.5 ? name.toUpperCase() : name } };
      const bytes = Buffer.from(JSON.stringify(document));
      counter.see({ document, index: null, source: null, bytes } as unknown as LogEvent);
      const text = bytes.toString('latin1').replace(/[A-Z]/g, letter => letter.toLowerCase());
      rules.forEach(({ query }, at) => {
        const isOther = !['any', category].includes(query.category?.value ?? 'any');
        if (!isOther && query.requiredLiterals!.some(literal => text.includes(literal))) expected[at]!++;
      });
    }
    expect([...counter.counts().values()].map(({ candidates }) => candidates)).toEqual(expected);
    counted += expected.reduce((sum, count) => sum + count, 0);
  }
  expect(counted).toBeGreaterThan(0);
});
