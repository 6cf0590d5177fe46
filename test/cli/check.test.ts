import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkFolders, run } from '../../functions/alert/cli/check.ts';
import { type Io, UsageError } from '../../functions/alert/cli/io.ts';
import { INDICATOR_FACTS } from '../../functions/alert/ruleset/indicators.ts';
import { temporaryFolder } from '../afterwards.ts';
import { exception, filesOf, planted, WMI_RULE } from '../ruleset/rule-folder.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

async function check(...args: readonly string[]) {
  let out = '';
  let err = '';
  const io = {
    out: async (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    now: () => NOW,
  } as Partial<Io> as Io;
  const status = await run(args, io);
  return { status, out, err };
}

let directory: string;
beforeEach(() => {
  directory = temporaryFolder();
});

function rulesWith(file: string, change: (text: string) => string): string {
  cpSync(WMI_RULE, join(directory, 'wmi'), { recursive: true });
  const path = join(directory, 'wmi', file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return directory;
}

const EXCEPTION = exception(`host.id == "h-1" and registry.path == "HKLM\\\\x"`, { expires: '2026-06-10' });

describe('registry-alert check', () => {
  it("finds nothing wrong with the package's rules", async () => {
    const { status, out, err } = await check();
    expect({ status, err: err.split('\n').filter(line => !line.includes(': warning: ')) }).toEqual({
      status: 0,
      err: [''],
    });
    expect(out.split('\n').filter(line => /^(persistence-via-wmi|indicators|$)/.test(line))).toEqual([
      expect.stringMatching(
        /^persistence-via-wmi-stdregprov: version 109, 62 events that alert, 52 that do not/,
      ),
      expect.stringMatching(/^persistence-via-wmi-stdregprov-neighbours: disabled, version 1/),
      expect.stringMatching(/^persistence-via-wmi-stdregprov-sysmon: disabled, version 2/),
      expect.stringMatching(/^indicators.toml: \d+ that raise, \d+ that lower; 0 errors$/),
      '',
    ]);
  });

  it('takes the folder of one rule', async () => {
    const { status, out } = await check(WMI_RULE);
    expect(status).toBe(0);
    expect(out).toMatch(/^persistence-via-wmi-stdregprov: .*\n$/);
  });

  const rows: readonly (readonly [string, string, string, string, number, RegExp])[] = [
    [
      'a refused rule',
      'rule.toml',
      'severity = "high"',
      'severity = "hihg"',
      2,
      /rule\.toml:\d+:12: unknown severity "hihg"; did you mean high\? .*\[WrongValue\]\n {2}severity = "hihg"\n {13}\^/,
    ],
    [
      'a match line that no longer matches',
      'match.ndjson',
      '"name":"WmiPrvSE.exe"',
      '"name":"svchost.exe"',
      1,
      /match\.ndjson:1:1: event 1 does not alert: "process\.name : .*WmiPrvSe\.exe.*" is not true \[EvidenceSilent\]/,
    ],
    [
      'a match line without what it needs',
      'match.ndjson',
      '"type":["change"]',
      '"type":[]',
      1,
      /event 1 does not alert: ".*" finds no value \[EvidenceSilent\]/,
    ],
    [
      'a quiet line that alerts',
      'quiet.ndjson',
      '"name":"svchost.exe"',
      '"name":"WmiPrvSE.exe"',
      1,
      /quiet\.ndjson:1:1: event 1 alerts, though it is listed as quiet \[EvidenceAlerts\]/,
    ],
    [
      'a broken line',
      'quiet.ndjson',
      '{"@timestamp"',
      '"@timestamp"',
      1,
      /quiet\.ndjson:1:1: line 1 is not a JSON object \[EvidenceSyntax\]/,
    ],
    [
      'a pattern that no event fits',
      'rule.toml',
      'Ctf\\\\LangBarAddin',
      'Ctf\\\\LangBarAdin',
      1,
      /no event matches pattern 22 of the query \[EvidenceMissing\]/,
    ],
    [
      'a category that ECS does not have',
      'rule.toml',
      'registry where',
      'registy where',
      1,
      /rule\.toml: warning: ECS has no category registy; did you mean registry\? \[Warning\]/,
    ],
    [
      'an optional field that no document has',
      'rule.toml',
      'process.name : "WmiPrvSe.exe"',
      '?proces.name : "WmiPrvSe.exe"',
      1,
      /warning: \?proces\.name is no known field, .* did you mean process\.name\?/,
    ],
    [
      'a byte order mark',
      'rule.toml',
      '# Rule, query',
      '\uFEFF# Rule, query',
      2,
      /rule\.toml:1:1: invalid TOML: .* byte order mark/,
    ],
    [
      'a step in the wrong language',
      'guide.zh-CN.md',
      '停止可疑进程（无法撤销：先保存内存）。',
      'Stop the process, which cannot be undone.',
      0,
      /guide\.zh-CN\.md: warning: R05 is not in Chinese \[Warning\]/,
    ],
  ];
  it.each(rows)('%s', async (_, file, piece, by, status, says) => {
    const result = await check(rulesWith(file, text => planted(text, piece, by)));
    expect(result.err).toMatch(says);
    expect(result.status).toBe(status);
  });

  it('a folder that no setting can name', async () => {
    cpSync(WMI_RULE, join(directory, '规则 1'), { recursive: true });
    const { status, err } = await check(directory);
    expect(err).toMatch(/letters, digits, - and _; not "规则 1" \[WrongValue\]/);
    expect(status).toBe(1);
  });

  it('a step of one language only, in a rule that does not list its steps', async () => {
    const lax = (text: string) => text.replace(/guide_steps = \[[^\]]*\]/, '').replace('whole = true', '');
    rulesWith('rule.toml', lax);
    const guide = join(directory, 'wmi', 'guide.en.md');
    writeFileSync(guide, planted(readFileSync(guide, 'utf8'), '<!-- R05 -->', '<!-- R55 -->'));
    const { status, err } = await check(directory);
    expect(err).toMatch(
      /guide\.zh-CN\.md.* no step R55, which guide\.en\.md has.*\n.*guide\.en\.md has no step R05/,
    );
    expect(status).toBe(0);
  });

  const indicators: readonly (readonly [string, string, string, number, RegExp])[] = [
    [
      'an unknown fact',
      'payload.program : "msiexec.exe" and payload.library',
      'payload.program : "msiexec.exe" and payload.libary',
      2,
      /indicators\.toml:\d+:47: no such field: payload\.libary; did you mean payload\.library\? \[UnknownField\]/,
    ],
    [
      'a field that is no fact',
      'payload.program : "msiexec.exe" and payload.library',
      'host.name : "msiexec.exe" and payload.library',
      2,
      /no such field: host\.name; an indicator reads only the facts in docs\/indicators\.md/,
    ],
    [
      'a text left in English',
      'zh-CN = "rundll32.exe 直接执行脚本文本"',
      'zh-CN = "rundll32.exe runs a script."',
      0,
      /warning: rundll32-script: a full stop ends "rundll32\.exe runs a script\."[\s\S]*: zh-CN is not in Chinese/,
    ],
    [
      'no evidence',
      "quiet = [{ data = 'msiexec /i C:\\a.msi' }]\n",
      'quiet = []\n',
      2,
      /indicators\.toml:\d+:9: quiet takes at least one write \[EvidenceMissing\]\n {2}quiet = \[\]\n {10}\^/,
    ],
    [
      'no evidence at all',
      "fires = [{ data = 'msiexec /y C:\\Users\\Public\\a.dll' }]\n",
      '',
      2,
      /indicators\.toml:\d+:3: \[\[indicator\]\] has no fires \[MissingKey\]/,
    ],
    [
      'one that can never fire',
      'payload.program : "msiexec.exe" and payload.library',
      'payload.program == "msiexec" and payload.library',
      1,
      /indicators\.toml:\d+:\d+: msiexec-library does not fire for "msiexec \/y .*" \[EvidenceSilent\]\n {2}fires = .*\n {2} *\^/,
    ],
    [
      'one that always fires',
      'payload.program : "msiexec.exe" and payload.library != null',
      'payload.program : "msiexec.exe"',
      1,
      /msiexec-library fires for "msiexec \/i .*", though it is listed as quiet \[EvidenceAlerts\]/,
    ],
    [
      'the id of another',
      'id = "mshta"',
      'id = "msiexec-library"',
      2,
      /indicators\.toml:\d+:6: duplicate indicator .* \[Duplicate\]/,
    ],
  ];
  it.each(indicators)('an indicator: %s', async (_, piece, by, status, says) => {
    rulesWith('rule.toml', text => text);
    const text = readFileSync('rules/indicators.toml', 'utf8');
    writeFileSync(join(directory, 'indicators.toml'), planted(text, piece, by));
    const result = await check(directory);
    expect(result.err).toMatch(says);
    expect(result.status).toBe(status);
  });

  it('and docs/indicators.md has every fact that a condition may read', () => {
    const rows = readFileSync('docs/indicators.md', 'utf8')
      .split('\n')
      .filter(line => line.startsWith('| `'));
    const named = rows.flatMap(row =>
      Array.from(row.split('|')[1]!.matchAll(/`([a-z._]+\.[a-z_.]+)`/g), match => match[1]!),
    );
    expect(named.toSorted()).toEqual([...INDICATOR_FACTS].toSorted());
  });

  it('an exception near its end, past it, and with --strict', async () => {
    const rules = rulesWith('exceptions.toml', () => EXCEPTION);
    const at = async (...args: readonly string[]) => {
      const { status, err } = await check(...args, rules);
      return [status, err.match(/\[\w+\]/)?.[0] ?? ''];
    };
    expect(await at('--as-of', '2026-05-01')).toEqual([0, '']);
    expect(await at()).toEqual([0, '[ExceptionExpires]']);
    expect(await at('--as-of', '2026-06-10')).toEqual([0, '[ExceptionExpired]']);
    expect(await at('--strict')).toEqual([0, '[ExceptionExpires]']);
    expect(await at('--strict', '--as-of=2026-06-10T00:00:00Z')).toEqual([1, '[ExceptionExpired]']);
  });

  it('a folder without a rule.toml, and a directory without a folder', async () => {
    expect(await check(directory)).toMatchObject({ status: 2, err: expect.stringMatching(/no folder/) });
    mkdirSync(join(directory, 'wmi'));
    writeFileSync(join(directory, 'wmi', 'rules.toml'), '');
    const { status, err } = await check(directory);
    expect(status).toBe(2);
    expect(err).toMatch(/unknown file "rules\.toml"; did you mean rule\.toml\?/);
  });

  it('refuses a directory that is not there, and two', async () => {
    await expect(check(join(directory, 'none'))).rejects.toThrow(UsageError);
    await expect(check('a', 'b')).rejects.toThrow(UsageError);
    await expect(check('--as-of', 'yesterday')).rejects.toThrow(UsageError);
  });
});

describe('checkFolders', () => {
  const settings = { asOfMs: NOW, isStrict: false };

  it('refuses two rules with one id', () => {
    const files = filesOf(WMI_RULE);
    const results = checkFolders(
      [
        { name: 'a', files },
        { name: 'b', files },
      ],
      settings,
    );
    const at =
      files
        .get('rule.toml')!
        .split('\n')
        .findIndex(line => line.startsWith('rule_id')) + 1;
    expect(
      results.map(({ findings }) => findings.map(({ line, column, message }) => [line, column, message])),
    ).toEqual([[], [[at, 1, 'rule_id 70d12c9c-0dbd-4a1a-bc44-1467502c9cf6 is already used by a']]]);
  });

  it.each(['match.ndjson', 'quiet.ndjson'])('misses the %s of a whole rule', name => {
    const files = filesOf(WMI_RULE);
    files.delete(name);
    const [result] = checkFolders([{ name: 'a', files }], settings);
    expect(result!.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['EvidenceMissing', 'unsound'],
    ]);
  });

  it('only warns of what another rule lacks', () => {
    const [result] = checkFolders(
      [{ name: 'a', files: filesOf('test/rules/foreign/sysmon-run-key') }],
      settings,
    );
    expect(new Set(result!.findings.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });
});
