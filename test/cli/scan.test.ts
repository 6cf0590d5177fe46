import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../functions/alert/notification/index.ts';
import { temporaryFolder } from '../afterwards.ts';
import { runCommand } from './run-command.ts';

const RULE = 'rules/persistence-via-wmi-stdregprov';
const SHARED = '../shared/data/events';
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const write = (name: string, body: string | Uint8Array): string => {
  writeFileSync(at(name), body);
  utimesSync(at(name), new Date('2026-11-24T02:48:10Z'), new Date('2026-11-24T02:48:10Z'));
  return at(name);
};
const scan = (...args: readonly string[]) => runCommand(['scan', ...args]);
const lines = (text: string): string[] => text.split('\n').filter(line => line !== '');
const match = readFileSync(`${RULE}/match.ndjson`, 'utf8');
const quiet = readFileSync(`${RULE}/quiet.ndjson`, 'utf8');

describe('scan', () => {
  it('gives a document for each event that alerts, in order, and none for a near miss', async () => {
    const { status, out } = await scan(write('match.ndjson', match));
    expect(status).toBe(0);
    const alerts = lines(out).map(
      line => JSON.parse(line) as { id: string; kind: string; evidence: { record: number } },
    );
    expect(alerts).toHaveLength(lines(match).length);
    expect(alerts.every(({ kind }) => kind === 'alert')).toBe(true);
    expect(alerts.map(({ evidence }) => evidence.record)).toEqual(alerts.map((_, index) => index + 1));
    expect(await scan(write('quiet.ndjson', quiet))).toMatchObject({ status: 0, out: '' });
  });

  it('runs the rule of one folder, even if it is disabled', async () => {
    const folder = 'rules/persistence-via-wmi-stdregprov-neighbours';
    const { status, out } = await scan('--rules', folder, `${folder}/match.ndjson`);
    expect([status, lines(out).length]).toEqual([0, 22]);
  });

  it('gives the same alerts however the log is compressed', async () => {
    const [first, second] = [match.slice(0, 7777), match.slice(7777)];
    const bodies: Record<string, Uint8Array | string> = {
      'a.log': match,
      'a.gz': gzipSync(match),
      'members.bin': Buffer.concat([gzipSync(first), gzipSync(second)]),
    };
    const answers = new Set<string>();
    for (const [name, body] of Object.entries(bodies)) {
      const { out } = await scan(write(name, body));
      answers.add(out.replaceAll(JSON.stringify(at(name)), '"FILE"'));
    }
    expect(answers.size).toBe(1);
  });

  it('reads standard input as it reads a file', async () => {
    const { out } = await runCommand(['scan', '-'], { stdin: gzipSync(match) });
    expect(lines(out)).toHaveLength(lines(match).length);
  });

  it('gives each distinct alert once, and its number of records', async () => {
    const [one] = lines(match);
    const { out } = await scan(write('same.ndjson', `${one}\n`.repeat(1000)));
    expect(lines(out)).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ occurrences: 1000 });
  });

  it('has no cap as json, and one digest beyond a hundred as mail', async () => {
    const [one] = lines(match);
    const many = Array.from({ length: 130 }, (_, index) =>
      one!.replace('"sequence":', `"sequence":${index + 1}`),
    ).join('\n');
    const path = write('many.ndjson', many);
    const { out, status } = await scan('--report', at('report.json'), path);
    expect([status, lines(out).length]).toEqual([0, 130]);
    const report = JSON.parse(readFileSync(at('report.json'), 'utf8')) as {
      totals: { alerts: number; matches: number };
    };
    expect(report.totals).toMatchObject({ alerts: 100, matches: 130 });
    const mailsOf = async (...flags: string[]): Promise<string[]> =>
      (await scan('--format', 'email', ...flags, path)).out.split(`\n${'='.repeat(78)}\n`);
    expect((await mailsOf()).map(mail => /^\s*Subject: (.*)/.exec(mail)![1])).toEqual([
      expect.stringContaining('100 '),
      expect.stringContaining('More alerts'),
    ]);
    const mails = await mailsOf('--grouping', 'off');
    expect(mails).toHaveLength(101);
    expect(mails.every(mail => mail.startsWith('Subject: ') || mail.startsWith('\nSubject: '))).toBe(true);
    expect(mails.at(-1)).toContain('130');
  });

  it('counts everything with --audit', async () => {
    const log = `${lines(match)[0]}\n{"broken\n\n${lines(quiet)[0]}\n[1]\n`;
    const { status, err } = await scan('--audit', '--report', at('r.json'), write('mixed.ndjson', log));
    const { objects } = JSON.parse(readFileSync(at('r.json'), 'utf8')) as { objects: unknown[] };
    expect(status).toBe(1);
    expect(err).toMatch(/skipped .*1 InvalidJson/);
    expect(objects[0]).toMatchObject({
      outcome: 'complete',
      code: null,
      events: 2,
      matches: 1,
      alerts: 1,
      skipped: { InvalidJson: 1 },
    });
  });

  it('reports damage and gives what was before it', async () => {
    const whole = gzipSync(match);
    const { status, out, err } = await scan(
      '--report',
      at('r.json'),
      write('cut.gz', whole.subarray(0, whole.length - 40)),
    );
    expect(status).toBe(1);
    expect(err).toMatch(/cut\.gz: gzip member 1 .*\[GzipTruncated\]/);
    expect(lines(out).length).toBeGreaterThan(lines(match).length - 8);
    expect(JSON.parse(readFileSync(at('r.json'), 'utf8'))).toMatchObject({
      objects: [{ outcome: 'quarantined', code: 'GzipTruncated' }],
    });
  });

  it('goes on after a file that cannot be read', async () => {
    const { status, out, err } = await scan(at('absent'), write('match.ndjson', match));
    expect(status).toBe(1);
    expect(err).toContain('absent cannot be read (ENOENT)');
    expect(lines(out)).toHaveLength(lines(match).length);
  });

  it('goes on after a folder among the files', async () => {
    mkdirSync(at('a-folder.json'));
    const { status, out, err } = await scan(at('a-folder.json'), write('match.ndjson', match));
    expect(status).toBe(1);
    expect(err).toContain('a-folder.json cannot be read (EISDIR); it is a directory');
    expect(lines(out)).toHaveLength(lines(match).length);
  });

  it('refuses a folder of rules that is not there', async () => {
    const { status, out } = await scan('--rules', at('no-rules'), write('match.ndjson', match));
    expect([status, out]).toEqual([2, '']);
  });

  it('does not write its report over a log, by whatever name', async () => {
    const path = write('match.ndjson', match);
    symlinkSync(path, at('link'));
    expect((await scan('--report', at('link'), path)).err).toMatch(/link would replace a log/);
    expect(readFileSync(path, 'utf8')).toBe(match);
  });

  it('says that an event of another index would have matched', async () => {
    const other = {
      ...JSON.parse(lines(match)[0]!),
      data_stream: { type: 'logs', dataset: 'other', namespace: 'x' },
    };
    expect(await scan(write('other.ndjson', JSON.stringify(other)))).toEqual({
      status: 0,
      out: '',
      err: expect.stringMatching(/other\.ndjson: 1 of 1 records would match, .* \[OtherIndex\]\n$/),
    });
  });

  it('takes a zero-byte file as complete', async () => {
    expect(await scan(write('empty.json', ''))).toMatchObject({
      status: 0,
      out: '',
      err: '',
    });
  });

  it('evaluates at --as-of, else at the time of the file, and never by the clock', async () => {
    const path = write('match.ndjson', match);
    const lagOf = async (...flags: string[]): Promise<unknown> =>
      (JSON.parse(lines((await scan(...flags, path)).out)[0]!) as { lag: unknown }).lag;
    expect(await lagOf()).toEqual(await lagOf('--as-of', '2026-11-24T02:48:10'));
    expect(await lagOf('--as-of', '2026-11-25')).not.toEqual(await lagOf());
  });

  it('ends quietly when nobody reads any longer', async () => {
    const path = write('match.ndjson', match);
    const args = ['scan', '--report', at('r.json'), write('quiet.ndjson', quiet), path];
    expect(await runCommand(args, { closesAfter: 2 })).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(readFileSync(at('r.json'), 'utf8'))).toMatchObject({
      objects: [{ outcome: 'complete' }, { name: path, outcome: 'unreadable', code: 'OutputClosed' }],
    });
  });

  it.each(['chat', 'html', 'summary', 'email'])('prints %s in both languages', async format => {
    const path = write('one.ndjson', `${lines(match)[0]}\n`);
    for (const locale of ['en', 'zh-CN', 'both']) {
      const { status, out } = await scan('--format', format, '--locale', locale, path);
      expect(status).toBe(0);
      expect(out.length).toBeGreaterThan(80);
      expect(/[\u4e00-\u9fff]/.test(out)).toBe(
        locale !== 'en' && !(format === 'summary' && locale === 'both'),
      );
    }
  });
});

