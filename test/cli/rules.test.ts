import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyRules } from '../../infra/bundle/copy-rules.ts';
import { temporaryFolder } from '../afterwards.ts';
import { runCommand } from './run-command.ts';

const OPEN_RULES = '../shared/data/detection-rules';
const root = temporaryFolder();

let made = 0;

/** A new directory with these files. */
function directory(files: Readonly<Record<string, string>>): string {
  const path = join(root, String(made++));
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

function rule(number: number, changes: Readonly<Record<string, string>> = {}): string {
  const keys = {
    rule_id: `"${idOf(number)}"`,
    name: '"A rule"',
    description: '"What it finds."',
    type: '"eql"',
    language: '"eql"',
    index: '["logs-endpoint.events.*"]',
    severity: '"low"',
    risk_score: '21',
    timestamp_override: '"event.ingested"',
    query: `'''\nprocess where process.name : "a${number}.exe"\n'''`,
    ...changes,
  };
  return `[metadata]\nmaturity = "production"\n\n[rule]\n${Object.entries(keys)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`;
}

const query = (text: string) => ({ query: `'''\n${text}\n'''` });
const read = (...path: readonly string[]) => readFileSync(join(...path), 'utf8');

describe('rules add', () => {
  it('takes what can run out of a checkout and names the rest with reason and line', async () => {
    const lock = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [idOf(at), { version: 100 + at, type: 'eql' }]),
    );
    const rows: readonly (readonly [text: string, says: RegExp | null])[] = [
      [rule(1), null],
      [rule(2, { building_block_type: '"default"', related_integrations: '[]', setup: '"x"' }), null],
      [rule(3, { investigation_fields: '{ field_names = ["host.id"] }' }), null],
      [rule(4, query('sequence by host.id [process where true] [file where true]')), /NotEventQuery/],
      [rule(5, { type: '"query"', language: '"kuery"' }), /KQL or Lucene.*NotEqlRule/],
      [rule(6, { type: '"esql"' }), /ES\|QL query.*NotEqlRule/],
      [rule(7, query('process where process.name = "a"')), /:16:\d+: .*\[Syntax\]/],
      [rule(8, query('process where a.b == c.d')), /UnknownField/],
      [rule(9, query('aws where aws.cloudtrail.read_only == true')), null],
      [rule(10, { typo: '1' }), /unknown key "typo".*UnknownKey/],
      [rule(11).replace('[rule]', '[rule'), /TomlSyntax/],
      [rule(1), /rule_id .* is already used by r_00 \[Duplicate\]/],
      ['[tool]\nname = "no rule"\n', null],
      [`${rule(13)}${'#'.repeat(300_000)}`, /longer than 262144 bytes.*TooLarge/],
      ...Array.from({ length: 26 }, (_, at) => [rule(14 + at), null] as const),
    ];
    const name = (at: number) => `rules/windows/r_${String(at).padStart(2, '0')}.toml`;
    const checkout = directory({
      'detection_rules/etc/version.lock.json': JSON.stringify(lock),
      'rules/_deprecated/old.toml': rule(90),
      'rules/z/r_00.toml': rule(80),
      'hunting/windows.toml': rule(91),
      ...Object.fromEntries(rows.map(([text], at) => [name(at), text])),
    });
    const to = join(root, 'added');
    const { status, out, err } = await runCommand(['rules', 'add', checkout, '--to', to]);
    expect(status).toBe(1);
    for (const [at, [, says]] of rows.entries()) {
      const line = err.split('\n').find(line => line.includes(name(at)));
      if (says) expect(line).toMatch(says);
      else expect([at, line]).toEqual([at, undefined]);
    }
    expect(err).toMatch(/z\/r_00\.toml:1:1: r_00 is already the folder of another rule, .*\[Duplicate\]/);
    expect(out).toMatch(/30 added, .*2 NotEqlRule/);
    expect(out).toMatch(/^r_00: version 101$/m);
    expect(read(to, 'r_00', 'rule.toml')).toContain('[rule]\nversion = 101\n');
    expect(read(to, 'r_00', 'upstream.toml')).toBe(read(to, 'r_00', 'rule.toml'));
    expect(existsSync(join(to, 'r_03'))).toBe(false);
    const again = await runCommand(['rules', 'add', join(checkout, name(0)), '--to', to]);
    expect([again.status, again.out]).toEqual([0, '0 added, 1 there already\n']);
    const checked = await runCommand(['check', to]);
    expect(checked.err).toMatch(/r_00.*timestamp_override has no effect here/);
    expect(checked.err).toMatch(/r_01.*building_block_type has no effect here/);
    expect(checked.out).toContain('r_00: version 101,');
    expect(checked.status).toBe(0);
  });

  it('says that a version is assumed where nobody states one', async () => {
    const one = directory({ 'one.toml': rule(1) });
    const { out } = await runCommand(['rules', 'add', one, '--to', join(root, 'assumed')]);
    expect(out).toBe('one: version 1, assumed: no version.lock.json has it\n1 added\n');
  });

  it('adds a folder of many of which ten are broken, and they run', async () => {
    const many = 100;
    const files = Array.from({ length: many }, (_, at) => [
      `r${at}.toml`,
      at % (many / 10) === 7 ? rule(at, query('process where broken ==')) : rule(at),
    ]);
    const to = join(root, 'many');
    const { status, out, err } = await runCommand([
      ...['rules', 'add', directory(Object.fromEntries(files)), '--to', to],
    ]);
    expect([status, err.match(/\[Syntax\]/g)?.length]).toEqual([1, 10]);
    expect(out).toContain(`${many - 10} added, 10 Syntax\n`);
  });
});

