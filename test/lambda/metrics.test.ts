import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS, type Metric } from '../../functions/alert/observability/metrics.ts';
import type { Fault } from '../local-aws/index.ts';
import { cloudFunnel, fdr, fdrProcess } from '../logs/ecs/records.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { day, exceptionFor, matchWith, QUIET, repeatOf } from './events.ts';
import {
  ARCHIVE,
  CANARIES,
  LOGS,
  type LocalFunction,
  notificationOf,
  preparedAws,
  rulesWith,
  type Settings,
  startFunction,
} from './invoke.ts';

/** The rule for other products alone. */
const OTHERS = { RULES: 'persistence-via-wmi-stdregprov-sysmon' };

type Row = {
  readonly does: (fn: LocalFunction) => Promise<unknown>;
  readonly counts: unknown;
  readonly settings?: Settings;
  readonly faults?: readonly Fault[];
  readonly exceptions?: string;
  readonly maxSignals?: number;
};

/** Counted by another function than this one; the test that covers it. */
type Elsewhere = { readonly asserted: string };

const [one, two, three] = [MATCH[0]!, MATCH[1]!, MATCH[2]!];
const objects =
  (...bodies: readonly (string | Uint8Array)[]) =>
  async (fn: LocalFunction) => {
    for (const [at, body] of bodies.entries()) await fn.send(`registry/${at}`, body);
  };
const message = (text: unknown) => (fn: LocalFunction) => fn.invoke(text);
const publish = (kind: Omit<Extract<Fault, { kind: 'status' }>, 'op' | 'nth'> | { kind: 'lostResponse' }) => [
  { op: 'sns:Publish', nth: 1, ...kind } as Fault,
];
const reading = (fault: object): readonly Fault[] => [
  { op: 'GetObject', nth: 1, where: { bucket: LOGS }, ...fault } as Fault,
];
const another = matchWith({ data_stream: { type: 'logs', dataset: 'other', namespace: 'default' } });
const named = (bucket: string, key = 'a') => ({
  Records: [{ s3: { bucket: { name: bucket }, object: { key } } }],
});
const accepted = exceptionFor(one, 'inventory', { created: day(-10), expires: day(10) });
const ended = exceptionFor(one, 'inventory', { created: day(-100), expires: day(-10) });
const canary = (fn: LocalFunction) => fn.send('2026-11-24T02:45:00Z', one, { bucket: CANARIES });

/** A clock that has used up the time for reading when it is asked again, and has enough left for telling. */
function running(): () => number {
  let asked = 0;
  return () => (asked++ === 0 ? 300_000 : 30_000);
}

/** Written anew between notification and reading, where there are no versions. */
async function overwritten(fn: LocalFunction): Promise<void> {
  const bucket = 'unversioned-logs';
  await fn.aws.s3.put(bucket, 'a', two);
  const notification = notificationOf(fn.aws, bucket, 'a');
  await fn.aws.s3.put(bucket, 'a', one);
  await fn.invoke(notification);
}

