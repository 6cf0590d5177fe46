import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNotification, type SourceSettings } from '../../functions/alert/source/parse-notification.ts';
import { scale, seed } from '../scale.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts), H… a row of the table of
// hostile inputs (test/hostile-table.test.ts).

const SETTINGS: SourceSettings = {
  sourceBuckets: [],
  sourcePrefix: '',
  sourceAccount: null,
  archiveBucket: 'archive',
  canaryBucket: 'canary',
};

type S3Options = { bucket?: string; key?: string; object?: object; record?: object };

function s3({ bucket = 'logs', key = 'a.ndjson', object = {}, record = {} }: S3Options = {}) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: bucket },
      object: { key, size: 10, eTag: 'e', versionId: 'v', sequencer: '0A', ...object },
    },
    ...record,
  };
}

const notification = (...records: object[]) => ({ Records: records });
const sns = (message: unknown) => ({ Type: 'Notification', TopicArn: 't', Message: JSON.stringify(message) });
const snsEvent = (message: unknown) => ({
  Records: [{ EventSource: 'aws:sns', Sns: { Type: 'Notification', Message: JSON.stringify(message) } }],
});
const sqs = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:1:queue',
    attributes: { ApproximateReceiveCount: '2' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});
const bridge = (detail: object = {}, event: object = {}) => ({
  version: '0',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  detail: {
    bucket: { name: 'logs' },
    object: { key: 'a.ndjson', size: 10, etag: 'e', 'version-id': 'v' },
    ...detail,
  },
  ...event,
});

/** `bucket/key@version`, `-Code bucket/key` for what is ignored, `!` for a problem; messages apart by a line. */
function read(event: unknown, settings: Partial<SourceSettings> = {}): string {
  return parseNotification(event, { ...SETTINGS, ...settings })
    .map(({ refs, ignored, problems }) =>
      [
        ...refs.map(({ bucket, key, versionId }) => `${bucket}/${key}@${versionId}`),
        ...ignored.map(({ code, bucket, key }) => `-${code} ${bucket}/${key}`),
        ...problems.map(({ code }) => `!${code}`),
      ].join(', '),
    )
    .join('\n');
}

const ONE = 'logs/a.ndjson@v';

describe('an object is found', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['directly', notification(s3()), ONE],
    ['twice in one notification', notification(s3(), s3({ key: 'b' })), `${ONE}, logs/b@v`],
    ['in SQS', sqs(notification(s3())), ONE],
    ['in a batch', sqs(notification(s3()), notification(s3({ key: 'b' }))), `${ONE}\nlogs/b@v`],
    ['in SNS', snsEvent(notification(s3())), ONE],
    ['in SNS in SQS (H65)', sqs(sns(notification(s3()))), ONE],
    ['in SNS in SNS in SQS, three deep', sqs(sns(sns(notification(s3())))), ONE],
    ['four deep: refused', sqs(sns(sns(sns(notification(s3()))))), '!BadEvent'],
    ['in EventBridge', bridge(), ONE],
    ['in EventBridge in SQS', sqs(bridge()), ONE],
    ['in EventBridge in SNS in SQS', sqs(sns(bridge())), ONE],
    ['in version 2.99', notification(s3({ record: { eventVersion: '2.99' } })), ONE],
    ['in version 3.0: refused', notification(s3({ record: { eventVersion: '3.0' } })), '!BadEvent'],
    ['in version 12.1: refused', notification(s3({ record: { eventVersion: '12.1' } })), '!BadEvent'],
    [
      'without a version of the object',
      notification(s3({ object: { versionId: undefined } })),
      'logs/a.ndjson@null',
    ],
    [
      'by a multipart upload',
      notification(s3({ record: { eventName: 'ObjectCreated:CompleteMultipartUpload' } })),
      ONE,
    ],
  ];
  it.each(rows)('%s', (_, event, expected) => expect(read(event)).toBe(expected));
});

