import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { temporaryFolder } from '../afterwards.ts';
import { runAt, startCommand } from '../cli/at-aws.ts';
import { linesOf } from '../ruleset/rule-folder.ts';
import { random, scale, seed } from '../scale.ts';
import { day, exceptionFor, matchWith } from './events.ts';
import { preparedAws, startFunction, WMI } from './invoke.ts';

/** Of this test's own. */
let BUCKET = '';
let URI = '';
let buckets = 0;
const FOLDER = basename(WMI);
/** The first three: to compile all for each set is most of what these tests would do. */
const INDICATORS = readFileSync('rules/indicators.toml', 'utf8').split('\n[[').slice(0, 4).join('\n[[');
/** Of hosts that the evidence does not have, so that an exception need not list what it accepts of that. */
const [one, two, three] = linesOf(`${WMI}/match.ndjson`).map((line, at) =>
  matchWith({ host: { id: `host-${at}`, name: `HOST-${at}`, os: { type: 'windows' } } }, line),
) as [string, string, string];

const aws = await preparedAws();
let rules: string;

beforeEach(() => {
  BUCKET = `rule-sets-${++buckets}`;
  URI = `s3://${BUCKET}/soc`;
  aws.s3.createBucket(BUCKET, { versioning: true });
  rules = temporaryFolder();
  cpSync(WMI, join(rules, FOLDER), { recursive: true });
  writeFileSync(join(rules, 'indicators.toml'), INDICATORS);
  withExceptions();
});
afterEach(() => void vi.useRealTimers());

const withExceptions = (...texts: readonly string[]): void =>
  writeFileSync(join(rules, FOLDER, 'exceptions.toml'), texts.join('\n'));
const accepting = (line: string, id: string): string =>
  exceptionFor(line, id, { created: day(-1), expires: day(30) });
const cli = (...args: readonly string[]) => runAt(aws, ['rules', ...args]);
const publish = (...args: readonly string[]) => cli('publish', '--rules', rules, ...args, URI);
const open = (more = {}) => startFunction(aws, { REGISTRY_ALERT_RULES_URI: URI, ...more });
const pointer = async (): Promise<{ sets: { digest: string }[] }> =>
  JSON.parse((await aws.s3.read(BUCKET, 'soc/current.json')).toString());
const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

