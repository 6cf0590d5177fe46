import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../functions/alert/archive/ledger.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { day, exceptionFor, matchWith, QUIET, repeatOf } from './events.ts';
import {
  ARCHIVE,
  CANARIES,
  FOLDER,
  LOGS,
  type LocalFunction,
  notificationOf,
  preparedAws,
  rulesWith,
  type Settings,
  startFunction,
} from './invoke.ts';

const [one, two, three] = [MATCH[0]!, MATCH[1]!, MATCH[2]!];
const ahead = { created: day(-10), expires: day(10) };
const past = { created: day(-100), expires: day(-10) };
const json = async <T>({ aws }: LocalFunction, key: string): Promise<T> =>
  JSON.parse((await aws.s3.read(ARCHIVE, key)).toString()) as T;

/** Opens functions over a rule with these exceptions. */
async function withExceptions(exceptions: string, settings: Settings = {}): Promise<() => LocalFunction> {
  const aws = await preparedAws();
  const directory = rulesWith({ exceptions });
  return () => startFunction(aws, settings, directory);
}

describe('what an exception accepts', () => {
  const exceptions = exceptionFor(one, 'inventory', ahead) + exceptionFor(two, 'updater', ahead);

  it('is not published, and is counted by the exception in the log, the ledger and the archive', async () => {
    const open = await withExceptions(exceptions);
    const fn = open();
    await fn.send('a', [one, repeatOf(one), two, three].join('\n'));
    const exceptedBy = { inventory: 2, updater: 1 };

    expect(fn.published('alerts')).toEqual(['alert']);
    expect(fn.archived('alerts')).toHaveLength(1);
    expect(fn.lines('scan.finished')).toMatchObject([{ exceptedBy, counts: { matches: 4, excepted: 3 } }]);
    expect(await json<LedgerEntry>(fn, fn.archived('scanned')[0]!)).toMatchObject({ exceptedBy });
    const [kept, ...others] = fn.archived('excepted');
    expect(others).toEqual([]);
    const lines = gunzipSync(await fn.aws.s3.read(ARCHIVE, kept!))
      .toString()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { exception: string; event: { host: object } });
    expect(lines.map(({ exception }) => exception)).toEqual(['inventory', 'inventory', 'updater']);
    expect(lines[2]!.event).toEqual(JSON.parse(two));
  });

  it('is published where the object was uploaded after the end', async () => {
    const open = await withExceptions(exceptions);
    const fn = open();
    await fn.send('before', one);
    await fn.send('after', one, { lastModified: Date.now() + 11 * 86_400_000 });
    expect(fn.published('alerts')).toEqual(['alert']);
    expect(fn.lines('scan.finished').map(({ counts }) => counts?.['excepted'])).toEqual([1, 0]);
  });
});

describe('an exception that has ended', () => {
  const exceptions = exceptionFor(one, 'inventory', past);
  const linesOf = (fn: LocalFunction) =>
    fn.lines('function.started').filter(({ note }) => /expired/.test(note ?? ''));

  it('accepts nothing, and is a line, a metric and one notice', async () => {
    const open = await withExceptions(exceptions);
    const [first, second] = [open(), open()];
    await first.send('a', one);
    await second.send('b', QUIET[0]!);
    expect(first.published('alerts')).toEqual(['alert']);
    expect(first.published('operations')).toEqual(['expired-exception']);
    for (const fn of [first, second]) {
      expect(linesOf(fn)).toMatchObject([
        { level: 'warn', note: expect.stringMatching(/^exception inventory of persistence.* expired 20/) },
      ]);
      expect(fn.metrics()).toContainEqual(
        expect.objectContaining({ metric: 'ExceptionsExpired', dimension: FOLDER, value: 1 }),
      );
    }
  });

  it('waits for an object that is neither a canary nor of a quiet backfill', async () => {
    const open = await withExceptions(exceptions);
    const fn = open();
    await fn.send('canary', one, { bucket: CANARIES });
    await fn.send('old', QUIET[0]!, quiet(fn));
    expect(fn.published('operations')).toEqual(['canary']);
    await fn.send('a', QUIET[0]!);
    await fn.send('b', QUIET[0]!);
    expect(fn.published('operations')).toEqual(['canary', 'expired-exception']);
  });

  it('is a line and no notice where no receipt could keep it from coming again', async () => {
    const open = await withExceptions(exceptions, { ARCHIVE_BUCKET: '' });
    const fn = open();
    await fn.send('a', QUIET[0]!);
    expect([linesOf(fn).length, fn.published('operations')]).toEqual([1, []]);
  });
});

/** How a backfill sends that holds all it finds. */
function quiet({ aws }: LocalFunction) {
  return {
    queue: `arn:aws:sqs:${aws.region}:${aws.account}:registry-alert-backfill`,
    mark: { 'registry-alert': { backfill: 'run-1', notify: false } },
  };
}