it.each([
  [['add', 'package.json/x']],
  [['add', 'rules', '--to', 'package.json']],
  [['update']],
  [['update', 'nowhere']],
  [['upate', 'x']],
])('a wrong call is reported without a stack trace: %j', async args => {
  const { status, err } = await runCommand(['rules', ...args]);
  expect([status, /\n {4}at /.test(err)]).toEqual([2, false]);
});

it.each([
  [
    'a sequence',
    2,
    query('sequence [process where true] [file where true]'),
    /\d+:1: "A rule" is a sequence .*\[NotEventQuery\]/,
  ],
  ['of the id of another', 1, {}, /\d+:1: rule_id \S+ is already used by a-good \[Duplicate\]\n {2}rule_id/],
])('a rule that is refused among others is named, and the others run: %s', async (_, id, change, says) => {
  const rules = directory({
    'a-good/rule.toml': rule(1),
    'bad/rule.toml': rule(id, change),
  });
  const log = join(directory({}), 'log.ndjson');
  writeFileSync(log, `{"event":{"category":"process"},"process":{"name":"a1.exe"},"host":{"id":"h"}}\n`);
  const { status, out, err } = await runCommand(['scan', '--rules', rules, '--format', 'json', log]);
  expect(err).toMatch(new RegExp(`bad/rule\\.toml:${says.source}`));
  expect([status, out.trim().split('\n').length]).toEqual([1, 1]);
});

it('a folder behind a link is a rule wherever rules are read, and one that begins with a dot is none', async () => {
  const log = join(directory({}), 'log.ndjson');
  const events = [1, 2, 3].map(number => ({
    event: { category: 'process' },
    process: { name: `a${number}.exe` },
  }));
  writeFileSync(log, events.map(event => JSON.stringify(event)).join('\n'));
  const rules = directory({ '.making/rule.toml': rule(1), 'b/rule.toml': rule(2) });
  symlinkSync(join(directory({ 'x/rule.toml': rule(3) }), 'x'), join(rules, 'c'));
  copyFileSync('rules/indicators.toml', join(rules, 'indicators.toml'));
  const bundled = directory({});
  copyRules(rules, bundled);
  for (const folder of [rules, bundled]) {
    const { status, out } = await runCommand(['scan', '--rules', folder, log]);
    const found = out
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { rule: { id: string } }).rule.id);
    expect([status, found]).toEqual([0, [idOf(2), idOf(3)]]);
  }
  expect((await runCommand(['check', rules])).out).toMatch(/^b: .*\nc: .*\nindicators.*\n$/);
  // Its rule would be missing without a word.
  symlinkSync('/nowhere', join(rules, 'd'));
  for (const args of [
    ['scan', '--rules', rules, log],
    ['check', rules],
  ]) {
    const { status, err } = await runCommand(args);
    expect([status, err]).toEqual([2, expect.stringMatching(/\/d[: ].*a link to nothing/)]);
  }
});

it('a rule.toml that is a folder is named without a stack trace', async () => {
  const { status, err } = await runCommand(['scan', '--rules', directory({ 'a/rule.toml/x': '' }), 'x']);
  expect([status, err]).toEqual([
    2,
    expect.stringMatching(/^registry-alert: \S+rule\.toml cannot [^\n]*EISDIR[^\n]*\n$/),
  ]);
});

