import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../local-aws/faults.ts';
import { keyOf, Product, smallLog, type Verdict } from './product.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

const directory = mkdtempSync(join(tmpdir(), 'fault-table-'));
let product: Product;
beforeAll(async () => {
  product = await Product.start(directory);
});
afterAll(async () => {
  await product?.stop();
  rmSync(directory, { recursive: true });
});

/** What becomes of one object whose only match is of `HOST-<row>`. */
type Expected = Partial<Omit<Verdict, 'told' | 'codes' | 'metrics'>> & {
  readonly metrics?: Readonly<Record<string, number | undefined>>;
  readonly codes?: readonly string[] | ReturnType<typeof expect.arrayContaining>;
  /** How many mails about it. */
  readonly told: number;
};
const told = (times = 1): Expected => ({
  told: times,
  invocations: 1,
  deadLetters: 0,
  codes: [],
  quarantined: 0,
});
const toldAtSecond = (code: string, times = 1): Expected => ({
  told: times,
  invocations: 2,
  deadLetters: 0,
  codes: [code],
});
const dead = (code: string): Expected => ({ told: 0, invocations: 2, deadLetters: 1, codes: [code] });
const quarantined = (code: string, times: number): Expected => ({
  told: times,
  invocations: 1,
  deadLetters: 0,
  codes: [code],
  quarantined: 1,
});

function withWrongSum(gzip: Buffer): Buffer {
  gzip[gzip.length - 8]! ^= 1;
  return gzip;
}

const read = (nth: Fault['nth'], kind: FaultKind): Fault => ({
  op: 'GetObject',
  nth,
  where: { bucket: 'logs' },
  ...kind,
});
const readPlain = (nth: Fault['nth'], kind: FaultKind): Fault => ({
  op: 'GetObject',
  nth,
  where: { bucket: 'plain' },
  ...kind,
});
const publish = (nth: Fault['nth'], kind: FaultKind): Fault => ({ op: 'Publish', nth, ...kind });
const write = (key: string, nth: Fault['nth'], kind: FaultKind): Fault => ({
  op: 'PutObject',
  nth,
  where: { bucket: 'archive', key: `${key}/*` },
  ...kind,
});
const status = (status: number, code: string, message?: string): FaultKind => ({
  kind: 'status',
  status,
  code,
  ...(message === undefined ? {} : { message }),
});

type Row = {
  readonly id: string;
  readonly what: string;
  readonly faults: readonly Fault[];
  readonly bucket?: 'logs' | 'plain';
  readonly ends: Expected;
};

