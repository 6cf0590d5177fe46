import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import { filesOf, planted, problemsOf, readChanged, WMI_RULE } from './rule-folder.ts';

const FOLDER = 'wmi';
const files = filesOf(WMI_RULE);
const read = (changes: ReadonlyMap<string, string | null> = new Map()) => readChanged(FOLDER, files, changes);

describe('a defect is refused with file, line and code', () => {
  const rows: readonly {
    readonly what: string;
    readonly file: string;
    readonly piece: string;
    readonly by: string;
    readonly code: string;
    readonly says: RegExp;
  }[] = [
    {
      what: 'no TOML',
      file: 'rule.toml',
      piece: 'severity = "high"',
      by: 'severity = high',
      code: 'TomlSyntax',
      says: /rule\.toml:\d+/,
    },
    {
      what: 'a key twice',
      file: 'rule.toml',
      piece: 'severity = "high"',
      by: 'severity = "high"\nseverity = "low"',
      code: 'TomlSyntax',
      says: /key multiple times/,
    },
    {
      what: 'a misspelt key',
      file: 'rule.toml',
      piece: 'risk_score = 73',
      by: 'risk_score = 73\nmax_signal = 5',
      code: 'UnknownKey',
      says: /did you mean max_signals\?/,
    },
    {
      what: 'a missing key',
      file: 'rule.toml',
      piece: 'severity = "high"',
      by: '',
      code: 'MissingKey',
      says: /no severity/,
    },
    {
      what: 'an unknown table',
      file: 'rule.toml',
      piece: '[metadata]',
      by: '[metdata]',
      code: 'UnknownKey',
      says: /did you mean metadata\?/,
    },
    {
      what: 'another type of value',
      file: 'rule.toml',
      piece: 'risk_score = 73',
      by: 'risk_score = "73"',
      code: 'WrongType',
      says: /takes a number, not a string/,
    },
    {
      what: 'a risk out of range',
      file: 'rule.toml',
      piece: 'risk_score = 73',
      by: 'risk_score = 730',
      code: 'WrongValue',
      says: /from 0 to 100/,
    },
    {
      what: 'an unknown severity',
      file: 'rule.toml',
      piece: 'severity = "high"',
      by: 'severity = "hihg"',
      code: 'WrongValue',
      says: /did you mean high\?/,
    },
    {
      what: 'a wrong id',
      file: 'rule.toml',
      piece: '70d12c9c-0dbd',
      by: '70d12c9c0dbd',
      code: 'WrongValue',
      says: /takes a UUID/,
    },
    {
      what: 'a wrong look-back',
      file: 'rule.toml',
      piece: '"now-9m"',
      by: '"9 minutes"',
      code: 'WrongValue',
      says: /date math/,
    },
    {
      what: 'another type of rule',
      file: 'rule.toml',
      piece: 'type = "eql"',
      by: 'type = "esql"',
      code: 'NotEqlRule',
      says: /an ES\|QL query; only EQL event queries run here/,
    },
    {
      what: 'a wrong technique',
      file: 'rule.toml',
      piece: 'id = "T1547.001"',
      by: 'id = "T1547.01"',
      code: 'WrongValue',
      says: /such as T1547\.001/,
    },
    {
      what: 'the page of another technique',
      file: 'rule.toml',
      piece: 'techniques/T1547/001/"',
      by: 'techniques/T1547/002/"',
      code: 'WrongValue',
      says: /the page of T1547\.001 is/,
    },
    {
      what: 'a sub-technique of another technique',
      file: 'rule.toml',
      piece: 'id = "T1543"',
      by: 'id = "T1546"',
      code: 'WrongValue',
      says: /T1543\.003 is listed below technique T1546/,
    },
    {
      what: 'filters',
      file: 'rule.toml',
      piece: 'version = 109',
      by: 'version = 109\nfilters = [{ meta = {} }]',
      code: 'NotSupported',
      says: /put the condition into the query/,
    },
    {
      what: 'a broken query',
      file: 'rule.toml',
      piece: 'and event.type == "change" and',
      by: 'and event.type = "change" and',
      code: 'Syntax',
      says: /rule\.toml:3[0-9]:\d+/,
    },
    {
      what: 'a sequence',
      file: 'rule.toml',
      piece: "query = '''\nregistry where",
      by: "query = '''\nsequence by host.id [registry where",
      code: 'NotEventQuery',
      says: /"Persistence via WMI Standard Registry Provider" is a sequence over several events/,
    },
    {
      what: 'a misspelt field',
      file: 'rule.toml',
      piece: 'registry.data.strings != null',
      by: 'registry.data.string != null',
      code: 'UnknownField',
      says: /registry\.data\.strings/,
    },
    {
      what: 'a sub-field that no document has',
      file: 'rule.toml',
      piece: 'process.name : "WmiPrvSe.exe"',
      by: 'process.name.caseless : "WmiPrvSe.exe"',
      code: 'UnknownField',
      says: /process\.name/,
    },
    {
      what: 'a location without its Chinese text',
      file: 'locations.toml',
      piece: '[location.zh-CN]\nwhat',
      by: '[location.zh-TW]\nwhat',
      code: 'MissingKey',
      says: /no zh-CN/,
    },
    {
      what: 'an unknown certainty',
      file: 'locations.toml',
      piece: 'certainty = "runs"',
      by: 'certainty = "run"',
      code: 'WrongValue',
      says: /did you mean runs\?/,
    },
    {
      what: 'an unknown placeholder',
      file: 'locations.toml',
      piece: '{{owner}}',
      by: '{{onwer}}',
      code: 'UnknownPlaceholder',
      says: /did you mean owner\?/,
    },
    {
      what: 'a pattern without a location',
      file: 'locations.toml',
      piece: 'patterns = [1, 25]',
      by: 'patterns = [1]',
      code: 'PatternCoverage',
      says: /no location has the patterns 25/,
    },
    {
      what: 'a pattern of two locations',
      file: 'locations.toml',
      piece: 'patterns = [1, 25]',
      by: 'patterns = [1, 25, 2]',
      code: 'PatternCoverage',
      says: /pattern 2 already belongs to location 1/,
    },
    {
      what: 'a pattern too many',
      file: 'locations.toml',
      piece: 'patterns = [1, 25]',
      by: 'patterns = [1, 25, 49]',
      code: 'PatternCoverage',
      says: /there is no pattern 49/,
    },
    {
      what: 'a number twice',
      file: 'locations.toml',
      piece: 'number = 2\n',
      by: 'number = 1\n',
      code: 'Duplicate',
      says: /duplicate location 1/,
    },
    {
      what: 'a subject that is not ASCII',
      file: 'locations.toml',
      piece: 'subject = "Run key"',
      by: 'subject = "Rün key"',
      code: 'WrongValue',
      says: /ASCII/,
    },
    {
      what: 'a step missing',
      file: 'guide.zh-CN.md',
      piece: '  - 停止可疑进程（无法撤销：先保存内存）。 <!-- R05 -->\n',
      by: '',
      code: 'MissingStep',
      says: /no step R05/,
    },
    {
      what: 'a step without number',
      file: 'guide.en.md',
      piece: ' <!-- R05 -->',
      by: '',
      code: 'MissingStep',
      says: /no step R05/,
    },
    {
      what: 'a step twice',
      file: 'guide.en.md',
      piece: '<!-- R05 -->',
      by: '<!-- R06 -->',
      code: 'Duplicate',
      says: /duplicate step R06/,
    },
    {
      what: 'an unknown step',
      file: 'guide.en.md',
      piece: '<!-- R05 -->',
      by: '<!-- R55 -->',
      code: 'UnknownStep',
      says: /rule\.toml lists them/,
    },
    {
      what: 'an unknown placeholder in a guide',
      file: 'guide.en.md',
      piece: '{{query.tree}}',
      by: '{{query.trees}}',
      code: 'UnknownPlaceholder',
      says: /did you mean query\.tree\?/,
    },
    {
      what: 'an unclosed placeholder',
      file: 'guide.en.md',
      piece: '{{query.tree}}',
      by: '{{query.tree',
      code: 'UnknownPlaceholder',
      says: /on one line/,
    },
    {
      what: 'markup that no carrier shows',
      file: 'guide.en.md',
      piece: '- This activity',
      by: '- **This** activity',
      code: 'GuideSyntax',
      says: /only code spans are allowed as markup/,
    },
    {
      what: 'a query in no language',
      file: 'guide.en.md',
      piece: '```osquery Retrieve DNS Cache',
      by: '```sql Retrieve DNS Cache',
      code: 'GuideSyntax',
      says: /osquery/,
    },
    {
      what: 'an exception with an unknown key',
      file: 'exceptions.toml',
      piece: '# What',
      by: '[[exeption]]\n# What',
      code: 'UnknownKey',
      says: /did you mean exception\?/,
    },
  ];

  it.each(rows)('$what', ({ file, piece, by, code, says }) => {
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
