import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';

const explain = (text: string, document: JsonObject) => compileQuery(text, { readField }).explain(document);

describe('an explanation', () => {
  it('names every condition, the category first, and the one that decides', () => {
    const text = 'process where a == "x" and (b : ("y*", "z") and not c) and (d == 1 or e == 2)';
    const { matches, clauses, decidedBy } = explain(text, {
      event: { category: ['process'] },
      a: 'x',
      b: ['q', 'Z'],
      c: true,
    });
    expect(matches).toBe(false);
    expect(clauses.map(({ source, result, field, values }) => [source, result, field, values])).toEqual([
      ['process', 'true', 'event.category', ['process']],
      ['a == "x"', 'true', 'a', ['x']],
      ['b : ("y*", "z")', 'true', 'b', ['q', 'Z']],
      ['not c', 'false', 'c', [true]],
      ['(d == 1 or e == 2)', 'missing', undefined, []],
    ]);
    expect(clauses[2]!.matched).toEqual([{ position: 2, constant: 'z', value: 'Z' }]);
    expect(decidedBy).toBe(3);
    expect(clauses.every(({ span, source }) => text.slice(span.start, span.end) === source)).toBe(true);
  });

  it('calls a condition missing when it fails for want of a value, and true when it holds for that', () => {
    const { clauses } = explain('any where a == 1 and b != 1 and c != null and d == null', {});
    expect(clauses.map(({ result }) => result)).toEqual(['missing', 'true', 'missing', 'true']);
  });

  it('counts the positions of a list of constants from 1', () => {
    const { clauses } = explain('any where a in ("x", "y", null)', { a: ['y', 'x'] });
    expect(clauses[0]!.matched).toEqual([
      { position: 2, constant: 'y', value: 'y' },
      { position: 1, constant: 'x', value: 'x' },
    ]);
  });

  const rules = readdirSync('rules', { withFileTypes: true }).filter(entry => entry.isDirectory());
  it.each(rules.map(({ name }) => name))('names the deciding condition for every near miss of %s', folder => {
    const toml = readFileSync(`rules/${folder}/rule.toml`, 'utf8');
    const query = compileQuery(/^query = '''([^']*)'''/m.exec(toml)![1]!, { readField });
    const lines = (file: string) =>
      readFileSync(`rules/${folder}/${file}`, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as JsonObject)
        // Records of other products are documents only once they were read.
        .filter(
          document => readField('event.category')(document).length > 0 && !('dataSource.name' in document),
        );
    for (const document of lines('quiet.ndjson')) {
      const { matches, clauses, decidedBy } = query.explain(document);
      expect([matches, clauses[decidedBy]!.result === 'true']).toEqual([false, false]);
      expect(clauses.slice(0, decidedBy).every(({ result }) => result === 'true')).toBe(true);
    }
    for (const document of lines('match.ndjson')) {
      const { matches, clauses } = query.explain(document);
      expect(matches).toBe(true);
      expect(clauses.find(({ field }) => field === 'registry.path')!.matched.length).toBeGreaterThan(0);
    }
  });
});
