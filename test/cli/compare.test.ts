import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { temporaryFolder } from '../afterwards.ts';
import { built } from '../built.ts';
import { exceptionFor } from '../lambda/events.ts';
import { SYSMON_13, winlogbeat } from '../logs/ecs/records.ts';
import { RULE } from '../notification/fixture.ts';
import { exception } from '../ruleset/rule-folder.ts';
import { runCommand } from './run-command.ts';

const FOLDER = 'persistence-via-wmi-stdregprov';
const LOG = `rules/${FOLDER}/match.ndjson`;
let directory = '';

beforeEach(() => {
  directory = temporaryFolder();
  cpSync(`rules/${FOLDER}`, join(directory, FOLDER), { recursive: true });
});

const change = (file: string, edit: (text: string) => string): void => {
  const path = join(directory, FOLDER, file);
  const before = readFileSync(path, 'utf8');
  const after = edit(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
};
const compare = (): ReturnType<typeof runCommand> =>
  runCommand(['compare', '--rules', directory, '--against', 'rules', '--as-of', '2026-11-24', LOG]);
const records = (out: string, kind: string): number[] =>
  out
    .split('\n')
    .filter(line => line.startsWith(kind))
    .map(line => Number(/record (\d+)/.exec(line)?.[1]));

describe('compare', () => {
  it('finds nothing between a set of rules and itself', async () => {
    const { status, out } = await runCommand(['compare', '--rules', 'rules', '--against', 'rules', LOG]);
    expect([status, out]).toEqual([0, '0 gained, 0 lost, 0 changed\n']);
  });

  it('names exactly the alerts that a dropped pattern loses, and gains them the other way round', async () => {
    const dropped = '"HKEY_USERS\\\\*\\\\Environment\\\\UserInitMprLogonScript"';
    change('rule.toml', text => text.replace(`${dropped},`, ''));
    change('locations.toml', text =>
      text
        .replace('patterns = [14, 38]', 'patterns = [37]')
        .replace(/patterns = \[(\d+), (\d+)\]/g, (whole, a, b) =>
          Number(b) === Number(a) + 24
            ? `patterns = [${Number(a) > 14 ? Number(a) - 1 : a}, ${Number(b) - 1}]`
            : whole,
        ),
    );
    const lost = readFileSync(LOG, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        /"path":"HKEY_USERS[^"]*UserInitMprLogonScript"/.test(line) ? [index + 1] : [],
      );
    const { status, out } = await compare();
    expect(records(out, 'lost')).toEqual(lost);
    expect(lost.length).toBeGreaterThan(0);
    expect(status).toBe(1);
    const back = await runCommand(['compare', '--rules', 'rules', '--against', directory, LOG]);
    expect([back.status, records(back.out, 'gained')]).toEqual([0, lost]);
  });

  it('names the exception that accepts what was published before', async () => {
    const event = JSON.parse(readFileSync(LOG, 'utf8').split('\n')[1]!) as {
      registry: { path: string; data: { strings: string[] } };
      host: { id: string };
    };
    const quote = (text: string): string => JSON.stringify(text);
    const { host, registry } = event;
    const condition = `registry.path == ${quote(registry.path)} and registry.data.strings == ${quote(registry.data.strings[0]!)} and host.id == ${quote(host.id)}`;
    const accepting = exception(condition, { id: '"planted"', accepts: '[2]' });
    change('exceptions.toml', text => text + accepting);
    const { status, out } = await compare();
    expect([status, records(out, 'lost')]).toEqual([1, [2]]);
    expect(out).toContain('exception planted');
  });

  it.each([
    ['rule.toml', 'severity = "high"', 'severity = "critical"'],
    ['rule.toml', 'name = "Persistence', 'name = "Perseverance'],
    ['guide.en.md', 'Identify', 'Look up'],
  ])('shows what changed without a gain or a loss: %s, %s', async (file, piece, by) => {
    change(file, text => text.replace(piece, by));
    const { status, out } = await compare();
    expect(status).toBe(0);
    expect(out).toMatch(/0 gained, 0 lost, 62 changed\n$/);
  });
});

