import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { checkFolder } from '../../functions/alert/ruleset/check/check-folder.ts';
import { acceptedBy } from '../../functions/alert/ruleset/exceptions.ts';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import { readRule } from '../../functions/alert/ruleset/rule/rule.ts';
import { deps, exception, filesOf, type Keys, problemsOf, WMI_RULE } from './rule-folder.ts';

const files = filesOf(WMI_RULE);
const RUN = 'HKLM\\\\Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run';
const USER = 'S-1-5-21-3623811015-3361044348-30300820-1107';
const GOOD = `host.id == "h-1" and registry.path == "${RUN}\\\\Agent" and registry.data.strings : "C:\\\\Program Files\\\\X\\\\*"`;

function withExceptions(text: string): Map<string, string> {
  return new Map(files).set('exceptions.toml', text);
}

const ruleWith = (text: string) => readRule('wmi', withExceptions(text), deps);
const at = (time: string) => Date.parse(time);

describe('a dangerous or broken exception is refused', () => {
  const rows: readonly (readonly [
    what: string,
    condition: string,
    code: string,
    says: RegExp,
    keys?: Keys,
  ])[] = [
    [
      'a pattern that begins with a wildcard',
      `${GOOD} and registry.data.strings : "*\\\\agent.exe"`,
      'ExceptionUnsafe',
      /may not begin with a wildcard/,
    ],
    [
      'a pattern that begins with a question mark',
      `${GOOD} and registry.data.strings : "?:\\\\agent.exe"`,
      'ExceptionUnsafe',
      /may not begin with a wildcard/,
    ],
    ['process.name alone', 'process.name : "WmiPrvSE.exe"', 'ExceptionUnsafe', /process\.name alone/],
    [
      'process.name alone, for all hosts',
      'process.name : "WmiPrvSE.exe"',
      'ExceptionUnsafe',
      /process\.name alone/,
      { all_hosts: 'true' },
    ],
    [
      'a pattern of the rule itself',
      `${GOOD} and registry.path : "${RUN}\\\\*"`,
      'ExceptionUnsafe',
      /a pattern of the rule itself/,
    ],
    [
      'a pattern of the rule in other letters',
      `${GOOD} and registry.path : "${RUN.toUpperCase()}\\\\*"`,
      'ExceptionUnsafe',
      /a pattern of the rule itself/,
    ],
    [
      'where, but not what',
      'host.id == "h-1" and process.name : "WmiPrvSE.exe"',
      'ExceptionUnsafe',
      /no exact test of what was written/,
    ],
    [
      'what by a wildcard only',
      `host.id == "h-1" and registry.path : "${RUN}\\\\Agent*"`,
      'ExceptionUnsafe',
      /no exact test of what was written/,
    ],
    [
      'the key without the value',
      'host.id == "h-1" and registry.key == "Software\\\\Agent"',
      'ExceptionUnsafe',
      /no exact test of what was written/,
    ],
    [
      'what, but not where',
      `registry.path == "${RUN}\\\\Agent"`,
      'ExceptionUnsafe',
      /no exact test of where or by whom/,
    ],
    [
      'where by a wildcard only',
      `host.name : "FIN-*" and registry.path == "${RUN}\\\\Agent"`,
      'ExceptionUnsafe',
      /no exact test of where or by whom/,
    ],
    [
      'a path in the hive of LocalSystem',
      'registry.path == "HKEY_USERS\\\\.DEFAULT\\\\Environment\\\\UserInitMprLogonScript"',
      'ExceptionUnsafe',
      /no exact test of where or by whom/,
    ],
    [
      'all hosts without the data',
      `registry.path == "${RUN}\\\\Agent"`,
      'ExceptionUnsafe',
      /both registry\.value .* and registry\.data\.strings/,
      { all_hosts: 'true' },
    ],
    [
      'all hosts without the value',
      'registry.data.strings == "C:\\\\a.exe"',
      'ExceptionUnsafe',
      /both registry\.value/,
      { all_hosts: 'true' },
    ],
    ['not', `${GOOD} and not registry.value == "Evil"`, 'Unsupported', /not/],
    ['!=', `${GOOD} and registry.value != "Evil"`, 'Unsupported', /!=/],
    ['or', `${GOOD} or registry.value == "Evil"`, 'Unsupported', /or/],
    ['a misspelt field', GOOD.replace('host.id', 'host.ids'), 'UnknownField', /did you mean host\.i[dp]\?/],
    ['no EQL', 'host.id = "h-1"', 'Syntax', /./],
    ['an empty condition', ' ', 'WrongValue', /condition is empty/],
    ['a whole query', 'registry where host.id == "h-1"', 'Syntax', /./],
    ['no owner', GOOD, 'MissingKey', /no owner/, { owner: '' }],
    ['a blank reason', GOOD, 'WrongValue', /reason is empty/, { reason: '" "' }],
    ['no end', GOOD, 'MissingKey', /no expires/, { expires: '' }],
    ['an end too far away', GOOD, 'ExceptionTime', /lasts 366 days; at most 365/, { expires: '2027-01-02' }],
    [
      'an end before the beginning',
      GOOD,
      'ExceptionTime',
      /expires before it is created/,
      { expires: '2025-12-31' },
    ],
    ['a day that no month has', GOOD, 'ExceptionTime', /takes a date/, { expires: '"2026-02-30"' }],
    ['a time of such a day', GOOD, 'ExceptionTime', /takes a date/, { expires: '"2026-02-30T00:00:00Z"' }],
    ['an hour that no day has', GOOD, 'ExceptionTime', /takes a date/, { expires: '"2026-02-28T24:00:00Z"' }],
    [
      'a time without its zone',
      GOOD,
      'ExceptionTime',
      /a time with its zone/,
      { expires: '2026-06-01T00:00:00' },
    ],
    ['an id that is no name', GOOD, 'WrongValue', /id is "In ventory"/, { id: '"In ventory"' }],
    ['an unknown key', GOOD, 'UnknownKey', /did you mean all_hosts\?/, { all_host: 'true' }],
    ['one id twice', GOOD, 'Duplicate', /duplicate exception/],
  ];
  it.each(rows.map(row => [row[0], row] as const))('%s', (what, [, condition, code, says, keys]) => {
    const text = exception(condition, keys) + (what === 'one id twice' ? exception(condition, keys) : '');
    const problems = problemsOf(() => ruleWith(text));
    expect(problems.map(problem => problem.code)).toContain(code);
    const found = problems
      .filter(problem => problem.code === code)
      .map(formatProblem)
      .join('\n');
    expect(found).toMatch(says);
    expect(found).toMatch(/^wmi\/exceptions\.toml:\d+:\d+: /);
  });

  it('the place is that of the test, inside the condition', () => {
    const [problem] = problemsOf(() => ruleWith(exception(`${GOOD} and\n  registry.value : "*x"`)));
    const [line, caret] = problem!.excerpt.split('\n');
    expect(line!.slice(caret!.indexOf('^'))).toMatch(/^registry\.value/);
  });
});

