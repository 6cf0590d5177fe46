import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as detection from '../functions/alert/detection/index.ts';
import * as eql from '../functions/alert/eql/index.ts';
import * as ruleset from '../functions/alert/ruleset/index.ts';
import { alertOf, runKeyEvent } from './notification/fixture.ts';
import { deps, filesOf, WMI_RULE } from './ruleset/rule-folder.ts';

const SOURCES = globSync('functions/alert/{eql,ruleset,detection}/**/*.ts').map(path =>
  readFileSync(path, 'utf8'),
);

/** What the examples take as given. */
const GIVEN = {
  ...eql,
  ...ruleset,
  ...detection,
  ...deps,
  files: filesOf(WMI_RULE),
  match: alertOf(runKeyEvent()),
  thrownBy: (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  },
};

/** The lines of the example above a declaration; a line `expression; // value` says what the expression gives. */
function exampleOf(name: string): string[] {
  const declared = new RegExp(
    `@example\\n((?: \\* .*\\n)+) \\*/\\nexport (?:class|const|function) ${name}\\b`,
  );
  const found = SOURCES.map(text => declared.exec(text)?.[1]).find(example => example !== undefined);
  return found?.split('\n').map(line => line.replace(/^ \* /, '')) ?? [];
}

/** What a caller begins with. */
const NAMES = [
  ...['compileQuery', 'evaluateConstant', 'EqlError'],
  ...['LOCALES', 'RuleError', 'readRule', 'checkFolder'],
  ...['RelatedMatches', 'makeDetector'],
];

describe('the pure folders', () => {
  it.each(NAMES)('have an example of %s that gives what it says', name => {
    const claims: unknown[] = [];
    const code = exampleOf(name).map(line => line.replace(/^(?!const )(.*); \/\/ (.*)$/, 'claim($1, $2);'));
    const run = new Function('claim', ...Object.keys(GIVEN), code.join('\n'));
    run((value: unknown, due: unknown) => claims.push(expect(value).toEqual(due)), ...Object.values(GIVEN));
    expect(claims.length).toBeGreaterThan(0);
  });
});