describe('a log that cannot be read as a whole', () => {
  const sets = ['--rules', 'rules', '--against', 'rules'];
  const broken = (): string => {
    const path = join(directory, 'broken.ndjson');
    writeFileSync(path, `${readFileSync(LOG, 'utf8')}{"cut\n`);
    return path;
  };

  it.each([
    ['compare', ['compare', ...sets, '/no/such/log']],
    ['explain', ['explain', '--record', '1', '/no/such/log']],
    ['match', ['match', 'any where true', '/no/such/log']],
  ])('is reported by %s when it is missing, with status 1', async (_, args) => {
    const { status, err } = await runCommand(args);
    expect([status, err]).toEqual([
      1,
      '/no/such/log cannot be read (ENOENT); check the name and the permissions [Unreadable]\n',
    ]);
  });

  it('leaves the others to be compared', async () => {
    const { status, out } = await runCommand(['compare', ...sets, '/no/such/log', LOG]);
    expect([status, out]).toEqual([1, '0 gained, 0 lost, 0 changed\n']);
  });

  it.each([
    ['compare', () => ['compare', ...sets, broken()]],
    ['explain', () => ['explain', '--record', '1', broken()]],
  ])('gives %s status 1 when a record was skipped', async (_, args) => {
    const { status, err } = await runCommand(args());
    expect(status).toBe(1);
    expect(err).toMatch(/1 of \d+ records were skipped/);
  });
});

describe('explain', () => {
  const quiet = readFileSync(`rules/${FOLDER}/quiet.ndjson`, 'utf8')
    .split('\n')
    .filter(line => line !== '');

  it('names one deciding condition for every near miss', async () => {
    // Each command loads the rules, so three of them, and then every record by the query alone.
    for (const index of [0, quiet.length >> 1, quiet.length - 1]) {
      const near = [
        '--rules',
        `rules/${FOLDER}`,
        '--record',
        String(index + 1),
        `rules/${FOLDER}/quiet.ndjson`,
      ];
      const { status, out } = await runCommand(['explain', ...near]);
      expect(status).toBe(0);
      expect(out, `record ${index + 1}`).toMatch(/does not match: condition \d decides/);
      expect(out.match(/^> (false|missing)/gm), `record ${index + 1}`).toHaveLength(1);
    }
    for (const line of quiet) {
      const { matches, clauses, decidedBy } = RULE.query.explain(JSON.parse(line) as JsonObject);
      expect([matches, clauses[decidedBy]?.result], line).toEqual([
        false,
        expect.stringMatching(/^(false|missing)$/),
      ]);
    }
  });

  it('marks values that the record itself lacks', async () => {
    const path = join(directory, 'sysmon.ndjson');
    writeFileSync(path, JSON.stringify(winlogbeat(SYSMON_13)));
    const { out } = await runCommand(['explain', '--record', '1', path]);
    expect(out).toMatch(/^ +registry\.path: .* \(inferred: another spelling\)/m);
  });

  it('has status 1 where a rule beside those that run is refused, and compare too', async () => {
    cpSync(`rules/${FOLDER}`, join(directory, 'refused'), { recursive: true });
    writeFileSync(join(directory, 'refused', 'rule.toml'), 'not TOML');
    for (const args of [
      ['explain', '--record', '1', '--rules', directory, LOG],
      ['compare', '--rules', directory, '--against', 'rules', LOG],
    ]) {
      const { status, err } = await runCommand(args);
      expect([status, err]).toEqual([1, expect.stringContaining('refused/rule.toml')]);
    }
  });

  it('reads an event as the function does: Endgame has its operating system elsewhere', async () => {
    const { host, ...event } = JSON.parse(readFileSync(LOG, 'utf8').split('\n')[0]!) as {
      host: { os: object };
    };
    const path = join(directory, 'endgame.ndjson');
    const endgame = { ...event, host: { ...host, os: { family: 'windows' } }, endgame: {} };
    writeFileSync(path, JSON.stringify({ _index: 'endgame-1.4', _source: endgame }));
    const { out } = await runCommand(['explain', '--record', '1', path]);
    expect(out).toContain('MATCHES: every condition holds\n  host.os.type is taken from host.os.family\n');
  });

  it('says what keeps a match back', async () => {
    const [line] = readFileSync(LOG, 'utf8').split('\n');
    const path = join(directory, 'kept-back.ndjson');
    const other = { ...JSON.parse(line!), data_stream: { type: 'logs', dataset: 'other.thing' } };
    writeFileSync(
      path,
      `${JSON.stringify({ _index: 'logs-other.thing-default', _source: other })}\n${line}\n`,
    );
    const exceptions = exceptionFor(line!, 'inventory', { created: '2026-09-01', expires: '2026-12-01' });
    change('exceptions.toml', () => exceptions);
    const explain = async (record: string, asOf: string) =>
      (
        await runCommand(['explain', '--record', record, '--rules', directory, '--as-of', asOf, path])
      ).out.split('\n')[0];
    expect(await explain('1', '2026-11-24')).toContain(
      'MATCHES: every condition holds, but its index is not one of the rule',
    );
    expect(await explain('2', '2026-11-24')).toContain(
      ', but exception inventory of Endpoint engineering accepts it until 2026-12-01T00:00:00.000Z',
    );
    expect(await explain('2', '2026-12-01')).toMatch(/MATCHES: every condition holds$/);
  });

  it('shows which pattern matched', async () => {
    const { out } = await runCommand(['explain', '--record', '1', LOG]);
    expect(out).toContain('MATCHES');
    expect(out).toContain('matched 1: HKEY_USERS\\*\\SOFTWARE\\Microsoft\\Command Processor\\Autorun');
  });

  it('says that there is no such record', async () => {
    const { status, err } = await runCommand(['explain', '--record', '999', LOG]);
    expect([status, err]).toEqual([
      1,
      expect.stringContaining('there is no record 999; 62 records were read'),
    ]);
  });
});