describe('a published set', { timeout: 120_000 }, () => {
  it("is of the checkout's rules by default, for the built command line too", async () => {
    const { status, out } = await startCommand(['rules', 'publish', '--dry-run', URI], aws.env()).ended;
    expect([status, out]).toEqual([0, expect.stringMatching(/^\d+ rules?, the first set here$/m)]);
  });

  it('is taken up within a minute, between two invocations, and each change is a notice', async () => {
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
    expect(await publish()).toMatchObject({ status: 0 });
    const fn = open();
    const accepted = async (line: string, key: string): Promise<number> => {
      await fn.send(key, line);
      return fn.lines('scan.finished').at(-1)!.counts!['excepted']!;
    };
    expect(await accepted(one, 'a')).toBe(0);
    const exceptions = [one, two, three].map((line, at) => accepting(line, `accepted-${at}`));
    for (const [at, line] of [one, two, three].entries()) {
      withExceptions(...exceptions.slice(0, at + 1));
      const { out, status } = await publish();
      expect([status, out]).toEqual([0, expect.stringContaining(`exception accepted-${at} until`)]);
      expect(await accepted(line, `before-${at}`)).toBe(0);
      later(61_000);
      expect(await accepted(line, `after-${at}`)).toBe(1);
    }
    for (const back of [2, 1, 0]) {
      expect(await cli('rollback', URI)).toMatchObject({ status: 0 });
      later(61_000);
      expect(await accepted([one, two, three][back]!, `back-${back}`)).toBe(0);
    }
    expect(fn.published('operations').filter(kind => kind === 'rules-changed')).toHaveLength(6);
    expect(fn.lines('function.started').length).toBeGreaterThan(6);
  });

  it('says each change, also where the next one comes before an object is read', async () => {
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
    await publish();
    const fn = open();
    await fn.send('a', two);
    for (const id of ['first', 'second']) {
      withExceptions(
        ...['first', 'second'].slice(0, id === 'first' ? 1 : 2).map(name => accepting(one, name)),
      );
      await publish();
      later(61_000);
      await fn.invoke({ Event: 's3:TestEvent', Bucket: 'endpoint-logs' });
    }
    await fn.send('b', two);
    expect(fn.published('operations').slice(-2)).toEqual(['rules-changed', 'rules-changed']);
  });

  it('says every change that nobody saw, past a set that never ran, and a change that comes twice', async () => {
    const changes = () =>
      aws.deliveries.filter(({ attributes }) => attributes.get('notice')?.value === 'rules-changed');
    await publish();
    await open().send('a', two);
    const before = changes().length;
    withExceptions(accepting(one, 'hidden'));
    await publish();
    for (const [at, command] of [() => cli('rollback', URI), publish].entries()) {
      await open().send(`c${at}`, two);
      await command();
    }
    await damage(Buffer.from('no gzip'));
    const changed = INDICATORS.replace(/^weight = \d+/m, 'weight = 99');
    writeFileSync(join(rules, 'indicators.toml'), changed);
    await publish();
    await open().send('b', two);
    const bodies = changes().slice(before);
    const says = bodies.map(({ body }) => [body.includes('hidden of'), /indicators {2}/.test(body)]);
    expect(says).toEqual([
      [true, false],
      [false, false],
      [true, false],
      [false, true],
    ]);
  });

  it('counts the candidates of rules that the template does not know, for the daily audit', async () => {
    renameSync(join(rules, FOLDER), join(rules, 'soc-wmi'));
    await publish();
    const fn = open();
    await fn.send('a', `${one}\n${two}`);
    const texts = fn.archived('scanned').map(key => aws.s3.read('alert-archive', key));
    expect(String(await Promise.all(texts))).toContain('"unwatched":{"soc-wmi":2}');
  });

  it('says what changed once, whichever environment sees it first', async () => {
    await publish();
    withExceptions(accepting(one, 'accepted'));
    await publish();
    for (const key of ['a', 'b']) await open().send(key, two);
    const { deliveries } = aws;
    const told = deliveries.filter(({ attributes }) => attributes.get('notice')?.value === 'rules-changed');
    expect(told.slice(-1)[0]!.body).toContain('accepted of');
    expect(new Set(told.map(({ attributes }) => attributes.get('alertId')!.value)).size).toBe(told.length);
  });

  const damage = async (bytes: Buffer, digest = 'ab'.repeat(32)): Promise<void> => {
    await aws.s3.put(BUCKET, `soc/sets/${digest}.json.gz`, bytes, { isSilent: true });
    const sets = [{ digest, published: '2026-11-24T00:00:00Z', from: null }, ...(await pointer()).sets];
    await aws.s3.put(BUCKET, 'soc/current.json', JSON.stringify({ sets }), { isSilent: true });
  };
  const setWith = (more: object): [Buffer, string] => {
    const made = JSON.stringify({ format: 1, madeBy: '9', files: {}, versions: {}, toml: {}, ...more });
    return [gzipSync(made), sha256(made)];
  };
  const bad: readonly (readonly [string, () => readonly [Buffer, string?], RegExp])[] = [
    ['that is damaged', () => [Buffer.from('no gzip')], /not valid gzip/],
    ['of another digest', () => [gzipSync('{}')], /another SHA-256/],
    ['that is a bomb', () => [gzipSync(Buffer.alloc(200 * 1024 ** 2))], /unpacked/],
    ['too new', () => setWith({ format: 2 }), /format 2/],
    ['whose path climbs', () => setWith({ files: { '../../etc/passwd': '' } }), /not a file of a rule/],
    ['without rules', () => setWith({}), /no rule in it is enabled/],
    [
      'whose exception never ends',
      () => setWith({ files: { 'a/rule.toml': 'x', 'a/exceptions.toml': '[[exception]]' } }),
      /TomlSyntax|not TOML/,
    ],
  ];
  it.each(bad)('%s is passed over for the newest good one, and counted', async (_, made, reason) => {
    await publish();
    await damage(...(made() as [Buffer, string?]));
    const fn = open();
    expect(await fn.send('a', one)).toEqual([]);
    expect(fn.published('alerts')).toEqual(expect.arrayContaining(['alert']));
    expect(fn.sum('RulesRejected')).toBe(1);
    expect(JSON.stringify(fn.lines('rules.rejected'))).toMatch(reason);
    expect((await cli('status', URI)).out).toMatch(
      /cannot be used: [\s\S]*\n.* 1 rule, 0 exceptions {2}<- runs/,
    );
  });

  it('with two rules of one id, or without a rule that RULES names, is refused by name', async () => {
    cpSync(join(rules, FOLDER), join(rules, 'twice'), { recursive: true });
    expect(await publish()).toMatchObject({ status: 2, err: expect.stringContaining('is already used by') });
    rmSync(join(rules, 'twice'), { recursive: true });
    await publish();
    await expect(open({ RULES: 'other' }).send('a', one)).rejects.toMatchObject({ code: 'RulesUnavailable' });
  });

  it('that is not there keeps every message in the queue, and says what to do', async () => {
    const fn = open();
    await expect(fn.send('a', one)).rejects.toMatchObject({
      code: 'RulesUnavailable',
      message: expect.stringContaining('registry-alert rules publish s3://rule-sets-'),
    });
    expect(fn.sum('RulesRejected')).toBe(1);
    await publish();
    expect(await fn.send('a', one)).toEqual([]);
  });

  it('stays in use where the pointer is damaged later', async () => {
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
    await publish();
    const fn = open();
    await fn.send('a', one);
    await aws.s3.put(BUCKET, 'soc/current.json', '{', { isSilent: true });
    later(61_000);
    expect(await fn.send('b', two)).toEqual([]);
    expect(fn.sum('RulesRejected')).toBe(1);
  });
});