describe('a sound exception is read', () => {
  it.each([
    ['a host and a path', GOOD, {}],
    [
      'an agent, key and value',
      `agent.id == "a" and registry.key == "Software\\\\A" and registry.value : "b"`,
      {},
    ],
    [
      'a requester and the data',
      `Effective_process.executable : "C:\\\\a.exe" and registry.data.strings == "C:\\\\b.exe"`,
      {},
    ],
    ['one of two hosts', `host.name in ("A", "B") and registry.path == "${RUN}\\\\Agent"`, {}],
    [
      'a path in the hive of one user',
      `registry.path == "HKEY_USERS\\\\${USER}\\\\Environment\\\\UserInitMprLogonScript"`,
      {},
    ],
    [
      'a key in the hive of one user',
      `registry.key == "${USER}\\\\Environment" and registry.value == "x"`,
      {},
    ],
    [
      'all hosts, value and data',
      'registry.value == "Agent" and registry.data.strings == "C:\\\\a.exe"',
      { all_hosts: 'true' },
    ],
    ['365 days', GOOD, { created: '2026-01-01', expires: '2027-01-01' }],
    ['times with a zone', GOOD, { created: '2026-01-01T08:00:00+08:00', expires: '2026-02-01T00:00:00Z' }],
  ])('%s', (_, condition, keys) => {
    expect(problemsOf(() => ruleWith(exception(condition, keys as Keys)))).toEqual([]);
  });
});