it('the summary has a line of whole columns for each alert, in both languages', async () => {
  const path = write('first.ndjson', lines(match).slice(0, 40).join('\n'));
  for (const locale of ['en', 'zh-CN']) {
    const { out } = await scan('--format', 'summary', '--locale', locale, path);
    const rows = out.split('\n').filter(line => line.includes(' record '));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows[0]).toMatch(/^ {2}2026-10-05T01:46:51Z suspicious {5}FIN-WS-042 {6}/);
    expect(new Set(rows.map(line => widthOf(line.replace(/ record \d+$/, ''))))).toEqual(new Set([133]));
  }
});

it.each([
  ['scan'],
  ['normalize'],
  ['match', 'any where false'],
  ['explain', '--record', '1'],
  ['compare', '--rules', 'rules', '--against', 'rules'],
])('%s shows its progress on a terminal, and nothing otherwise', async (...args) => {
  const command = [...args, write('quiet.ndjson', quiet)];
  expect((await runCommand(command, { isTerminal: true })).err).toMatch(
    /^\r\S+quiet\.ndjson: 0 MB \d+ % \r(?:.*\r)?\u001b\[K$/,
  );
  expect((await runCommand(command)).err).toBe('');
});

describe('a wrong call', () => {
  const rows: readonly (readonly [args: string, complaint: RegExp])[] = [
    ['', /registry-alert COMMAND/],
    ['scna x', /unknown command "scna"; did you mean scan\?/],
    ['scan', /scan needs a path/],
    ['scan --localle en x', /did you mean --locale\?/],
    ['scan --format pdf x', /--format takes json, email/],
    ['scan --rules test/cli x', /test\/cli: no rule here; a rule is a folder/],
    ['match x', /match needs a query and a path/],
    ['eval', /eval needs an expression/],
    ['eval 1 2', /one expression/],
    ['explain --record 0 x', /number from 1/],
    ['check package.json', /^registry-alert: package\.json cannot be read or written \(ENOTDIR\); [^\n]*\n$/],
    ['scan --as-of now x', /--as-of takes a time/],
    ['scan --rules package.json x', /^registry-alert: package\.json cannot [^\n]*\n$/],
    ['rules status bucket/prefix', /takes one s3:.*; got "bucket\/prefix"/],
    ['compare --rules rules x', /compare needs/],
  ];
  it.each(rows)('registry-alert %s has status 2', async (args, complaint) => {
    const { status, out, err } = await runCommand(args === '' ? [] : args.split(' '));
    expect(status).toBe(2);
    expect(out + err).toMatch(complaint);
  });

  it('shows a wrong query with a caret', async () => {
    const { status, err } = await runCommand(['match', 'registry where process.name = "x"', '-']);
    expect(status).toBe(2);
    expect(err).toMatch(/^query:1:29: .*\[Syntax\]\nregistry where process.name = "x"\n {28}\^/);
    expect((await runCommand(['eval', '1 +\n  length(a.b)'])).err).toMatch(
      /^query:2:10: .* reads a\.b \[Constant\]\n {2}length\(a\.b\)\n {9}\^\^\^\n$/,
    );
  });
});

describe.skipIf(!existsSync(SHARED))("other people's events (skipped where they are not)", () => {
  it('48 generated ones all alert', async () => {
    expect(lines((await scan(`${SHARED}/geneve_generated_matches.ndjson`)).out)).toHaveLength(48);
  });

  it('none of 68,169 real ones does', async () => {
    const paths = ['otrf_eid13_defend_like.ndjson.gz', 'otrf_eid12_sample_defend_like.ndjson.gz'].map(
      name => `${SHARED}/${name}`,
    );
    const { status } = await scan('--audit', '--report', at('r.json'), ...paths);
    const { objects } = JSON.parse(readFileSync(at('r.json'), 'utf8')) as {
      objects: { events: number; matches: number }[];
    };
    expect(status).toBe(0);
    expect(objects.map(({ events, matches }) => [events, matches])).toEqual([
      [56_367, 0],
      [11_802, 0],
    ]);
  });
});
