import { describe, expect, it } from 'vitest';
import { checkFolder } from '../../functions/alert/ruleset/check/check-folder.ts';
import { deps, exception } from './rule-folder.ts';
import { FILES, GOOD, withExceptions } from './rule-with-exceptions.ts';

describe('check', () => {
  const evidence = JSON.parse(FILES.get('match.ndjson')!.split('\n')[1]!) as {
    registry: { path: string; data: { strings: string[] } };
    host: { id: string };
  };
  const escaped = (text: string) => text.replaceAll('\\', '\\\\');
  const accepting = `host.id == "${evidence.host.id}" and registry.path == "${escaped(evidence.registry.path)}"`;
  const check = (text: string, asOf = '2026-06-01', isStrict = false) =>
    checkFolder('wmi', withExceptions(text), { ...deps, asOfMs: Date.parse(asOf), isStrict }).findings.map(
      ({ severity, code }) => `${severity} ${code}`,
    );

  it.each([
    ['an event of the evidence that it does not list', {}, ['unsound ExceptionAccepts']],
    ['the event that it lists', { accepts: '[2]' }, []],
    ['one more than it accepts', { accepts: '[2, 3]' }, ['unsound ExceptionAccepts']],
    ['a line that is not there', { accepts: '[2, 999]' }, ['unsound ExceptionAccepts']],
  ])('%s', (_, keys, findings) => {
    expect(check(exception(accepting, keys))).toEqual(findings);
  });

  it.each([
    ['2025-12-30T23:59:59Z', false, ['unsound ExceptionTime']],
    ['2025-12-31', true, []],
    ['2026-12-16T23:59:59Z', false, []],
    ['2026-12-17', false, ['warning ExceptionExpires']],
    ['2026-12-30T23:59:59Z', true, ['warning ExceptionExpires']],
    ['2026-12-31', false, ['warning ExceptionExpired']],
    ['2026-12-31', true, ['unsound ExceptionExpired']],
  ])('at %s, strict %s', (asOf, isStrict, findings) => {
    expect(check(exception(GOOD), asOf, isStrict)).toEqual(findings);
  });
});