describe('match', () => {
  it('reports a field that looks misspelt, and no other', async () => {
    const errOf = async (field: string) =>
      (await runCommand(['match', `any where ${field} == 3`, log()])).err;
    expect(await errOf('proces.pid')).toBe(
      'registry-alert: proces.pid is no known field; did you mean process.pid?\n',
    );
    expect([await errOf('process.pid'), await errOf('n')]).toEqual(['', '']);
  });

  const log = (): string => {
    const path = join(directory, 'log.ndjson');
    const rows = [3, 1, 2].map(n =>
      JSON.stringify({
        '@timestamp': `2026-11-24T00:00:0${n}Z`,
        event: { category: 'process' },
        n,
        big: 'BIG',
      }).replace('"BIG"', `900719925474099${n}`),
    );
    writeFileSync(path, `${rows.join('\n')}\n`);
    return path;
  };
  const rows: readonly (readonly [query: string, ns: readonly number[]])[] = [
    ['process where true', [3, 1, 2]],
    ['any where n >= 2', [3, 2]],
    ['process where true | head 2', [1, 2]],
    ['process where true | tail 1', [3]],
    ['process where big == 9007199254740993', [3]],
    ['registry where true', []],
  ];
  it.each(rows)('%s', async (query, ns) => {
    const { status, out } = await runCommand(['match', query, log()]);
    expect([
      status,
      out
        .split('\n')
        .filter(line => line)
        .map(line => (JSON.parse(line) as { n: number }).n),
    ]).toEqual([0, ns]);
  });

  it.each([
    ['head 3 | tail 2', [99_991, 99_992]],
    ['tail 2 | head 1', [2]],
  ])('| %s of many events, with a heap in which they have no room', { timeout: 60_000 }, (pipes, ns) => {
    const path = join(directory, 'many.ndjson');
    // The time falls but for the last ten events, which are all at the beginning; so equal times are in input order.
    const line = (n: number): string =>
      `{"@timestamp":${n < 99_990 ? 2e12 - (n === 50 ? -1 : n) : 1e12},"event":{"category":"x"},"n":${n},"p":"${'x'.repeat(300)}"}\n`;
    writeFileSync(path, Array.from({ length: 100_000 }, (_, n) => line(n)).join(''));
    const args = ['--max-old-space-size=40', built('cli'), 'match', `x where n > 1 | ${pipes}`, path];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, Array.from(stdout.matchAll(/"n":(\d+)/g), ([, n]) => Number(n))]).toEqual([0, ns]);
  });

  it('takes a time without a zone for UTC, and digits for milliseconds, wherever it runs', async () => {
    const path = join(directory, 'times.ndjson');
    const times = [
      '2026-11-24T10:00:00Z',
      '2026-11-24T12:00:00',
      '1795524600000',
      '2026-11-24T10:00:00.5+00:00',
    ];
    writeFileSync(path, times.map((time, n) => `{"@timestamp":"${time}","n":${n}}\n`).join(''));
    const head = async (count: number) =>
      (await runCommand(['match', `any where n >= 0 | head ${count}`, path])).out.match(/"n":\d/g);
    const zone = process.env['TZ'];
    try {
      for (const TZ of ['UTC', 'Asia/Shanghai', 'America/New_York']) {
        process.env['TZ'] = TZ;
        expect([await head(1), await head(2), await head(3)]).toEqual([
          ['"n":0'],
          ['"n":0', '"n":3'],
          ['"n":0', '"n":1', '"n":3'],
        ]);
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('keeps a number beyond 2^53 as it is, and takes another category field', async () => {
    const { out } = await runCommand(['match', '--category-field', 'n', '"9" where true', log()]);
    expect(out).toBe('');
    expect((await runCommand(['match', 'any where n == 3', log()])).out).toContain('"big":9007199254740993');
  });
});
