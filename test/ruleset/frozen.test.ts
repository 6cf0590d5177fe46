import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readField } from '../../functions/alert/logs/index.ts';
import { frozenIndicators, ruleFiles, ruleFolders } from '../../functions/alert/pipeline/load-rules.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { freezeRule, readIndicators, readRule, thawRule } from '../../functions/alert/ruleset/index.ts';
import { copyRules } from '../../infra/bundle/copy-rules.ts';
import { evidenceIn } from '../../infra/bundle.ts';
import { temporaryFolder } from '../afterwards.ts';
import { built } from '../built.ts';
import { exception } from './rule-folder.ts';

const deps = { readField, sha256 };
const NONE = new Map<string, number>();

it.each(ruleFolders('rules'))('%s is the same when it was read at build time', folder => {
  const files = ruleFiles('rules', folder);
  const rule = readRule(folder, files, deps);
  const thawed = thawRule(freezeRule(files, NONE, rule), files, NONE, readField)!;
  expect(JSON.stringify(thawed)).toBe(JSON.stringify(rule));
  expect(Object.keys(thawed.query).sort()).toEqual(Object.keys(rule.query).sort());
  for (const line of [...text(folder, 'match'), ...text(folder, 'quiet')]) {
    const document = JSON.parse(line);
    expect(thawed.query.explain(document)).toEqual(rule.query.explain(document));
    expect(thawed.query.matches(document)).toBe(rule.query.matches(document));
  }
});

it('a rule of which a file was changed afterwards is not thawed', () => {
  const files = ruleFiles('rules', 'persistence-via-wmi-stdregprov');
  const frozen = freezeRule(files, NONE, readRule('wmi', files, deps));
  const changed = new Map([...files, ['guide.en.md', `${files.get('guide.en.md')} `]]);
  expect(thawRule(frozen, files, NONE, readField)).not.toBeNull();
  expect(thawRule(frozen, changed, NONE, readField)).toBeNull();
  const { id } = readRule('wmi', files, deps);
  expect(thawRule(frozen, files, new Map([[id, 3]]), readField)).toBeNull();
});

it('an exception for a whole list of strings accepts no other list', () => {
  const exceptions = exception(
    `host.id == "h1" and registry.path == "HKLM\\\\A\\\\B" and registry.data.strings in ("a.dll", "b.dll")`,
    { id: '"printers"', created: '2026-11-01', expires: '2026-12-01', strings: '["a.dll", "b.dll"]' },
  );
  const files = new Map([
    ...ruleFiles('rules', 'persistence-via-wmi-stdregprov'),
    ['exceptions.toml', exceptions],
  ]);
  const rule = readRule('wmi', files, deps);
  const thawed = thawRule(freezeRule(files, NONE, rule), files, NONE, readField)!;
  const accepts = (strings: readonly string[]) => {
    const document = { host: { id: 'h1' }, registry: { path: 'HKLM\\A\\B', data: { strings } } };
    return [rule, thawed].map(({ exceptions: [exception] }) => exception!.condition.accepts(document));
  };
  expect(accepts(['a.dll', 'b.dll'])).toEqual([true, true]);
  expect(accepts(['a.dll'])).toEqual([false, false]);
});

it('so are the indicators, until their file is changed', () => {
  const rules = temporaryFolder();
  copyRules('rules', rules);
  const text = readFileSync('rules/indicators.toml', 'utf8');
  const read = readIndicators({ file: 'indicators.toml', text }, deps);
  const { levels, list } = frozenIndicators(Buffer.from(text), rules)!;
  expect(JSON.stringify({ levels, list })).toBe(JSON.stringify(read));
  expect(frozenIndicators(Buffer.from(`${text} `), rules)).toBeNull();
});

it('a rule that is enabled in the folder of a bundle runs', () => {
  const folder = temporaryFolder();
  const sysmon = 'persistence-via-wmi-stdregprov-sysmon';
  cpSync(dirname(built('cli')), folder, { recursive: true });
  const path = join(folder, 'rules', sysmon, 'rule.toml');
  const scan = () => {
    const command = [join(folder, 'cli.mjs'), 'scan', '--format', 'json', `rules/${sysmon}/match.ndjson`];
    const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    return stdout.split('\n').length - 1;
  };
  expect(scan()).toBe(0);
  writeFileSync(path, readFileSync(path, 'utf8').replace('disabled = true', 'disabled = false'));
  expect(scan()).toBeGreaterThan(0);
});

it("problems in a disabled rule's folder are reported, except in the bundle's own", () => {
  const rules = temporaryFolder();
  cpSync('rules', rules, { recursive: true });
  writeFileSync(join(rules, 'persistence-via-wmi-stdregprov-sysmon', 'guide.fr.md'), '# Guide\n');
  const command = [
    built('cli'),
    'scan',
    '--rules',
    rules,
    'rules/persistence-via-wmi-stdregprov/quiet.ndjson',
  ];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('[UnknownFile]')]);
});

it('a bundle is made of rules that have no evidence, too', () => {
  const rules = temporaryFolder();
  cpSync('rules', rules, { recursive: true });
  const bare = join(rules, 'persistence_x');
  cpSync('rules/persistence-via-wmi-stdregprov/rule.toml', join(bare, 'rule.toml'));
  const evidence = evidenceIn(rules);
  expect(evidence).toContain(join(rules, 'persistence-via-wmi-stdregprov', 'match.ndjson'));
  expect(evidence.filter(path => path.startsWith(bare))).toEqual([]);
});

function text(folder: string, name: string): string[] {
  const path = `rules/${folder}/${name}.ndjson`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}