const ROWS: readonly Row[] = [
  {
    id: 'T01',
    what: 'no connection',
    faults: [read([1, 2, 3], { kind: 'failBefore' })],
    ends: toldAtSecond('S3Unavailable'),
  },
  {
    id: 'T02',
    what: 'SlowDown twice',
    faults: [read([1, 2], status(503, 'SlowDown'))],
    ends: { ...told(), metrics: { S3Retries: 2 } },
  },
  {
    id: 'T03',
    what: 'SlowDown for ever',
    faults: [read('every', status(503, 'SlowDown'))],
    ends: dead('S3Throttled'),
  },
  {
    id: 'T04',
    what: 'InternalError twice',
    faults: [read([1, 2], status(500, 'InternalError'))],
    ends: { ...told(), metrics: { S3Retries: 2 } },
  },
  {
    id: 'T05',
    what: 'a disconnect in the middle',
    faults: [read(1, { kind: 'truncate', at: 1000 })],
    ends: { ...told(), metrics: { S3Resumed: 1 } },
  },
  {
    id: 'T05',
    what: 'three disconnects',
    faults: [1, 2, 3].map(nth => read(nth, { kind: 'truncate', at: 1000 })),
    ends: { ...told(), metrics: { S3Resumed: 3 } },
  },
  { id: 'T05', what: 'a reset in the middle', faults: [read(1, { kind: 'reset', at: 3000 })], ends: told() },
  {
    id: 'T06',
    what: 'a body that is shorter',
    faults: [read(1, { kind: 'truncate', at: 4000, clean: true })],
    ends: toldAtSecond('BodyMismatch'),
  },
  {
    id: 'T07',
    what: 'a flipped bit',
    faults: [read(1, { kind: 'flip', at: 100 })],
    ends: toldAtSecond('BodyMismatch'),
  },
  {
    id: 'T08',
    what: 'silence in the middle',
    faults: [read(1, { kind: 'stall', at: 1000 })],
    ends: { ...told(), metrics: { S3Stalled: 1, S3Resumed: 1 } },
  },
  {
    id: 'T10',
    what: 'AccessDenied',
    faults: [read('every', status(403, 'AccessDenied'))],
    ends: { ...dead('AccessDenied'), metrics: { ConfigError: 2 } },
  },
  {
    id: 'T11',
    what: 'no right to the key',
    faults: [
      read(
        'every',
        status(403, 'AccessDenied', 'User: x is not authorized to perform: kms:Decrypt on resource: y'),
      ),
    ],
    ends: dead('KmsDenied'),
  },
  {
    id: 'T11',
    what: 'a disabled key',
    faults: [read('every', status(400, 'KMS.DisabledException'))],
    ends: dead('KmsDenied'),
  },
  { id: 'T12', what: 'deleted, a version kept', faults: [read(1, { kind: 'deleteObject' })], ends: told() },
  {
    id: 'T12',
    what: 'deleted for good',
    bucket: 'plain',
    faults: [readPlain(1, { kind: 'deleteObject' })],
    ends: { ...quarantined('ObjectMissing', 0), metrics: { ObjectMissing: 1 } },
  },
  {
    id: 'T13',
    what: 'NoSuchBucket',
    faults: [read('every', status(404, 'NoSuchBucket'))],
    ends: dead('BucketMissing'),
  },
  {
    id: 'T14',
    what: 'overwritten, a version kept',
    faults: [read(1, { kind: 'swapObject', body: '{}\n' })],
    ends: { told: 1, deadLetters: 0 },
  },
  {
    id: 'T15',
    what: 'overwritten for good',
    bucket: 'plain',
    faults: [readPlain(1, { kind: 'swapObject', body: '{}\n' })],
    ends: {
      told: 0,
      deadLetters: 0,
      codes: expect.arrayContaining(['ObjectOverwritten']),
      metrics: { ObjectOverwritten: 1 },
    },
  },
  {
    id: 'T16',
    what: 'overwritten while it is read',
    bucket: 'plain',
    faults: [
      readPlain(1, { kind: 'swapObject', body: '{}\n', at: 1000 }),
      readPlain(1, { kind: 'truncate', at: 2000 }),
    ],
    ends: { told: 0, deadLetters: 0, codes: expect.arrayContaining(['ObjectChanged', 'ObjectOverwritten']) },
  },
  {
    id: 'T17',
    what: 'in an archive class',
    faults: [read('every', status(403, 'InvalidObjectState'))],
    ends: { ...quarantined('ObjectArchived', 0), metrics: { ObjectArchived: 1 } },
  },
  {
    id: 'T18',
    what: 'SSE-C',
    faults: [read('every', status(400, 'InvalidRequest'))],
    ends: dead('ReadRefused'),
  },
  {
    id: 'T19',
    what: 'credentials that ran out',
    faults: [read(1, status(400, 'ExpiredToken'))],
    ends: toldAtSecond('CredentialsExpired'),
  },
  {
    id: 'T20',
    what: 'a clock that is wrong',
    faults: [read(1, status(403, 'RequestTimeTooSkewed'))],
    ends: { told: 1, deadLetters: 0 },
  },
  {
    id: 'T21',
    what: 'another region',
    faults: [read('every', status(301, 'PermanentRedirect'))],
    ends: dead('WrongRegion'),
  },
  {
    id: 'T31',
    what: 'Throttling twice',
    faults: [publish([1, 2], status(400, 'Throttling'))],
    ends: { ...told(), metrics: { SnsThrottled: 2 } },
  },
  {
    id: 'T32',
    what: 'Throttling for ever',
    faults: [publish('every', status(400, 'Throttling'))],
    ends: dead('SnsThrottled'),
  },
  {
    id: 'T33',
    what: 'a lost answer',
    faults: [publish(1, { kind: 'lostResponse' })],
    ends: { ...told(2), metrics: { PublishAmbiguous: 1 } },
  },
  {
    id: 'T35',
    what: 'InvalidParameter once',
    faults: [publish(1, status(400, 'InvalidParameter'))],
    ends: { told: 1, invocations: 1, deadLetters: 0, metrics: { AlertDegraded: 1 } },
  },
  {
    id: 'T36',
    what: 'no topic',
    faults: [publish('every', status(404, 'NotFound'))],
    ends: { ...dead('TopicMissing'), metrics: { ConfigError: 2 } },
  },
  {
    id: 'T37',
    what: 'a disabled key of the topic',
    faults: [publish('every', status(400, 'KMSDisabled'))],
    ends: dead('TopicKmsDenied'),
  },
  {
    id: 'T38',
    what: 'AuthorizationError',
    faults: [publish('every', status(403, 'AuthorizationError'))],
    ends: dead('TopicDenied'),
  },
  {
    id: 'T41',
    what: 'an alert that exists',
    faults: [write('alerts', 1, status(412, 'PreconditionFailed'))],
    ends: { ...told(), metrics: { ArchiveExists: 1 } },
  },
  {
    id: 'T42',
    what: 'a conflict',
    faults: [write('alerts', 1, status(409, 'ConditionalRequestConflict'))],
    ends: told(),
  },
  {
    id: 'T43',
    what: 'a write whose answer is lost',
    faults: [write('alerts', 1, { kind: 'lostResponse' })],
    ends: { ...told(), metrics: { ArchiveExists: 1 } },
  },
  {
    id: 'T44',
    what: 'no right to the archive',
    faults: [write('alerts', 'every', status(403, 'AccessDenied'))],
    ends: { ...dead('ArchiveDenied'), metrics: { ConfigError: 2 } },
  },
  {
    id: 'T44',
    what: 'no archive',
    faults: [write('alerts', 'every', status(404, 'NoSuchBucket'))],
    ends: dead('ArchiveMissing'),
  },
  {
    id: 'T45',
    what: 'a receipt that cannot be written',
    faults: [write('receipts', [1, 2, 3, 4, 5, 6, 7, 8, 9], { kind: 'failBefore' })],
    ends: { told: 2, deadLetters: 0, codes: ['ReceiptFailed'] },
  },
  {
    id: 'T45',
    what: 'a receipt whose answer is lost',
    faults: [write('receipts', 1, { kind: 'lostResponse' })],
    ends: told(),
  },
  {
    id: 'T49',
    what: 'a notification twice',
    faults: [{ op: 's3:Notify', nth: 1, kind: 'duplicate' }],
    ends: { told: 1, invocations: 2, deadLetters: 0, metrics: { ObjectsSkipped: 1 } },
  },
];

