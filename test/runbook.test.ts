import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { READ_CODES } from '../functions/alert/logs/damage.ts';
import { SKIP_CODES } from '../functions/alert/logs/skips.ts';
import { OUTCOMES } from '../functions/alert/observability/outcome-codes.ts';
import { alarmResources } from '../infra/alarms.ts';

const runbook = readFileSync('infra/RUNBOOK.md', 'utf8');

/** The names in code spans of the first column of the table below a heading. */
function namesUnder(heading: string): string[] {
  const from = runbook.indexOf(`\n## ${heading}\n`);
  expect(from, heading).toBeGreaterThan(0);
  const section = runbook.slice(from + 4, runbook.indexOf('\n## ', from + 4));
  return [...section.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(match => match[1]!),
  );
}

/** Members of a union of string literals, read from its source: types leave nothing at run time. */
function unionIn(path: string, name: string): string[] {
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(`type ${name} =`);
  return [...text.slice(from, text.indexOf(';', from)).matchAll(/\| '([A-Za-z]+)'/g)].map(match => match[1]!);
}

/** Names of the alarms of the template, without the stack's; those of rules once for all folders. */
function alarms(): string[] {
  return JSON.stringify(alarmResources())
    .split('::StackName}-')
    .slice(1)
    .map(text => text.slice(0, text.indexOf('"')).replace(/-.*/, '-FOLDER'));
}

describe('the runbook', () => {
  const tables: readonly (readonly [heading: string, codes: readonly string[]])[] = [
    ['Codes of the delivery', Object.keys(OUTCOMES)],
    ['Alarms', alarms()],
    ['Codes of the content', Object.keys(READ_CODES)],
    ['Codes of records', Object.keys(SKIP_CODES)],
    [
      'Codes of rules and queries',
      [
        ...unionIn('functions/alert/eql/syntax/error.ts', 'EqlErrorCode'),
        ...unionIn('functions/alert/ruleset/problem.ts', 'ProblemCode'),
      ],
    ],
  ];
  it.each(tables)('has a line for everything under "%s", and nothing else', (heading, codes) => {
    expect(codes.length).toBeGreaterThan(5);
    expect(namesUnder(heading).toSorted()).toEqual([...new Set(codes)].toSorted());
  });
});
