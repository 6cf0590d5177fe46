import { beforeAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import { type Rule, readRule } from '../../functions/alert/ruleset/rule/rule.ts';
import { deps, filesOf, planted, problemsOf, readChanged, ruleOf, WMI_RULE } from './rule-folder.ts';

// G…, I…, F… and R… number the steps of the rule's guide (rules/persistence-via-wmi-stdregprov/guide.en.md).

const FOLDER = 'wmi';
const files = filesOf(WMI_RULE);
const read = (changes: ReadonlyMap<string, string | null> = new Map()) => readChanged(FOLDER, files, changes);

describe('a rule of ours', () => {
  let rule: Rule;
  beforeAll(() => {
    rule = ruleOf(WMI_RULE);
  });

  it('is read whole', () => {
    expect(rule).toMatchObject({
      folder: 'persistence-via-wmi-stdregprov',
      id: '70d12c9c-0dbd-4a1a-bc44-1467502c9cf6',
      version: 109,
      severity: 'high',
      riskScore: 73,
      interval: '5m',
      from: 'now-9m',
      lookBackMs: 540_000,
      maxSignals: 100,
      disabled: false,
      whole: true,
      warnings: [],
      exceptions: [],
    });
    expect(rule.patterns).toHaveLength(48);
    expect(rule.locations).toHaveLength(24);
    expect(Object.keys(rule.guides)).toEqual(['en', 'zh-CN']);
  });

  it.each(['', 'index = []'])('without an index warns that it reads events of every one: "%s"', line => {
    const patterns = 'index = ["logs-endpoint.events.registry-*", "endgame-*"]';
    const text = planted(files.get('rule.toml')!, patterns, line);
    expect(read(new Map([['rule.toml', text]])).warnings).toEqual([expect.stringContaining('no index')]);
  });

  it('has a digest that every file which can change a verdict changes, and no other', () => {
    const changedBy = (name: string) =>
      read(new Map([[name, `${files.get(name)}\n`]])).digest !== rule.digest;
    expect(['rule.toml', 'locations.toml', 'exceptions.toml'].map(changedBy)).toEqual([true, true, true]);
    expect(['guide.en.md', 'match.ndjson', 'quiet.ndjson'].map(changedBy)).toEqual([false, false, false]);
  });
});

describe('[registry_alert]', () => {
  const withQuery = (condition: string, keys: string) => {
    const query = planted(files.get('rule.toml')!, 'event.type == "change"', condition);
    return new Map([['rule.toml', planted(query, 'case_folding = "ascii"', keys)]]);
  };

  it('declares fields of a site', () => {
    const condition = 'acme.ticket != null';
    expect(problemsOf(() => read(withQuery(condition, ''))).map(({ code }) => code)).toEqual([
      'UnknownField',
    ]);
    expect(problemsOf(() => read(withQuery(condition, 'fields = ["acme.ticket"]')))).toEqual([]);
  });

  it('chooses how letters are folded', () => {
    const condition = 'process.title : "K"';
    const document = { ...JSON.parse(files.get('match.ndjson')!.split('\n')[0]!), 'process.title': '\u212a' };
    const matches = (folding: string) =>
      read(withQuery(condition, `case_folding = "${folding}"`)).query.matches(document);
    expect([matches('ascii'), matches('unicode')]).toEqual([false, true]);
  });

  it('turns a rule off, as `enabled = false` of Elastic does', () => {
    expect(read(withQuery('event.type == "change"', 'disabled = true')).disabled).toBe(true);
    const off = planted(files.get('rule.toml')!, 'version = 109', 'version = 109\nenabled = false');
    expect(read(new Map([['rule.toml', off]])).disabled).toBe(true);
  });

  it('is not turned off by a text that quotes such a line', () => {
    const quoting = planted(
      files.get('rule.toml')!,
      "query = '''",
      "note = '''\ndisabled = true\n'''\nquery = '''",
    );
    const all = new Map([...files, ['rule.toml', quoting]]);
    expect(readRule(FOLDER, all, { ...deps, unlessDisabled: true })?.disabled).toBe(false);
    const off = new Map([...files, ['rule.toml', planted(quoting, 'version = 109', 'enabled = false')]]);
    expect(readRule(FOLDER, off, { ...deps, unlessDisabled: true })).toBeNull();
  });

  it('takes a category from no field that nobody knows', () => {
    const withField = (path: string, own = 'case_folding = "ascii"') =>
      withQuery('event.type == "change"', own)
        .get('rule.toml')!
        .replace('version = 109', `version = 109\nevent_category_override = "${path}"`);
    const problems = (text: string) =>
      problemsOf(() => read(new Map([['rule.toml', text]]))).map(({ message }) => message);
    expect(problems(withField('event.categry'))).toEqual([
      'no such field: event.categry; did you mean event.category?',
    ]);
    expect(problems(withField('acme.kind'))).toEqual([expect.stringMatching(/^no such field: acme\.kind; /)]);
    expect(problems(withField('acme.kind', 'fields = ["acme.kind"]'))).toEqual([]);
  });
});

describe('problems', () => {
  it('come all at once, from every file', () => {
    const problems = problemsOf(() =>
      read(
        new Map([
          [
            'rule.toml',
            planted(files.get('rule.toml')!, 'severity = "high"', 'severity = "hihg"\ncolour = 1'),
          ],
          ['locations.toml', planted(files.get('locations.toml')!, '{{owner}}', '{{onwer}}')],
          ['guide.en.md', planted(files.get('guide.en.md')!, ' <!-- F01 -->', '')],
        ]),
      ),
    );
    expect(new Set(problems.map(problem => problem.file))).toEqual(
      new Set(['wmi/rule.toml', 'wmi/locations.toml', 'wmi/guide.en.md']),
    );
    expect(problems.length).toBeGreaterThanOrEqual(4);
  });

  it('point at the place with the line and a caret', () => {
    const text = planted(files.get('rule.toml')!, 'process.name : "Wmi', 'proces.name : "Wmi');
    const [problem] = problemsOf(() => read(new Map([['rule.toml', text]])));
    expect(formatProblem(problem!)).toMatch(/^wmi\/rule\.toml:\d+:37: .*process\.name.* \[UnknownField\]\n/);
    expect(problem).toMatchObject({ code: 'UnknownField', column: 37 });
    const [line, caret] = problem!.excerpt.split('\n');
    expect(line!.slice(caret!.indexOf('^'))).toMatch(/^proces\.name/);
  });

  it('never print what would move the cursor', () => {
    const text = planted(files.get('guide.en.md')!, '{{query.tree}}', '\u001b[2J\u202e{{x}}');
    const [problem] = problemsOf(() => read(new Map([['guide.en.md', text]])));
    expect(formatProblem(problem!)).not.toMatch(/[\u001b\u202e]/);
  });
});