const ROWS: Readonly<Record<Metric, Row | Elsewhere>> = {
  ObjectsScanned: { does: objects(one, two), counts: 2 },
  ObjectsSkipped: {
    does: async fn => {
      await fn.send('a', one);
      await fn.invoke(notificationOf(fn.aws, LOGS, 'a'));
    },
    counts: 1,
  },
  RecordsScanned: { does: objects(`${one}\n${QUIET[0]}\n`), counts: 2 },
  BytesScanned: { does: objects(one), counts: Buffer.byteLength(one) },
  ScanMilliseconds: { does: objects(one), counts: expect.any(Number) },
  CandidateEvents: { does: objects(`${one}\n${two}`), counts: 2 },
  FieldsAbsent: { does: objects(matchWith({ registry: undefined })), counts: 1 },
  MatchesFound: { does: objects(`${one}\n${two}`), counts: 2 },
  AlertsExcepted: { does: objects(`${one}\n${two}`), exceptions: accepted, counts: 1 },
  AlertsPublished: { does: objects(`${one}\n${two}`), counts: 2 },
  IncidentsPublished: { does: objects(`${one}\n${two}`), counts: 2 },
  AlertsSuspicious: { does: objects(`${one}\n${two}`), counts: 2 },
  AlertsUnusual: { does: objects(MATCH[3]!, one), counts: 1 },
  AlertsUnclear: { does: objects(MATCH[17]!, one), counts: 1 },
  AlertsAdministration: { does: objects(MATCH[12]!, one), counts: 1 },
  AlertsDeduped: { does: objects(one, one), counts: 1 },
  AlertsRepeated: { does: objects(one, repeatOf(one)), counts: 1 },
  AlertsHeld: {
    does: objects(`${one}\n${two}\n${three}`),
    settings: { REGISTRY_ALERT_ALERTS_PER_HOUR: '1' },
    counts: 2,
  },
  AlertsOverflow: { does: objects(MATCH.slice(0, 7).join('\n')), maxSignals: 3, counts: 4 },
  AlertDegraded: {
    does: objects(one),
    faults: publish({ kind: 'status', status: 400, code: 'InvalidParameter' }),
    counts: 1,
  },
  NoticesPublished: { does: objects('PAR1 nothing'), counts: 1 },
  RecordsTopicPublished: {
    does: objects(`${one}\n${repeatOf(one)}`),
    settings: { REGISTRY_ALERT_RECORDS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:records' },
    counts: 2,
  },
  SnsThrottled: {
    does: objects(one),
    faults: publish({ kind: 'status', status: 400, code: 'Throttled' }),
    counts: 1,
  },
  PublishAmbiguous: { does: objects(one), faults: publish({ kind: 'lostResponse' }), counts: 1 },
  ArchiveExists: { does: objects(one, one), counts: 1 },
  S3Retries: {
    does: objects(one),
    faults: reading({ kind: 'status', status: 500, code: 'InternalError' }),
    counts: 1,
  },
  S3Resumed: { does: objects(one), faults: reading({ kind: 'reset', at: 100 }), counts: 1 },
  S3Stalled: { does: objects(one), faults: reading({ kind: 'stall', at: 100 }), counts: 1 },
  UnverifiedObjects: { does: fn => fn.send('a', one, { checksum: null }), counts: 1 },
  ObjectQuarantined: { does: objects('PAR1 nothing'), counts: 1 },
  ObjectMissing: { does: message(named(LOGS, 'gone')), counts: 1 },
  ObjectOverwritten: { does: overwritten, counts: 1 },
  ObjectArchived: { does: fn => fn.send('a', one, { storageClass: 'GLACIER' }), counts: 1 },
  NoReadableRecords: { does: objects('{"broken\n{"broken\n'), counts: 1 },
  RecordsSkipped: { does: objects(`${one}\n{"broken WmiPrvSE.exe\n`), counts: 1 },
  SuspiciousRecords: { does: objects(`${one}\n{"broken WmiPrvSE.exe\n`), counts: 1 },
  UnknownShape: { does: objects(`${one}\n{"vendor":1}\n${one}`), counts: 1 },
  UnknownObjects: { does: objects('{"vendor":1}\n{"vendor":2}\n'), counts: 1 },
  Undecidable: { does: objects(JSON.stringify(fdr())), settings: OTHERS, counts: 1 },
  KnownUnread: { does: objects(JSON.stringify(fdrProcess())), settings: OTHERS, counts: 1 },
  UnreadSource: { does: objects(JSON.stringify(cloudFunnel())), counts: 1 },
  OtherIndex: { does: objects(`${another}\n${one}\n${another}`), counts: 2 },
  RulesRejected: { asserted: 'test/lambda/published-rules.test.ts' },
  ExceptionsExpired: { does: objects(QUIET[0]!), exceptions: ended, counts: 1 },
  EventsIgnored: { does: message({ Event: 's3:TestEvent', Bucket: LOGS }), counts: 1 },
  UnexpectedSource: {
    does: message(named('other-logs')),
    settings: { SOURCE_BUCKETS: LOGS },
    counts: 1,
  },
  RecursionGuard: { does: message(named(ARCHIVE)), counts: 1 },
  BadEvent: { does: message({ anything: 'else' }), counts: 1 },
  NotDone: { does: message({ anything: 'else' }), counts: 1 },
  ConfigError: { does: message(named('no-such-bucket')), counts: 1 },
  DeadlineGuard: { does: fn => fn.send('a', one, { remainingMs: running() }), counts: 1 },
  IncompleteScan: {
    does: fn => fn.send('a', one, { remainingMs: running(), attempt: 2 }),
    counts: 1,
  },
  Unexpected: { asserted: 'test/runtime/fault-environment.test.ts' },
  CanarySeen: { does: canary, counts: 1 },
  CanaryLateSeconds: { does: canary, counts: expect.any(Number) },
  AuditRuns: { asserted: 'test/infra/watch.test.ts' },
  RulesSilent: { asserted: 'test/infra/watch.test.ts' },
  ObjectsUnscanned: { asserted: 'test/infra/watch.test.ts' },
  HistoryUnknown: {
    does: objects(one),
    faults: [
      {
        op: 'ListObjectsV2',
        nth: 'every',
        where: { prefix: 'seen/*' },
        kind: 'status',
        status: 403,
        code: 'AccessDenied',
      },
    ],
    counts: 1,
  },
};

const here = Object.entries(ROWS).filter((row): row is [string, Row] => 'does' in row[1]);
const elsewhere = Object.entries(ROWS).filter((row): row is [string, Elsewhere] => 'asserted' in row[1]);

describe('through the function, a metric counts what was really done', () => {
  it('and every name has a row', () => expect(Object.keys(ROWS)).toEqual(Object.keys(METRICS)));

  it.each(here)('%s', async (metric, { does, counts, settings = {}, faults = [], ...rules }) => {
    const aws = await preparedAws();
    aws.faults.add(...faults);
    const fn = startFunction(aws, settings, rulesWith(rules));
    await does(fn);
    expect(aws.faults.unfired()).toEqual([]);
    expect(fn.sum(metric)).toEqual(counts);
  });

  it.each(elsewhere)('%s, in a test of its own', (metric, { asserted }) => {
    expect(existsSync(asserted) && readFileSync(asserted, 'utf8')).toContain(`'${metric}'`);
  });

  it('and three of them, and no others, by rule', async () => {
    const fn = startFunction(await preparedAws(), {}, rulesWith({ exceptions: ended }));
    await fn.send('a', `${one}\n${two}`);
    const ofRule = fn.metrics().filter(({ dimension }) => dimension !== '');
    expect(new Set(ofRule.map(({ metric }) => metric))).toEqual(
      new Set(['CandidateEvents', 'FieldsAbsent', 'ExceptionsExpired']),
    );
  });
});