describe('a key', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['space, plus and accent (H58)', 'host+a%2Bb%C3%A9.gz', 'host a+bé.gz'],
    ['percent (H58)', 'a%25b', 'a%b'],
    ['emoji (H58)', '%F0%9F%94%A5', '🔥'],
    ['twice encoded: once decoded', 'a%2520b', 'a%20b'],
    ['malformed code (H59)', 'a+b%zz', 'a+b%zz'],
    ['overlong UTF-8 (H59)', '%C0%AF', '%C0%AF'],
    ['parent folders (H60)', '../../x', '../../x'],
    ['slashes (H60)', '/a//b/', '/a//b/'],
    ['line breaks (H60)', 'a%0D%0Ab', 'a\r\nb'],
    ['markup (H60)', '%3Cscript%3E', '<script>'],
    ['terminal codes (H60)', '%1B%5B2J', '\u001b[2J'],
  ];
  it.each(rows)('%s', (_, encoded, key) => {
    const [message] = parseNotification(notification(s3({ key: encoded })), SETTINGS);
    expect(message?.refs.map(ref => ref.key)).toEqual([key]);
  });

  it('of EventBridge is not encoded', () => {
    expect(read(bridge({ object: { key: 'a+b%20c', size: 1, etag: 'e' } }))).toBe('logs/a+b%20c@null');
  });

  it('with malformed codes says so, since no object may be there', () => {
    const [message] = parseNotification(notification(s3({ key: '%zz' }), s3()), SETTINGS);
    expect(message?.refs.map(ref => ref.isKeyRaw)).toEqual([true, false]);
  });

  it('of 1,024 bytes and of any other text comes back as S3 encodes it', () => {
    const encode = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 1024 }), key => {
        const [message] = parseNotification(notification(s3({ key: encode(key) })), SETTINGS);
        return message?.refs[0]?.key === key;
      }),
      { seed: seed(), numRuns: scale(100_000) },
    );
  });
});

describe('done without reading', () => {
  const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' };
  const rows: readonly (readonly [string, unknown, Partial<SourceSettings>, string])[] = [
    ['a test event', test, {}, '-TestEvent logs/null'],
    ['a test event in SQS', sqs(test), {}, '-TestEvent logs/null'],
    ['a test event in SNS in SQS', sqs(sns(test)), {}, '-TestEvent logs/null'],
    ['a folder marker', notification(s3({ key: 'a/', object: { size: 0 } })), {}, '-FolderMarker logs/a/'],
    ['a full object with such a key: read', notification(s3({ key: 'a/' })), {}, 'logs/a/@v'],
    [
      'another bucket (H62)',
      notification(s3()),
      { sourceBuckets: ['logs-2', 'log'] },
      '-UnexpectedSource logs/a.ndjson',
    ],
    ['one of the buckets', notification(s3()), { sourceBuckets: ['other', 'logs'] }, ONE],
    ['another prefix', notification(s3()), { sourcePrefix: 'b' }, '-OtherPrefix logs/a.ndjson'],
    ['the prefix', notification(s3()), { sourcePrefix: 'a.' }, ONE],
    [
      'the archive itself (H61)',
      notification(s3({ bucket: 'archive', key: 'receipts/ab/abc' }), s3({ bucket: 'archive', key: 'x' })),
      {},
      '-RecursionGuard archive/receipts/ab/abc, -RecursionGuard archive/x',
    ],
    ['our prefix in a source: read', notification(s3({ key: 'alerts/a' })), {}, 'logs/alerts/a@v'],
    ['another account', bridge(), { sourceAccount: '999999999999' }, '-UnexpectedSource logs/a.ndjson'],
    ['the account', bridge(), { sourceAccount: '111122223333' }, ONE],
    [
      'a canary, whatever the sources',
      notification(s3({ bucket: 'canary' })),
      { sourceBuckets: ['logs'], sourcePrefix: 'x', sourceAccount: '999999999999' },
      'canary/a.ndjson@v',
    ],
  ];
  it.each(rows)('%s', (_, event, settings, expected) => expect(read(event, settings)).toBe(expected));

  it('a canary is one by its bucket alone', () => {
    const [message] = parseNotification(
      notification(s3({ bucket: 'canary' }), s3({ key: 'canary/x' })),
      SETTINGS,
    );
    expect(message?.refs.map(ref => ref.isCanary)).toEqual([true, false]);
  });
});

describe('not done', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, '!BadEvent'],
    ['an empty object', {}, '!BadEvent'],
    ['no records', notification(), '!BadEvent'],
    ['a deletion', notification(s3({ record: { eventName: 'ObjectRemoved:Delete' } })), '!BadEvent'],
    ['another EventBridge event', bridge({}, { 'detail-type': 'Object Deleted' }), '!BadEvent'],
    ['another source', bridge({}, { source: 'aws.ec2' }), '!BadEvent'],
    ['another service', notification({ eventSource: 'aws:dynamodb', dynamodb: {} }), '!BadEvent'],
    ['a body that is no JSON (T55)', sqs('{"Records":'), '!BadEvent'],
    ['an empty body', sqs(''), '!BadEvent'],
    ['no key', notification(s3({ key: '' })), '!BadEvent'],
    [
      'one bad record, which costs no other',
      notification(s3(), { eventSource: 'aws:s3' }, s3({ key: 'b' })),
      `${ONE}, logs/b@v, !BadEvent`,
    ],
    [
      'one bad message, which costs no other (T52)',
      sqs(notification(s3()), 'x', notification(s3({ key: 'b' }))),
      `${ONE}\n!BadEvent\nlogs/b@v`,
    ],
  ];
  it.each(rows)('%s', (_, event, expected) => expect(read(event)).toBe(expected));

  it('whatever comes gives refs or problems, never an exception or silence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map(text => JSON.parse(text) as unknown),
          fc.anything(),
        ),
        event => {
          const messages = parseNotification(event, SETTINGS);
          return (
            messages.length > 0 &&
            messages.every(
              ({ refs, ignored, problems }) => refs.length + ignored.length + problems.length > 0,
            )
          );
        },
      ),
      { seed: seed(), numRuns: scale(100_000) },
    );
  });
});