describe('what it accepts', () => {
  const rule = ruleWith(
    exception(GOOD) +
      exception(
        `host.id == "h-2" and registry.path == "${RUN}\\\\Shell" and registry.data.strings == "explorer.exe"`,
        { id: '"shell"' },
      ) +
      exception(
        `host.id == "h-3" and registry.path == "${RUN}\\\\Count" and registry.value == 1 and registry.data.strings == "0"`,
        { id: '"count"' },
      ),
  );
  const event = (strings: unknown, more: JsonObject = {}): JsonObject =>
    ({
      host: { id: 'h-1' },
      registry: {
        path: 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Agent',
        data: { strings },
      },
      ...more,
    }) as JsonObject;
  const NOW = at('2026-06-01');

  it.each([
    ['the event it was written for', event(['C:\\Program Files\\X\\agent.exe'])],
    ['a scalar in place of an array', event('C:\\Program Files\\X\\agent.exe')],
    ['the pattern in other letters', event(['c:\\program files\\x\\AGENT.EXE'])],
    ['two good strings', event(['C:\\Program Files\\X\\a.exe', 'C:\\Program Files\\X\\b.exe'])],
    ['a folder deeper', event(['C:\\Program Files\\X\\bin\\agent.exe -q'])],
  ])('accepted: %s', (_, document) => {
    expect(acceptedBy(rule, document, NOW)?.id).toBe('inventory-agent');
  });

  const shell = (data: string): JsonObject => ({
    host: { id: 'h-2' },
    registry: {
      path: 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Shell',
      data: { strings: [data] },
    },
  });
  it.each([
    [
      'REG_MULTI_SZ with one good and one evil string',
      event(['C:\\Program Files\\X\\a.exe', 'C:\\Users\\Public\\e.exe']),
    ],
    ['a way out of the folder', event(['C:\\Program Files\\X\\..\\..\\Users\\Public\\e.exe'])],
    ['one step out', event(['C:\\Program Files\\X\\..\\e.exe'])],
    ['a way out at the end', event(['C:\\Program Files\\X\\a\\..\\e.exe'])],
    ['a second command by &', event(['C:\\Program Files\\X\\a.exe & b.exe'])],
    ['a second command by |', event(['C:\\Program Files\\X\\a.exe | b.exe'])],
    ['an escape by ^', event(['C:\\Program Files\\X\\a^.exe'])],
    ['a variable', event(['C:\\Program Files\\X\\%TEMP%\\a.exe'])],
    ['a list by comma', event(['C:\\Program Files\\X\\a.exe,evil.exe'])],
    ['a list by semicolon', event(['C:\\Program Files\\X\\a.exe;evil.exe'])],
    ['a slash', event(['C:\\Program Files\\X\\../../e.exe'])],
    ['a quote', event(['C:\\Program Files\\X\\a.exe" "C:\\e.exe'])],
    ['a single quote', event(["C:\\Program Files\\X\\a.exe' '"])],
    ['a line break', event(['C:\\Program Files\\X\\a.exe\nevil.exe'])],
    ['a NUL', event(['C:\\Program Files\\X\\a.exe\u0000evil.exe'])],
    ['no data', event([])],
    ['data null', event(null)],
    ['no host', event(['C:\\Program Files\\X\\agent.exe'], { host: {} })],
    ['another host', event(['C:\\Program Files\\X\\agent.exe'], { host: { id: 'h-9' } })],
    ['two hosts', event(['C:\\Program Files\\X\\agent.exe'], { host: { id: ['h-1', 'h-9'] } })],
    ['a second spelling of the host', event(['C:\\Program Files\\X\\agent.exe'], { 'host.id': 'h-9' })],
    ['a shell with company', shell('explorer.exe,evil.exe')],
    ['a shell in other letters', shell('Explorer.exe')],
  ])('still alerts: %s', (_, document) => {
    expect(acceptedBy(rule, document, NOW)).toBeNull();
  });

  it.each([
    ['1', '0', 'count'],
    [1, 0, 'count'],
    ['0001.0e0', '0', undefined],
    ['1.0', '0', undefined],
    ['1970-01-01T00:00:00.001Z', '0', undefined],
    ['1', '1970-01-01', undefined],
    ['1', '00', undefined],
    ['1', false, undefined],
  ])('an exact test takes a number by its text alone: value %o, data %o', (value, data, id) => {
    const path = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Count';
    const document: JsonObject = { host: { id: 'h-3' }, registry: { path, value, data: { strings: data } } };
    expect(acceptedBy(rule, document, NOW)?.id).toBe(id);
  });

  it('ends at the moment it names, by the time of the object', () => {
    const document = event(['C:\\Program Files\\X\\agent.exe']);
    expect(acceptedBy(rule, document, at('2026-12-30T23:59:59.999Z'))?.id).toBe('inventory-agent');
    expect(acceptedBy(rule, document, at('2026-12-31T00:00:00.000Z'))).toBeNull();
  });
});

describe('check', () => {
  const evidence = JSON.parse(files.get('match.ndjson')!.split('\n')[1]!) as {
    registry: { path: string; data: { strings: string[] } };
    host: { id: string };
  };
  const escaped = (text: string) => text.replaceAll('\\', '\\\\');
  const accepting = `host.id == "${evidence.host.id}" and registry.path == "${escaped(evidence.registry.path)}"`;
  const check = (text: string, asOf = '2026-06-01', isStrict = false) =>
    checkFolder('wmi', withExceptions(text), { ...deps, asOfMs: at(asOf), isStrict }).findings.map(
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
