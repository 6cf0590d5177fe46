import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The table of hostile inputs has the rows H01 to H86: formats, shapes, encodings and texts, each a named test. */
const IDS = Array.from({ length: 86 }, (_, at) => `H${String(at + 1).padStart(2, '0')}`);

it('each row of the table of hostile inputs is the name of a test', () => {
  const tests = globSync('test/**/*.test.ts').filter(path => !path.endsWith('hostile-table.test.ts'));
  const named = new Set(tests.flatMap(path => namesIn(readFileSync(path, 'utf8'))));
  expect(IDS.filter(id => !named.has(id))).toEqual([]);
});

/** Ids within a text of the source: comments name none. */
function namesIn(source: string): readonly string[] {
  return source
    .split('\n')
    .filter(line => !/^\s*(\/\/|\/?\*)/.test(line))
    .flatMap(line => line.match(/(['"`])(?:(?!\1).)*\bH\d\d\b(?:(?!\1).)*\1/g) ?? [])
    .flatMap(text => text.match(/\bH\d\d\b/g) ?? []);
}
