import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import { exception, type Keys, problemsOf } from './rule-folder.ts';
import { GOOD, RUN, ruleWith } from './rule-with-exceptions.ts';

const USER = 'S-1-5-21-3623811015-3361044348-30300820-1107';
const AGENT = `registry.path == "${RUN}\\\\Agent"`;
const LOGON_SCRIPT = 'Environment\\\\UserInitMprLogonScript';
const ALL_HOSTS = { all_hosts: 'true' };

describe('a dangerous or broken exception is refused', () => {
  const WILDCARD = /may not begin with a wildcard/;
  const NAME_ALONE = /process\.name alone/;
  const OF_THE_RULE = /a pattern of the rule itself/;
  const NOT_WHAT = /no exact test of what was written/;
  const NOT_WHERE = /no exact test of where or by whom/;
  const unsafe: [what: string, condition: string, says: RegExp, keys?: Keys][] = [
    [
      'a pattern that begins with a wildcard',
      `${GOOD} and registry.data.strings : "*\\\\agent.exe"`,
      WILDCARD,
    ],
    [
      'a pattern that begins with a question mark',
      `${GOOD} and registry.data.strings : "?:\\\\agent.exe"`,
      WILDCARD,
    ],
    ['process.name alone', 'process.name : "WmiPrvSE.exe"', NAME_ALONE],
    ['process.name alone, for all hosts', 'process.name : "WmiPrvSE.exe"', NAME_ALONE, ALL_HOSTS],
    ['a pattern of the rule itself', `${GOOD} and registry.path : "${RUN}\\\\*"`, OF_THE_RULE],
    [
      'a pattern of the rule in other letters',
      `${GOOD} and registry.path : "${RUN.toUpperCase()}\\\\*"`,
      OF_THE_RULE,
    ],
    ['where, but not what', 'host.id == "h-1" and process.name : "WmiPrvSE.exe"', NOT_WHAT],
    ['what by a wildcard only', `host.id == "h-1" and registry.path : "${RUN}\\\\Agent*"`, NOT_WHAT],
    ['the key without the value', 'host.id == "h-1" and registry.key == "Software\\\\Agent"', NOT_WHAT],
    ['what, but not where', AGENT, NOT_WHERE],
    ['where by a wildcard only', `host.name : "FIN-*" and ${AGENT}`, NOT_WHERE],
    [
      'a path in the hive of LocalSystem',
      `registry.path == "HKEY_USERS\\\\.DEFAULT\\\\${LOGON_SCRIPT}"`,
      NOT_WHERE,
    ],
    ['all hosts without the data', AGENT, /both registry\.value .* and registry\.data\.strings/, ALL_HOSTS],
    [
      'all hosts without the value',
      'registry.data.strings == "C:\\\\a.exe"',
      /both registry\.value/,
      ALL_HOSTS,
    ],
  ];
  const ends: [what: string, expires: string, says: RegExp][] = [
    ['an end too far away', '2027-01-02', /lasts 366 days; at most 365/],
    ['an end before the beginning', '2025-12-31', /expires before it is created/],
    ['a day that no month has', '"2026-02-30"', /takes a date/],
    ['a time of such a day', '"2026-02-30T00:00:00Z"', /takes a date/],
    ['an hour that no day has', '"2026-02-28T24:00:00Z"', /takes a date/],
    ['a time without its zone', '2026-06-01T00:00:00', /a time with its zone/],
  ];
  type Row = [what: string, code: string, condition: string, says: RegExp, keys?: Keys];
  const rows: Row[] = [
    ...unsafe.map(([what, ...rest]): Row => [what, 'ExceptionUnsafe', ...rest]),
    ['not', 'Unsupported', `${GOOD} and not registry.value == "Evil"`, /not/],
    ['!=', 'Unsupported', `${GOOD} and registry.value != "Evil"`, /!=/],
    ['or', 'Unsupported', `${GOOD} or registry.value == "Evil"`, /or/],
    ['a misspelt field', 'UnknownField', GOOD.replace('host.id', 'host.ids'), /did you mean host\.i[dp]\?/],
    ['no EQL', 'Syntax', 'host.id = "h-1"', /./],
    ['an empty condition', 'WrongValue', ' ', /condition is empty/],
    ['a whole query', 'Syntax', 'registry where host.id == "h-1"', /./],
    ['no owner', 'MissingKey', GOOD, /no owner/, { owner: '' }],
    ['a blank reason', 'WrongValue', GOOD, /reason is empty/, { reason: '" "' }],
    ['no end', 'MissingKey', GOOD, /no expires/, { expires: '' }],
    ...ends.map(([what, expires, says]): Row => [what, 'ExceptionTime', GOOD, says, { expires }]),
    ['an id that is no name', 'WrongValue', GOOD, /id is "In ventory"/, { id: '"In ventory"' }],
    ['an unknown key', 'UnknownKey', GOOD, /did you mean all_hosts\?/, { all_host: 'true' }],
    ['one id twice', 'Duplicate', GOOD, /duplicate exception/],
  ];
  it.each(rows)('%s', (what, code, condition, says, keys) => {
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
  const data = (path: string) => `registry.data.strings == "${path}"`;
  const rows: [what: string, condition: string, keys?: Keys][] = [
    ['a host and a path', GOOD],
    [
      'an agent, key and value',
      'agent.id == "a" and registry.key == "Software\\\\A" and registry.value : "b"',
    ],
    ['a requester and the data', `Effective_process.executable : "C:\\\\a.exe" and ${data('C:\\\\b.exe')}`],
    ['one of two hosts', `host.name in ("A", "B") and ${AGENT}`],
    ['a path in the hive of one user', `registry.path == "HKEY_USERS\\\\${USER}\\\\${LOGON_SCRIPT}"`],
    ['a key in the hive of one user', `registry.key == "${USER}\\\\Environment" and registry.value == "x"`],
    ['all hosts, value and data', `registry.value == "Agent" and ${data('C:\\\\a.exe')}`, ALL_HOSTS],
    ['365 days', GOOD, { created: '2026-01-01', expires: '2027-01-01' }],
    ['times with a zone', GOOD, { created: '2026-01-01T08:00:00+08:00', expires: '2026-02-01T00:00:00Z' }],
  ];
  it.each(rows)('%s', (_, condition, keys) => {
    expect(problemsOf(() => ruleWith(exception(condition, keys)))).toEqual([]);
  });
});
