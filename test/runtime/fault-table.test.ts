import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../local-aws/faults.ts';
import { keyOf, smallLog, started, type Verdict } from './product.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

const product = await started();

/** What becomes of one object whose only match is of `HOST-<row>`. */
type Expected = Partial<Omit<Verdict, 'published' | 'codes' | 'metrics'>> & {
  readonly metrics?: Readonly<Record<string, number | undefined>>;
  readonly codes?: readonly string[] | ReturnType<typeof expect.arrayContaining>;
  /** How many mails about it. */
  readonly published: number;
};
type Metrics = NonNullable<Expected['metrics']>;
const once = { invocations: 1, deadLetters: 0, codes: [], quarantined: 0 };
const published = (metrics: Metrics = {}, times = 1): Expected => ({ ...once, published: times, metrics });
const publishedAtSecond = (code: string): Expected => ({
  published: 1,
  invocations: 2,
  deadLetters: 0,
  codes: [code],
});
const dead = (code: string, metrics: Metrics = {}): Expected => ({
  published: 0,
  invocations: 2,
  deadLetters: 1,
  codes: [code],
  metrics,
});
const quarantined = (code: string, metrics: Metrics): Expected => ({
  ...once,
  published: 0,
  codes: [code],
  quarantined: 1,
  metrics,
});

function withWrongSum(gzip: Buffer): Buffer {
  gzip[gzip.length - 8]! ^= 1;
  return gzip;
}

const reading =
  (bucket: string) =>
  (nth: Fault['nth'], kind: FaultKind): Fault => ({ op: 'GetObject', nth, where: { bucket }, ...kind });
const read = reading('logs');
const readPlain = reading('plain');
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

type Row = readonly [
  id: string,
  what: string,
  faults: Fault | readonly Fault[],
  ends: Expected,
  bucket?: 'plain',
];