describe('the fault table, through the bundle', () => {
  ROWS.forEach(({ id, what, faults, bucket = 'logs', ends }, at) => {
    it(`${id}: ${what}`, async () => {
      product.aws.faults.clear();
      product.aws.faults.add(...faults);
      const host = `HOST-${id}-${at}`;
      await product.aws.s3.put(bucket, keyOf(host), smallLog(host));
      const verdict = await product.settle();
      expect(product.aws.faults.unfired()).toEqual([]);
      expect({ ...verdict, told: verdict.told.filter(one => one === host).length }).toMatchObject(ends);
    });
  });
});

describe('damage, through the bundle', () => {
  it.each([
    ['T22', 'gzip that is cut', (log: Buffer) => gzipSync(log).subarray(0, -20), 'GzipTruncated'],
    ['T23', 'gzip whose sum is wrong', (log: Buffer) => withWrongSum(gzipSync(log)), 'GzipCrc'],
    [
      'T24',
      'text after gzip',
      (log: Buffer) => Buffer.concat([gzipSync(log), Buffer.from('garbage')]),
      'TrailingGarbage',
    ],
    ['T29', 'xz', () => Buffer.from('fd377a585a000004', 'hex'), 'UnsupportedFormat'],
    ['T30', 'no record at all', () => Buffer.from('this is\nnot json\nin any line\n'), 'NoReadableRecords'],
  ] as const)('%s: %s is quarantined', async (id, _what, damage, code) => {
    product.aws.faults.clear();
    const host = `HOST-${id}`;
    // What comes last does not compress, so that the cut is far behind the match.
    const log = Buffer.from(
      `${smallLog(host)}${JSON.stringify({ padding: randomBytes(500).toString('hex') })}\n`,
    );
    await product.aws.s3.put('logs', keyOf(host), damage(log));
    const verdict = await product.settle();
    expect(verdict).toMatchObject({ invocations: 1, deadLetters: 0, quarantined: 1, codes: [code] });
    expect(verdict.metrics).toMatchObject({
      ObjectQuarantined: 1,
      ...(id === 'T30' ? { NoReadableRecords: 1 } : {}),
    });
    expect(verdict.told).toEqual(['T29', 'T30'].includes(id) ? [] : [host]);
  });
});

describe('messages, through the bundle', () => {
  it('T52: one that is no notification among nine that are', async () => {
    product.aws.faults.clear();
    const hosts = Array.from({ length: 9 }, (_, number) => `HOST-T52-${number}`);
    for (const host of hosts) await product.aws.s3.put('logs', keyOf(host), smallLog(host));
    product.queue.send('{"not":"a notification"}');
    const verdict = await product.settle(10);
    expect([...verdict.told].sort()).toEqual(hosts);
    expect(verdict).toMatchObject({ deadLetters: 1, codes: ['BadEvent'] });
  });

  it('T53, T54: what is not for us', async () => {
    const { aws, queue } = product;
    aws.s3.notify('logs', { to: queue.arn });
    aws.s3.createBucket('other');
    aws.s3.notify('other', { to: queue.arn });
    await aws.s3.put('other', 'exports/log', smallLog('HOST-T54'));
    await aws.s3.put('logs', 'exports/', '');
    await aws.s3.put('logs', 'exports/empty', '');
    expect(await product.settle()).toMatchObject({
      told: [],
      invocations: 5,
      deadLetters: 0,
      quarantined: 0,
      metrics: { UnexpectedSource: 1 },
    });
  });

  it('T49: an event that comes again in another object', async () => {
    product.aws.faults.clear();
    const log = smallLog('HOST-T49-again');
    for (const key of ['first', 'second']) await product.aws.s3.put('logs', `exports/t49/${key}`, log);
    expect(await product.settle()).toMatchObject({
      told: ['HOST-T49-again'],
      invocations: 2,
      metrics: { AlertsPublished: 1, AlertsDeduped: 1, ArchiveExists: 1 },
    });
  });

  it('T55: no JSON', async () => {
    product.queue.send('{');
    expect(await product.settle()).toMatchObject({
      told: [],
      deadLetters: 1,
      codes: ['BadEvent'],
      metrics: { BadEvent: 2 },
    });
  });
});
