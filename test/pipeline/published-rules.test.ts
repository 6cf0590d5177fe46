import { expect, it } from 'vitest';
import { readField } from '../../functions/alert/logs/index.ts';
import { changeBetween, loadIndicators, ruleFiles, sha256 } from '../../functions/alert/pipeline/index.ts';
import { readRule } from '../../functions/alert/ruleset/index.ts';
import { exception } from '../ruleset/rule-folder.ts';

const FOLDER = 'persistence-via-wmi-stdregprov';
const indicators = loadIndicators('rules');
const EXCEPTION = exception(
  `host.id == "h1" and registry.path == "HKLM\\\\A\\\\B" and registry.data.strings in ("a", "b")`,
  { id: '"printers"', created: '2026-11-01', expires: '2026-12-01' },
);

function setWith(exceptions: string) {
  const files = new Map([...ruleFiles('rules', FOLDER), ['exceptions.toml', exceptions]]);
  return {
    digest: sha256(exceptions),
    rules: [readRule(FOLDER, files, { readField, sha256 })],
    indicators,
  };
}

it.each([
  ['the same', `${EXCEPTION}strings = ["a", "b"]\n`, 0],
  ['a reason', `${EXCEPTION.replace('the list', 'a list')}strings = ["a", "b"]\n`, 0],
  ['less of a list', `${EXCEPTION}strings = ["a"]\n`, 1],
  ['no list', EXCEPTION, 1],
  ['a later end', `${EXCEPTION.replace('12-01', '12-31')}strings = ["a", "b"]\n`, 1],
])('an exception that now has %s is said to be new or not', (_, exceptions, count) => {
  const before = setWith(`${EXCEPTION}strings = ["a", "b"]\n`);
  expect(changeBetween(before, setWith(exceptions)).exceptionsAdded).toHaveLength(count);
});