describe('what is not an alert and is published', () => {
  const other = matchWith({ data_stream: { type: 'logs', dataset: 'other', namespace: 'default' } });

  it('are documents of another index, in one notice', async () => {
    const aws = await preparedAws();
    const fn = startFunction(aws);
    await fn.send('a', [QUIET[0]!, other, other].join('\n'));
    expect(fn.published('alerts')).toEqual(['other-index']);
    expect(fn.sum('OtherIndex')).toBe(2);
    expect(fn.archived('alerts')).toEqual([]);
    expect(await json<object>(fn, fn.archived('quarantine')[0]!)).toMatchObject({
      kind: 'notice',
      notice: 'other-index',
      count: 2,
      first: { record: 2 },
    });
  });

  it('are not documents that another rule reads: with both rules on, an alert is enough', async () => {
    const RULES = 'persistence-via-wmi-stdregprov,persistence-via-wmi-stdregprov-sysmon';
    const fn = startFunction(await preparedAws(), { RULES });
    // Of the machine: both rules have the same patterns for it.
    await fn.send('a', MATCH.find(line => line.includes('"hive":"HKLM"'))!);
    expect([fn.published('alerts'), fn.sum('OtherIndex')]).toEqual([['alert'], null]);
  });

  it('are skipped records that name a literal of a rule, in one notice', async () => {
    const aws = await preparedAws();
    const fn = startFunction(aws);
    await fn.send('a', [one, '{"broken WMIPRVSE.exe', QUIET[0]!, '{"broken wmiprvse.EXE'].join('\n'));
    expect(fn.published('alerts')).toEqual(['alert', 'suspicious-record']);
    expect(fn.sum('SuspiciousRecords')).toBe(2);
    expect(await json<object>(fn, fn.archived('quarantine')[0]!)).toMatchObject({
      notice: 'suspicious-record',
      count: 2,
      records: [{ record: 2 }, { record: 4 }],
    });
  });

  it('and in a damaged object are in the one notice about the damage', async () => {
    const aws = await preparedAws();
    const fn = startFunction(aws);
    await fn.send('a', gzipSync(`${one}\n{"broken WMIPRVSE.EXE`).subarray(0, -4));
    expect(fn.published('alerts')).toEqual(['alert', 'quarantine']);
    expect(fn.sum('SuspiciousRecords')).toBe(1);
    expect(fn.archived('quarantine')).toHaveLength(1);
    expect(await json<object>(fn, fn.archived('quarantine')[0]!)).toMatchObject({
      code: 'GzipTruncated',
      suspicious: { count: 1, records: [{ code: 'InvalidJson', record: 2 }] },
    });
  });
});

describe('metrics of objects', () => {
  it('are of real ones alone: a canary counts as a canary', async () => {
    const aws = await preparedAws();
    const fn = startFunction(aws);
    await fn.send('2026-11-24T02:45:00Z', one, { bucket: CANARIES });
    expect(
      fn
        .metrics()
        .map(({ metric }) => metric)
        .sort(),
    ).toEqual(['CanaryLateSeconds', 'CanarySeen', 'ScanMilliseconds']);
  });

  it('ring no alarm of a flood for a quiet backfill', async () => {
    const aws = await preparedAws();
    const directory = rulesWith({ maxSignals: 2 });
    const fn = startFunction(aws, {}, directory);
    await fn.send('old', MATCH.slice(0, 6).join('\n'), quiet(fn));
    expect(fn.published('alerts')).toEqual(['backfill']);
    expect([fn.sum('MatchesFound'), fn.sum('AlertsOverflow'), fn.sum('AlertsHeld')]).toEqual([6, null, null]);
  });
});

describe('a message that says it is of a backfill', () => {
  it('is published singly where its queue does not know it', async () => {
    const aws = await preparedAws();
    const fn = startFunction(aws);
    await fn.send('old', one, { ...quiet(fn), isForged: true });
    expect(fn.published('alerts')).toEqual(['alert']);
    expect(fn.lines('backfill.unconfirmed')).toHaveLength(1);
  });
});

describe('an object that comes again', () => {
  it('is known, code AlreadyScanned, and is not read', async () => {
    const aws = await preparedAws();
    const fn = startFunction(aws);
    await fn.send('a', one);
    aws.calls.clear();
    await fn.invoke(notificationOf(aws, LOGS, 'a'), { attempt: 2 });
    expect(fn.lines('scan.skipped')).toMatchObject([{ code: 'AlreadyScanned', attempt: 2 }]);
    expect(aws.calls.of('GetObject').filter(({ bucket }) => bucket === LOGS)).toEqual([]);
    expect(fn.published('alerts')).toEqual(['alert']);
  });
});
