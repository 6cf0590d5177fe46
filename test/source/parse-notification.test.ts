import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceSettings } from '../../functions/alert/source/parse-notification.ts';
import { scale, seed } from '../scale.ts';
import {
  bridge,
  notification,
  ONE,
  PLAIN,
  parse,
  read,
  refsOf,
  s3,
  sns,
  snsEvent,
  sqs,
} from './notifications.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts), H… a row of the table of
// hostile inputs (test/hostile-table.test.ts).

describe('an object is found', () => {
  const rows: [name: string, event: unknown, objects?: string][] = [
    ['directly', PLAIN],
    ['twice in one notification', notification(s3(), s3({ key: 'b' })), `${ONE}, logs/b@v`],
    ['in SQS', sqs(PLAIN)],
    ['in a batch', sqs(PLAIN, notification(s3({ key: 'b' }))), `${ONE}\nlogs/b@v`],
    ['in SNS', snsEvent(PLAIN)],
    ['in SNS in SQS (H65)', sqs(sns(PLAIN))],
    ['in SNS in SNS in SQS, three deep', sqs(sns(sns(PLAIN)))],
    ['four deep: refused', sqs(sns(sns(sns(PLAIN)))), '!BadEvent'],
    ['in EventBridge', bridge()],
    ['in EventBridge in SQS', sqs(bridge())],
    ['in EventBridge in SNS in SQS', sqs(sns(bridge()))],
    ['in version 2.99', notification(s3({ record: { eventVersion: '2.99' } }))],
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
    ],
  ];
  it.each(rows)('%s', (_, event, objects = ONE) => expect(read(event)).toBe(objects));
});

describe('done without reading', () => {
  const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' };
  const rows: [name: string, event: unknown, found: string, settings?: Partial<SourceSettings>][] = [
    ['a test event', test, '-TestEvent logs/null'],
    ['a test event in SQS', sqs(test), '-TestEvent logs/null'],
    ['a test event in SNS in SQS', sqs(sns(test)), '-TestEvent logs/null'],
    ['a folder marker', notification(s3({ key: 'a/', object: { size: 0 } })), '-FolderMarker logs/a/'],
    ['a full object with such a key: read', notification(s3({ key: 'a/' })), 'logs/a/@v'],
    ['another bucket (H62)', PLAIN, '-UnexpectedSource logs/a.ndjson', { sourceBuckets: ['logs-2', 'log'] }],
    ['one of the buckets', PLAIN, ONE, { sourceBuckets: ['other', 'logs'] }],
    ['another prefix', PLAIN, '-OtherPrefix logs/a.ndjson', { sourcePrefix: 'b' }],
    ['the prefix', PLAIN, ONE, { sourcePrefix: 'a.' }],
    [
      'the archive itself (H61)',
      notification(s3({ bucket: 'archive', key: 'receipts/ab/abc' }), s3({ bucket: 'archive', key: 'x' })),
      '-RecursionGuard archive/receipts/ab/abc, -RecursionGuard archive/x',
    ],
    ['our prefix in a source: read', notification(s3({ key: 'alerts/a' })), 'logs/alerts/a@v'],
    ['another account', bridge(), '-UnexpectedSource logs/a.ndjson', { sourceAccount: '999999999999' }],
    ['the account', bridge(), ONE, { sourceAccount: '111122223333' }],
    [
      'a canary, whatever the sources',
      notification(s3({ bucket: 'canary' })),
      'canary/a.ndjson@v',
      { sourceBuckets: ['logs'], sourcePrefix: 'x', sourceAccount: '999999999999' },
    ],
  ];
  it.each(rows)('%s', (_, event, found, settings) => expect(read(event, settings)).toBe(found));

  it('a canary is one by its bucket alone', () => {
    const refs = refsOf(notification(s3({ bucket: 'canary' }), s3({ key: 'canary/x' })));
    expect(refs.map(ref => ref.isCanary)).toEqual([true, false]);
  });
});

describe('not done', () => {
  const rows: [name: string, event: unknown, found?: string][] = [
    ['nothing', undefined],
    ['an empty object', {}],
    ['no records', notification()],
    ['a deletion', notification(s3({ record: { eventName: 'ObjectRemoved:Delete' } }))],
    ['another EventBridge event', bridge({}, { 'detail-type': 'Object Deleted' })],
    ['another source', bridge({}, { source: 'aws.ec2' })],
    ['another service', notification({ eventSource: 'aws:dynamodb', dynamodb: {} })],
    ['a body that is no JSON (T55)', sqs('{"Records":')],
    ['an empty body', sqs('')],
    ['no key', notification(s3({ key: '' }))],
    [
      'one bad record, which costs no other',
      notification(s3(), { eventSource: 'aws:s3' }, s3({ key: 'b' })),
      `${ONE}, logs/b@v, !BadEvent`,
    ],
    [
      'one bad message, which costs no other (T52)',
      sqs(PLAIN, 'x', notification(s3({ key: 'b' }))),
      `${ONE}\n!BadEvent\nlogs/b@v`,
    ],
  ];
  it.each(rows)('%s', (_, event, found = '!BadEvent') => expect(read(event)).toBe(found));

  it('whatever comes gives refs or problems, never an exception or silence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map(text => JSON.parse(text) as unknown),
          fc.anything(),
        ),
        event => {
          const found = parse(event).map(({ refs, ignored, problems }) => [...refs, ...ignored, ...problems]);
          return found.length > 0 && found.every(all => all.length > 0);
        },
      ),
      { seed: seed(), numRuns: scale(100_000) },
    );
  });
});

describe('a message', () => {
  it('keeps what its answer and its retry need', () => {
    const [message] = parse(sqs(PLAIN));
    expect(message?.message).toEqual({
      id: 'm0',
      body: JSON.stringify(PLAIN),
      receiptHandle: 'r0',
      queueArn: 'arn:aws:sqs:eu-west-1:1:queue',
      receiveCount: 2,
    });
  });

  it('names etag without quotes and does not believe an odd size (H63)', () => {
    const [ref] = refsOf(notification(s3({ object: { eTag: '"e"', size: -1 } })));
    expect(ref).toMatchObject({ etag: 'e', size: null, owner: null });
  });
});

describe('the samples of events/', () => {
  const names = ['s3', 's3-in-sqs', 's3-in-sns', 's3-in-sns-in-sqs', 'eventbridge', 'eventbridge-in-sqs'];
  it.each(names)('%s.json names one object', name => {
    const event = JSON.parse(readFileSync(`events/${name}.json`, 'utf8')) as unknown;
    expect(read(event)).toMatch(/^[^/!-][^\n,]*host a\+bé\.ndjson\.gz@\S+$/);
  });
});