describe('the mark of a backfill', () => {
  const QUEUE = 'arn:aws:sqs:eu-west-1:1:registry-alert-backfill';
  const QUIET = { backfill: '20261101T060000Z-ab12', notify: false };
  const marked = (mark: unknown, event: object = notification(s3())) => ({
    ...event,
    'registry-alert': mark,
  });
  const rows: readonly (readonly [name: string, body: unknown, queueArn: string, expected: string | null])[] =
    [
      ['counts from its queue', marked(QUIET), QUEUE, QUIET.backfill],
      [
        'counts from a queue of that name alone',
        marked(QUIET),
        'arn:aws:sqs:eu-west-1:1:backfill',
        QUIET.backfill,
      ],
      ['of the live queue is ignored', marked(QUIET), QUEUE.replace('backfill', 'notifications'), null],
      [
        'of the live queue of a stack "backfill"',
        marked(QUIET),
        'arn:aws:sqs:r:1:backfill-notifications',
        null,
      ],
      ['of a queue that only sounds like it', marked(QUIET), 'arn:aws:sqs:r:1:notbackfill', null],
      ['without a queue', marked(QUIET), '', null],
      ['that is deeper is ignored', sns(marked(QUIET)), QUEUE, null],
      ['that wants to notify', marked({ ...QUIET, notify: true }), QUEUE, null],
      ['that only seems false', marked({ ...QUIET, notify: 0 }), QUEUE, null],
      ['that does not say', marked({ backfill: 'run' }), QUEUE, null],
      ['without a run', marked({ notify: false }), QUEUE, null],
      ['with a path for a run', marked({ ...QUIET, backfill: '../alerts' }), QUEUE, null],
      ['with a line end behind the run', marked({ ...QUIET, backfill: 'run\n' }), QUEUE, null],
      ['with a run of 65', marked({ ...QUIET, backfill: 'r'.repeat(65) }), QUEUE, null],
      ['with a run that is no text', marked({ ...QUIET, backfill: 7 }), QUEUE, null],
      ['that is a list', marked([QUIET]), QUEUE, null],
      ['that is null', marked(null), QUEUE, null],
      ['absent', notification(s3()), QUEUE, null],
    ];
  it.each(rows)('%s', (_, body, eventSourceARN, expected) => {
    const event = sqs(body);
    const messages = parseNotification(
      { Records: event.Records.map(record => ({ ...record, eventSourceARN })) },
      SETTINGS,
    );
    expect(messages[0]?.problems).toEqual([]);
    expect(messages[0]?.refs.map(({ backfill }) => backfill)).toEqual([expected]);
  });

  it('of an invocation without a queue is ignored', () => {
    expect(parseNotification(marked(QUIET), SETTINGS)[0]?.refs[0]?.backfill).toBeNull();
  });

  it('of one message does not reach the next', () => {
    const records = sqs(marked(QUIET), notification(s3())).Records;
    const messages = parseNotification(
      { Records: records.map(record => ({ ...record, eventSourceARN: QUEUE })) },
      SETTINGS,
    );
    expect(messages.map(({ refs }) => refs[0]?.backfill)).toEqual([QUIET.backfill, null]);
  });
});

describe('a message', () => {
  it('keeps what its answer and its retry need', () => {
    const [message] = parseNotification(sqs(notification(s3())), SETTINGS);
    expect(message?.message).toEqual({
      id: 'm0',
      body: JSON.stringify(notification(s3())),
      receiptHandle: 'r0',
      queueArn: 'arn:aws:sqs:eu-west-1:1:queue',
      receiveCount: 2,
    });
  });

  it('names etag without quotes and does not believe an odd size (H63)', () => {
    const [message] = parseNotification(notification(s3({ object: { eTag: '"e"', size: -1 } })), SETTINGS);
    expect(message?.refs[0]).toMatchObject({ etag: 'e', size: null, owner: null });
  });
});

describe('the samples of events/', () => {
  const names = ['s3', 's3-in-sqs', 's3-in-sns', 's3-in-sns-in-sqs', 'eventbridge', 'eventbridge-in-sqs'];
  it.each(names)('%s.json names one object', name => {
    const event = JSON.parse(readFileSync(`events/${name}.json`, 'utf8')) as unknown;
    expect(read(event)).toMatch(/^[^/!-][^\n,]*host a\+bé\.ndjson\.gz@\S+$/);
  });
});