const ROWS: readonly Row[] = [
  ['T01', 'no connection', read([1, 2, 3], { kind: 'failBefore' }), publishedAtSecond('S3Unavailable')],
  ['T02', 'SlowDown twice', read([1, 2], status(503, 'SlowDown')), published({ S3Retries: 2 })],
  ['T03', 'SlowDown for ever', read('every', status(503, 'SlowDown')), dead('S3Throttled')],
  ['T04', 'InternalError twice', read([1, 2], status(500, 'InternalError')), published({ S3Retries: 2 })],
  ['T05', 'a disconnect in the middle', read(1, { kind: 'truncate', at: 1000 }), published({ S3Resumed: 1 })],
  [
    'T05',
    'three disconnects',
    [1, 2, 3].map(nth => read(nth, { kind: 'truncate', at: 1000 })),
    published({ S3Resumed: 3 }),
  ],
  ['T05', 'a reset in the middle', read(1, { kind: 'reset', at: 3000 }), published()],
  [
    'T06',
    'a body that is shorter',
    read(1, { kind: 'truncate', at: 4000, clean: true }),
    publishedAtSecond('BodyMismatch'),
  ],
  ['T07', 'a flipped bit', read(1, { kind: 'flip', at: 100 }), publishedAtSecond('BodyMismatch')],
  [
    'T08',
    'silence in the middle',
    read(1, { kind: 'stall', at: 1000 }),
    published({ S3Stalled: 1, S3Resumed: 1 }),
  ],
  [
    'T10',
    'AccessDenied',
    read('every', status(403, 'AccessDenied')),
    dead('AccessDenied', { ConfigError: 2 }),
  ],
  [
    'T11',
    'no right to the key',
    [
      read(
        'every',
        status(403, 'AccessDenied', 'User: x is not authorized to perform: kms:Decrypt on resource: y'),
      ),
    ],
    dead('KmsDenied'),
  ],
  ['T11', 'a disabled key', read('every', status(400, 'KMS.DisabledException')), dead('KmsDenied')],
  ['T12', 'deleted, a version kept', read(1, { kind: 'deleteObject' }), published()],
  [
    'T12',
    'deleted for good',
    readPlain(1, { kind: 'deleteObject' }),
    quarantined('ObjectMissing', { ObjectMissing: 1 }),
    'plain',
  ],
  ['T13', 'NoSuchBucket', read('every', status(404, 'NoSuchBucket')), dead('BucketMissing')],
  [
    'T14',
    'overwritten, a version kept',
    read(1, { kind: 'swapObject', body: '{}\n' }),
    { published: 1, deadLetters: 0 },
  ],
  [
    'T15',
    'overwritten for good',
    readPlain(1, { kind: 'swapObject', body: '{}\n' }),
    {
      published: 0,
      deadLetters: 0,
      codes: expect.arrayContaining(['ObjectOverwritten']),
      metrics: { ObjectOverwritten: 1 },
    },
    'plain',
  ],
  [
    'T16',
    'overwritten while it is read',
    [
      readPlain(1, { kind: 'swapObject', body: '{}\n', at: 1000 }),
      readPlain(1, { kind: 'truncate', at: 2000 }),
    ],
    { published: 0, deadLetters: 0, codes: expect.arrayContaining(['ObjectChanged', 'ObjectOverwritten']) },
    'plain',
  ],
  [
    'T17',
    'in an archive class',
    read('every', status(403, 'InvalidObjectState')),
    quarantined('ObjectArchived', { ObjectArchived: 1 }),
  ],
  ['T18', 'SSE-C', read('every', status(400, 'InvalidRequest')), dead('ReadRefused')],
  [
    'T19',
    'credentials that ran out',
    read(1, status(400, 'ExpiredToken')),
    publishedAtSecond('CredentialsExpired'),
  ],
  [
    'T20',
    'a clock that is wrong',
    read(1, status(403, 'RequestTimeTooSkewed')),
    { published: 1, deadLetters: 0 },
  ],
  ['T21', 'another region', read('every', status(301, 'PermanentRedirect')), dead('WrongRegion')],
  ['T31', 'Throttling twice', publish([1, 2], status(400, 'Throttling')), published({ SnsThrottled: 2 })],
  ['T32', 'Throttling for ever', publish('every', status(400, 'Throttling')), dead('SnsThrottled')],
  ['T33', 'a lost answer', publish(1, { kind: 'lostResponse' }), published({ PublishAmbiguous: 1 }, 2)],
  [
    'T35',
    'InvalidParameter once',
    publish(1, status(400, 'InvalidParameter')),
    { published: 1, invocations: 1, deadLetters: 0, metrics: { AlertDegraded: 1 } },
  ],
  ['T36', 'no topic', publish('every', status(404, 'NotFound')), dead('TopicMissing', { ConfigError: 2 })],
  [
    'T37',
    'a disabled key of the topic',
    publish('every', status(400, 'KMSDisabled')),
    dead('TopicKmsDenied'),
  ],
  ['T38', 'AuthorizationError', publish('every', status(403, 'AuthorizationError')), dead('TopicDenied')],
  [
    'T41',
    'an alert that exists',
    write('alerts', 1, status(412, 'PreconditionFailed')),
    published({ ArchiveExists: 1 }),
  ],
  ['T42', 'a conflict', write('alerts', 1, status(409, 'ConditionalRequestConflict')), published()],
  [
    'T43',
    'a write whose answer is lost',
    write('alerts', 1, { kind: 'lostResponse' }),
    published({ ArchiveExists: 1 }),
  ],
  [
    'T44',
    'no right to the archive',
    write('alerts', 'every', status(403, 'AccessDenied')),
    dead('ArchiveDenied', { ConfigError: 2 }),
  ],
  ['T44', 'no archive', write('alerts', 'every', status(404, 'NoSuchBucket')), dead('ArchiveMissing')],
  [
    'T45',
    'a receipt that cannot be written',
    write('receipts', [1, 2, 3, 4, 5, 6, 7, 8, 9], { kind: 'failBefore' }),
    { published: 2, deadLetters: 0, codes: ['ReceiptFailed'] },
  ],
  ['T45', 'a receipt whose answer is lost', write('receipts', 1, { kind: 'lostResponse' }), published()],
  [
    'T49',
    'a notification twice',
    [{ op: 's3:Notify', nth: 1, kind: 'duplicate' }],
    { published: 1, invocations: 2, deadLetters: 0, metrics: { ObjectsSkipped: 1 } },
  ],
];

describe('the fault table, through the bundle', () => {
  ROWS.forEach(([id, what, faults, ends, bucket = 'logs'], at) => {
    it(`${id}: ${what}`, async () => {
      product.aws.faults.clear();
      product.aws.faults.add(...[faults].flat());
      const host = `HOST-${id}-${at}`;
      await product.aws.s3.put(bucket, keyOf(host), smallLog(host));
      const verdict = await product.settle();
      expect(product.aws.faults.unfired()).toEqual([]);
      expect({ ...verdict, published: verdict.published.filter(one => one === host).length }).toMatchObject(
        ends,
      );
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
    expect(verdict.published).toEqual(['T29', 'T30'].includes(id) ? [] : [host]);
  });
});

describe('messages, through the bundle', () => {
  it('T52: one that is no notification among nine that are', async () => {
    product.aws.faults.clear();
    const hosts = Array.from({ length: 9 }, (_, number) => `HOST-T52-${number}`);
    for (const host of hosts) await product.aws.s3.put('logs', keyOf(host), smallLog(host));
    product.queue.send('{"not":"a notification"}');
    const verdict = await product.settle(10);
    expect([...verdict.published].sort()).toEqual(hosts);
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
      published: [],
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
      published: ['HOST-T49-again'],
      invocations: 2,
      metrics: { AlertsPublished: 1, AlertsDeduped: 1, ArchiveExists: 1 },
    });
  });

  it('T55: no JSON', async () => {
    product.queue.send('{');
    expect(await product.settle()).toMatchObject({
      published: [],
      deadLetters: 1,
      codes: ['BadEvent'],
      metrics: { BadEvent: 2 },
    });
  });
});
