import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import { filesOf, planted, problemsOf, readChanged, WMI_RULE } from './rule-folder.ts';

// G…, I…, F… and R… number the steps of the rule's guide (rules/persistence-via-wmi-stdregprov/guide.en.md).

const FOLDER = 'wmi';
const files = filesOf(WMI_RULE);
const read = (changes: ReadonlyMap<string, string | null> = new Map()) => readChanged(FOLDER, files, changes);

describe('a defect is refused with file, line and code', () => {
  const rows: Readonly<
    Record<
      string,
      readonly (readonly [what: string, piece: string, by: string, code: string, says: RegExp])[]
    >
  > = {
    'rule.toml': [
      ['no TOML', 'severity = "high"', 'severity = high', 'TomlSyntax', /rule\.toml:\d+/],
      [
        'a key twice',
        'severity = "high"',
        'severity = "high"\nseverity = "low"',
        'TomlSyntax',
        /key multiple times/,
      ],
      [
        'a misspelt key',
        'risk_score = 73',
        'risk_score = 73\nmax_signal = 5',
        'UnknownKey',
        /did you mean max_signals\?/,
      ],
      ['a missing key', 'severity = "high"', '', 'MissingKey', /no severity/],
      ['an unknown table', '[metadata]', '[metdata]', 'UnknownKey', /did you mean metadata\?/],
      [
        'another type of value',
        'risk_score = 73',
        'risk_score = "73"',
        'WrongType',
        /takes a number, not a string/,
      ],
      ['a risk out of range', 'risk_score = 73', 'risk_score = 730', 'WrongValue', /from 0 to 100/],
      ['an unknown severity', 'severity = "high"', 'severity = "hihg"', 'WrongValue', /did you mean high\?/],
      ['a wrong id', '70d12c9c-0dbd', '70d12c9c0dbd', 'WrongValue', /takes a UUID/],
      ['a wrong look-back', '"now-9m"', '"9 minutes"', 'WrongValue', /date math/],
      [
        'another type of rule',
        'type = "eql"',
        'type = "esql"',
        'NotEqlRule',
        /an ES\|QL query; only EQL event queries run here/,
      ],
      ['a wrong technique', 'id = "T1547.001"', 'id = "T1547.01"', 'WrongValue', /such as T1547\.001/],
      [
        'the page of another technique',
        'techniques/T1547/001/"',
        'techniques/T1547/002/"',
        'WrongValue',
        /the page of T1547\.001 is/,
      ],
      [
        'a sub-technique of another technique',
        'id = "T1543"',
        'id = "T1546"',
        'WrongValue',
        /T1543\.003 is listed below technique T1546/,
      ],
      [
        'filters',
        'version = 109',
        'version = 109\nfilters = [{ meta = {} }]',
        'NotSupported',
        /put the condition into the query/,
      ],
      [
        'a broken query',
        'and event.type == "change" and',
        'and event.type = "change" and',
        'Syntax',
        /rule\.toml:3[0-9]:\d+/,
      ],
      [
        'a sequence',
        "query = '''\nregistry where",
        "query = '''\nsequence by host.id [registry where",
        'NotEventQuery',
        /"Persistence via WMI Standard Registry Provider" is a sequence over several events/,
      ],
      [
        'a misspelt field',
        'registry.data.strings != null',
        'registry.data.string != null',
        'UnknownField',
        /registry\.data\.strings/,
      ],
      [
        'a sub-field that no document has',
        'process.name : "WmiPrvSe.exe"',
        'process.name.caseless : "WmiPrvSe.exe"',
        'UnknownField',
        /process\.name/,
      ],
    ],
    'locations.toml': [
      [
        'a location without its Chinese text',
        '[location.zh-CN]\nwhat',
        '[location.zh-TW]\nwhat',
        'MissingKey',
        /no zh-CN/,
      ],
      [
        'an unknown certainty',
        'certainty = "runs"',
        'certainty = "run"',
        'WrongValue',
        /did you mean runs\?/,
      ],
      ['an unlike placeholder', '{{owner}}', '{{x}}', 'UnknownPlaceholder', /docs\/rules\.md lists them/],
      ['an unknown placeholder', '{{owner}}', '{{onwer}}', 'UnknownPlaceholder', /did you mean owner\?/],
      [
        'a pattern without a location',
        'patterns = [1, 25]',
        'patterns = [1]',
        'PatternCoverage',
        /no location has the patterns 25/,
      ],
      [
        'a pattern of two locations',
        'patterns = [1, 25]',
        'patterns = [1, 25, 2]',
        'PatternCoverage',
        /pattern 2 already belongs to location 1/,
      ],
      [
        'a pattern too many',
        'patterns = [1, 25]',
        'patterns = [1, 25, 49]',
        'PatternCoverage',
        /there is no pattern 49/,
      ],
      [
        'two keys missing',
        'certainty = "runs"\npayload = "command"\n',
        '',
        'MissingKey',
        /has no certainty, payload/,
      ],
      ['a number twice', 'number = 2\n', 'number = 1\n', 'Duplicate', /duplicate location 1/],
      ['a subject that is not ASCII', 'subject = "Run key"', 'subject = "Rün key"', 'WrongValue', /ASCII/],
    ],
    'guide.zh-CN.md': [
      [
        'a step missing',
        '  - 停止可疑进程（无法撤销：先保存内存）。 <!-- R05 -->\n',
        '',
        'MissingStep',
        /no step R05/,
      ],
    ],
    'guide.en.md': [
      ['a step without number', ' <!-- R05 -->', '', 'MissingStep', /no step R05/],
      ['a step twice', '<!-- R05 -->', '<!-- R06 -->', 'Duplicate', /duplicate step R06/],
      ['an unknown step', '<!-- R05 -->', '<!-- R55 -->', 'UnknownStep', /rule\.toml lists them/],
      [
        'an unknown placeholder in a guide',
        '{{query.tree}}',
        '{{query.trees}}',
        'UnknownPlaceholder',
        /did you mean query\.tree\?/,
      ],
      ['an unclosed placeholder', '{{query.tree}}', '{{query.tree', 'UnknownPlaceholder', /on one line/],
      [
        'markup that no carrier shows',
        '- This activity',
        '- **This** activity',
        'GuideSyntax',
        /only code spans are allowed as markup/,
      ],
      [
        'a query in no language',
        '```osquery Retrieve DNS Cache',
        '```sql Retrieve DNS Cache',
        'GuideSyntax',
        /osquery/,
      ],
    ],
    'exceptions.toml': [
      [
        'an exception with an unknown key',
        '# What',
        '[[exeption]]\n# What',
        'UnknownKey',
        /did you mean exception\?/,
      ],
    ],
  };

  const named = Object.entries(rows).flatMap(([file, of]) => of.map(row => [file, ...row] as const));
  it.each(named)('%s: %s', (file, _, piece, by, code, says) => {
    const text = planted(files.get(file)!, piece, by);
    const problems = problemsOf(() => read(new Map([[file, text]])));
    const found = problems.filter(problem => problem.code === code);
    expect(problems.map(problem => problem.code)).toContain(code);
    expect(found.map(formatProblem).join('\n')).toMatch(says);
    for (const problem of problems) expect(problem.file).toMatch(/^wmi\//);
  });

  it('locations.toml: it says no location at all', () => {
    const problems = problemsOf(() => read(new Map([['locations.toml', '# none\n']])));
    expect(problems.map(formatProblem).join('\n')).toMatch(/locations\.toml has no location \[MissingKey\]/);
  });

  it.each([
    ['rule.toml', 'MissingFile'],
    ['locations.toml', 'MissingFile'],
    ['exceptions.toml', 'MissingFile'],
    ['guide.en.md', 'MissingFile'],
    ['guide.zh-CN.md', 'MissingFile'],
  ])('%s is missing', (name, code) => {
    const problems = problemsOf(() => read(new Map([[name, null]])));
    expect(problems.map(problem => [problem.file, problem.code])).toEqual([[`wmi/${name}`, code]]);
  });

  it('a file that nobody reads', () => {
    const problems = problemsOf(() => read(new Map([['exception.toml', '']])));
    expect(problems.map(formatProblem)).toEqual([
      'wmi/exception.toml:1:1: unknown file "exception.toml"; did you mean exceptions.toml? [UnknownFile]',
    ]);
  });

  it('two steps in another order', () => {
    const swapped = files.get('guide.en.md')!.replace('<!-- R01 -->', '<!-- R02 -->');
    const text = swapped.replace(/<!-- R02 -->(?=\n- If malware)/, '<!-- R01 -->');
    const problems = problemsOf(() => read(new Map([['guide.en.md', text]])));
    expect(problems.map(problem => problem.message)).toEqual(['step R02 stands where R01 should']);
  });

  it('a guide longer than one message', () => {
    const text = `${files.get('guide.en.md')}${'x'.repeat(262_144)}`;
    const problems = problemsOf(() => read(new Map([['guide.en.md', text]])));
    expect(problems.map(problem => problem.code)).toEqual(['TooLarge']);
  });
});