describe('rules publish', { timeout: 300_000 }, () => {
  it('writes nothing with --dry-run, nor rules that check refuses, nor the same rules again', async () => {
    expect(await publish('--dry-run')).toMatchObject({
      status: 0,
      out: expect.stringContaining('would publish'),
    });
    expect(aws.s3.keys(BUCKET, '')).toEqual([]);
    withExceptions('[[exception]]\nid = "x"');
    expect(await publish()).toMatchObject({
      status: 2,
      err: expect.stringContaining('nothing was published'),
    });
    expect(aws.s3.keys(BUCKET, '')).toEqual([]);
    withExceptions();
    await publish();
    expect((await publish()).out).toContain('is already published');
    expect((await pointer()).sets).toHaveLength(1);
  });

  it('lists five sets, and has no set before the first', async () => {
    for (let at = 0; at < 7; at++) {
      withExceptions(accepting(one, `accepted-${at}`));
      expect(await publish()).toMatchObject({ status: 0 });
    }
    expect((await pointer()).sets).toHaveLength(5);
    for (let at = 0; at < 4; at++) expect((await cli('rollback', URI)).status).toBe(0);
    expect(await cli('rollback', URI)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^registry-alert: .* no set before the one in use\n$/),
    });
  });

  it('leaves one good set wherever it is killed', async () => {
    await publish();
    const draw = random(seed());
    for (let run = 0; run < Math.max(5, scale(50)); run++) {
      withExceptions(accepting(one, `accepted-${run}`));
      const running = startCommand(['rules', 'publish', '--rules', rules, URI], aws.env());
      setTimeout(running.kill, 400 + draw() * 2_000);
      await running.ended;
      expect(await open().send(`k${run}`, two)).toEqual([]);
    }
  });

  it.each(['s3://bucket', 'bucket/prefix', 's3://b/p', ''])('refuses %j as a place', async place => {
    expect(await cli('publish', place)).toMatchObject({
      status: 2,
      err: expect.stringContaining('takes one s3://BUCKET/PREFIX'),
    });
  });
});