describe('rules update', () => {
  const upstream = (changes: Readonly<Record<string, string>>) =>
    directory({
      'version.lock.json': JSON.stringify({ [idOf(1)]: { version: 2 } }),
      'one.toml': rule(1, changes),
    });
  const exceptions = '# none yet\n';

  /** A rule that was added from upstream, and then changed here. */
  async function adapted(change: (text: string) => string): Promise<string> {
    const to = join(root, String(made++));
    const first = directory({ 'one.toml': rule(1), 'version.lock.json': `{"${idOf(1)}":{"version":1}}` });
    await runCommand(['rules', 'add', first, '--to', to]);
    writeFileSync(join(to, 'one', 'exceptions.toml'), exceptions);
    writeFileSync(join(to, 'one', 'rule.toml'), change(read(to, 'one', 'rule.toml')));
    return to;
  }

  it('keeps what was changed here and takes what was changed there', async () => {
    const rules = await adapted(
      text => `${text.replace('risk_score = 21', 'risk_score = 47')}\n[registry_alert]\ndisabled = true\n`,
    );
    const checkout = upstream({ ...query('process where process.name : "b.exe"'), tags: '["New"]' });
    const { status, out } = await runCommand(['rules', 'update', '--rules', rules, checkout]);
    expect(out).toMatch(
      /one: version 1 to 2\n {2}query changed\n {2}tags: \+1 "New"\n {2}ours, .*exceptions\.toml\n/,
    );
    const text = read(rules, 'one', 'rule.toml');
    for (const piece of ['version = 2', 'risk_score = 47', 'b.exe', 'tags = ["New"]', 'disabled = true']) {
      expect(text).toContain(piece);
    }
    expect(read(rules, 'one', 'exceptions.toml')).toBe(exceptions);
    const again = await runCommand(['rules', 'update', '--rules', rules, checkout]);
    expect([status, again.status, again.out]).toEqual([0, 0, '0 updated\n']);
  });

  const refused: readonly (readonly [
    what: string,
    change: (text: string) => string,
    changes: Readonly<Record<string, string>>,
    says: RegExp,
  ])[] = [
    [
      'both sides changed one line',
      text => text.replace('risk_score = 21', 'risk_score = 47'),
      { risk_score: '73' },
      /one\/rule\.toml:13:1: changed here and upstream.*\n {4}- risk_score = 47\n {4}\+ risk_score = 73\n/,
    ],
    [
      'what comes out cannot run',
      text => text,
      query('process where nobody.knows == 1'),
      /UnknownField[\s\S]*one: not updated/,
    ],
  ];
  it.each(refused)('writes nothing where %s', async (_, change, changes, says) => {
    const rules = await adapted(change);
    const before = read(rules, 'one', 'rule.toml');
    const { status, err } = await runCommand(['rules', 'update', '--rules', rules, upstream(changes)]);
    expect(err).toMatch(says);
    expect([status, read(rules, 'one', 'rule.toml')]).toEqual([1, before]);
  });

  it('names what upstream has no longer', async () => {
    const rules = await adapted(text => text);
    const { status, out } = await runCommand([
      'rules',
      'update',
      '--rules',
      rules,
      directory({ 'x.toml': rule(9) }),
    ]);
    expect(out).toMatch(/^not in .*, perhaps withdrawn: one\n0 updated\n$/);
    expect(status).toBe(0);
  });

  it('replays logs first, and leaves the rules alone where an alert would be lost', async () => {
    const rules = await adapted(text => text);
    const log = join(directory({}), 'log.ndjson');
    writeFileSync(log, `{"event":{"category":"process"},"process":{"name":"a1.exe"},"host":{"id":"h"}}\n`);
    const lost = upstream(query('process where process.name : "b.exe"'));
    const { status, out } = await runCommand(['rules', 'update', '--rules', rules, lost, '--replay', log]);
    expect(out).toContain('0 gained, 1 lost, 0 changed\nnothing written\n');
    expect([status, read(rules, 'one', 'rule.toml').includes('a1.exe')]).toEqual([1, true]);
    const wider = upstream(query('process where process.name : "a*.exe"'));
    const wide = await runCommand(['rules', 'update', '--rules', rules, wider, '--replay', log]);
    expect(wide.out).toMatch(/0 gained, 0 lost, 1 changed\n1 updated\n/);
  });

  it.skipIf(!existsSync(OPEN_RULES))(
    'takes our own rule from version 109 to 114 (../shared/data)',
    async () => {
      const rules = join(root, 'own');
      cpSync('rules', rules, { recursive: true });
      const folder = 'persistence-via-wmi-stdregprov';
      const { status, out } = await runCommand(['rules', 'update', '--rules', rules, OPEN_RULES]);
      expect(status).toBe(0);
      for (const piece of [
        'version 109 to 114',
        'query unchanged',
        '+1 "T1547.004"',
        'investigate: +4',
        '+15',
      ]) {
        expect(out).toContain(piece);
      }
      for (const file of ['guide.en.md', 'guide.zh-CN.md', 'locations.toml', 'exceptions.toml']) {
        expect(read(rules, folder, file)).toBe(read('rules', folder, file));
      }
      expect((await runCommand(['check', rules])).status).toBe(0);
    },
  );
});

it.skipIf(!existsSync(OPEN_RULES))('versions are those of version.lock.json (../shared/data)', async () => {
  const list: readonly { stem: string; version: number }[] = JSON.parse(read(OPEN_RULES, 'list.json'));
  const { out } = await runCommand(['check', OPEN_RULES]);
  const open = list.filter(({ stem }) => existsSync(join(OPEN_RULES, stem)));
  expect(open).toHaveLength(25);
  for (const { stem, version } of open) expect(out).toContain(`${stem}: version ${version},`);
});
