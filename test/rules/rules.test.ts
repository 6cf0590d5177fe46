import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { lastDocument } from '../../functions/alert/logs/index.ts';
import { checkFolder } from '../../functions/alert/ruleset/check/check-folder.ts';
import { numbersOf } from '../../functions/alert/ruleset/guide/guide.ts';
import { LOCALES } from '../../functions/alert/ruleset/locale.ts';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import type { Rule } from '../../functions/alert/ruleset/rule/rule.ts';
import { deps, filesOf, ruleOf, WMI_RULE } from '../ruleset/rule-folder.ts';

// G…, I…, F… and R… number the steps of the rule's guide (rules/persistence-via-wmi-stdregprov/guide.en.md).

const FOLDERS = readdirSync('rules', { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => `rules/${name}`);
/** Without what a team adds of its own. */
const OURS = FOLDERS.filter(folder => folder.startsWith(WMI_RULE));
const FOREIGN = readdirSync('test/rules/foreign').map(name => `test/rules/foreign/${name}`);
const check = (folder: string) =>
  checkFolder(folder, filesOf(folder), { ...deps, asOfMs: Date.now(), isStrict: true, lastDocument });

it.each(FOLDERS)('%s passes check, and a whole rule without a warning', folder => {
  const { findings, rule } = check(folder);
  const wrong = findings.filter(({ severity }) => rule?.whole || severity !== 'warning');
  expect(wrong.map(formatProblem)).toEqual([]);
});

describe.each(OURS)('%s', folder => {
  it('says of each place what ATT&CK calls it, in words that fit a subject', () => {
    for (const { text, technique } of ruleOf(folder).locations) {
      expect(technique.id).toMatch(/^T\d{4}/);
      expect(text.en.subject.length).toBeLessThanOrEqual(40);
    }
  });

  it('promises nothing of places without a known effect', () => {
    for (const { certainty, text } of ruleOf(folder).locations) {
      if (certainty === 'no-known-effect') expect(text.en.when).toMatch(/^Windows reads /);
      if (certainty === 'may-run') expect(text.en.when).toMatch(/documents|undocumented|if |when .* fails/);
    }
  });
});

it('ours are whole, and only the first runs unasked', () => {
  expect(OURS.filter(folder => !ruleOf(folder).whole)).toEqual([]);
  expect(OURS.filter(folder => !ruleOf(folder).disabled)).toEqual([WMI_RULE]);
});

describe('the rule as it was given', () => {
  let rule: Rule;
  beforeAll(() => {
    rule = ruleOf(WMI_RULE);
  });
  const PAGES = 'https://attack.mitre.org';
  const technique = (id: string, name: string) => ({
    id,
    name,
    reference: `${PAGES}/techniques/${id.replace('.', '/')}/`,
  });

  it('has every element of its metadata', () => {
    expect(rule).toMatchObject({
      name: {
        en: 'Persistence via WMI Standard Registry Provider',
        'zh-CN': '通过 WMI 标准注册表提供程序实现持久化',
      },
      type: 'eql',
      indices: ['logs-endpoint.events.registry-*', 'endgame-*'],
      severity: 'high',
      riskScore: 73,
      interval: '5m',
      from: 'now-9m',
      maxSignals: 100,
      references: [],
      tags: [
        'Domain: Endpoint',
        'OS: Windows',
        'Use Case: Threat Detection',
        'Tactic: Persistence',
        'Data Source: Elastic Endgame',
        'Data Source: Elastic Defend',
      ],
      version: 109,
      authors: ['Elastic'],
      license: 'Elastic License v2',
    });
    for (const locale of LOCALES) expect(rule.description[locale]).toMatch(/StdRegProv/);
  });

  it('has its entries of ATT&CK', () => {
    expect(rule.threats).toEqual([
      {
        framework: 'MITRE ATT&CK',
        tactic: { id: 'TA0003', name: 'Persistence', reference: `${PAGES}/tactics/TA0003/` },
        techniques: [
          {
            ...technique('T1543', 'Create or Modify System Process'),
            subtechniques: [technique('T1543.003', 'Windows Service')],
          },
          {
            ...technique('T1547', 'Boot or Logon Autostart Execution'),
            subtechniques: [technique('T1547.001', 'Registry Run Keys / Startup Folder')],
          },
        ],
      },
      {
        framework: 'MITRE ATT&CK',
        tactic: { id: 'TA0002', name: 'Execution', reference: `${PAGES}/tactics/TA0002/` },
        techniques: [{ ...technique('T1047', 'Windows Management Instrumentation'), subtechniques: [] }],
      },
    ]);
  });

  it('has its 48 patterns: 24 places in two spellings', () => {
    const kernel = (pattern: string) =>
      pattern.replace(/^HKEY_USERS/, '\\REGISTRY\\USER').replace(/^HKLM/, '\\REGISTRY\\MACHINE');
    expect(rule.patterns).toHaveLength(48);
    expect(rule.patterns.slice(24)).toEqual(rule.patterns.slice(0, 24).map(kernel));
  });

  const seed = existsSync('../shared/seed')
    ? readdirSync('../shared/seed').map(name => readFileSync(`../shared/seed/${name}`, 'utf8'))[0]
    : undefined;
  it.skipIf(seed === undefined)('has the query as it was given, but for line breaks', () => {
    const squeezed = (text: string) =>
      text.replaceAll(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')');
    expect(squeezed(seed!)).toContain(squeezed(rule.queryText.trim()));
  });

  const GUIDE = `
    G01 G02 G03 G04 G05 G06
    I01 I01a I01b I01c I02 I03 I03a I03b I03c I03d I04 I05 I06 I07 I08 I09 I10 I11 I12 I13 I14 I15 I16 I17 I18
    I19 I19a I19b I19c I19d
    F01 F02
    R01 R02 R03 R04 R05 R06 R07 R07a R07b R07c R08 R09 R10 R10a R11 R12 R12a R12b`;
  it.each(LOCALES)('has every step of its guide, in %s', locale => {
    const found = numbersOf(rule.guides[locale]!);
    const wanted = GUIDE.trim().split(/\s+/);
    // 30 headings of the investigation and 18 of the response in the checklist, with their letters.
    expect(wanted).toHaveLength(6 + 30 + 2 + 18);
    expect(wanted.filter(number => !found.includes(number))).toEqual([]);
    expect(found.filter(number => !wanted.includes(number))).toEqual(['I', 'F', 'R']);
  });

  it('has four Osquery queries, the same in both languages, with their English labels', () => {
    const queries = LOCALES.map(locale =>
      rule.guides[locale]!.sections.flatMap(({ steps }) => steps.flatMap(({ query }) => query ?? [])),
    );
    const [en, zh] = queries as [(typeof queries)[number], (typeof queries)[number]];
    expect(en.map(({ label }) => label)).toEqual([
      'Retrieve DNS Cache',
      'Retrieve All Services',
      'Retrieve Services Running on User Accounts',
      'Retrieve Service Unsigned Executables with Virustotal Link',
    ]);
    expect(zh.map(({ text }) => text)).toEqual(en.map(({ text }) => text));
    for (const [index, { label }] of zh.entries()) expect(label).toContain(en[index]!.label);
    for (const { text } of en) expect(text).toMatch(/^[\n\x20-\x7e]+$/);
  });

  it('mends the words that the translation got wrong', () => {
    const text = filesOf(WMI_RULE).get('guide.zh-CN.md')!;
    for (const word of ['普遍程度', '衍生痕迹', '遏制恶意软件', '相关进程', '释放器']) {
      expect(text).toContain(word);
    }
    for (const word of ['运行密钥', '流行性', '派生工件', '包含恶意软件', '主体进程']) {
      expect(text).not.toContain(word);
    }
  });
});

describe('files in the layout of elastic/detection-rules', () => {
  const registry = (executable: string): JsonObject => ({
    event: { category: ['registry'], type: ['change'] },
    host: { os: { type: 'windows' } },
    process: { executable },
    registry: { path: 'HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\Temp' },
  });
  const office = (args_count: number): JsonObject => ({
    event: { category: 'process', type: ['start'] },
    host: { os: { type: 'windows' } },
    process: {
      ...{ name: 'PowerShell.exe', args_count, command_line: 'powershell.exe -enc AAAA' },
      parent: { name: 'WINWORD.EXE' },
    },
  });
  const sysmon = (event: JsonObject): JsonObject => ({
    event,
    registry: { path: 'HKU\\S-1-5-21-1-2-3-1001\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\A' },
    winlog: { event_data: { EventType: 'SetValue' } },
  });
  const EVENTS: Readonly<Record<string, readonly [alerts: JsonObject, quiet: JsonObject]>> = {
    'defender-exclusion-added': [
      registry('C:\\Windows\\regedit.exe'),
      registry('C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4\\MsMpEng.exe'),
    ],
    'office-starts-script-host': [office(3), office(1)],
    'sysmon-run-key': [sysmon({ module: 'sysmon', code: '13' }), sysmon({ category: 'sysmon', code: '13' })],
  };

  it.each(FOREIGN)('%s passes check with warnings alone, and alerts', folder => {
    const { findings, rule } = check(folder);
    expect(findings.filter(({ severity }) => severity !== 'warning').map(formatProblem)).toEqual([]);
    expect(findings.length).toBeGreaterThan(0);
    const events = EVENTS[folder.split('/').at(-1)!]!;
    expect(events.map(event => rule?.query.matches(event))).toEqual([true, false]);
  });

  it('keep their note as the guide, buttons filled in, and their threat mapping', () => {
    const rule = ruleOf(FOREIGN[0]!);
    const { sections } = rule.guides.en!;
    expect(sections.map(({ heading }) => heading)).toEqual([
      'Triage and analysis',
      'Investigating Defender Exclusion Added to the Registry',
      'Possible investigation steps',
      'False positive analysis',
      'Response and remediation',
      'False positives',
    ]);
    expect(sections[1]!.steps.map(({ text }) => text)).toEqual([
      "An exclusion keeps the scanner away from everything below a folder, see the product's own page (https://example.com/exclusions).",
      'Note: The queries of this guide are drawn as buttons.',
    ]);
    const steps = sections[2]!.steps;
    expect(steps.map(({ query }) => query?.language)).toEqual([
      undefined,
      'osquery',
      'kql',
      'osquery',
      undefined,
    ]);
    expect(steps[2]!.query!.text).toBe(
      '(event.kind : "signal" and host.id : {{host.id}}) or (not host.name : *)',
    );
    expect(steps[4]!.text).toBe('Look for files that appeared in the excluded folder.');
    expect(rule.threats[0]!.techniques[0]!.subtechniques[0]!.id).toBe('T1562.001');
    expect(rule.name).toEqual({ en: rule.name.en, 'zh-CN': rule.name.en });
  });

  it('take what they leave out as Elastic does', () => {
    const [, office, sysmon] = FOREIGN.map(ruleOf);
    expect(sysmon).toMatchObject({ version: 1, interval: '5m', from: 'now-6m', maxSignals: 100 });
    expect(office).toMatchObject({ interval: '30m', lookBackMs: 3_600_000, maxSignals: 1000 });
    expect(office!.warnings.join('\n')).toMatch(/alert_suppression has no effect here/);
    expect(sysmon!.warnings.join('\n')).toMatch(/marked development/);
  });
});
