import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { bench, ended } from './for-tests.ts';
import type { Queue } from './index.ts';
import { encodeKey } from './s3/events.ts';

const at = await bench();
let Bucket = '';
let queue: Queue;
let buckets = 0;
beforeEach(() => {
  Bucket = `logs-${++buckets}`;
  at.aws.s3.createBucket(Bucket, { versioning: true });
  queue = at.aws.createQueue(`queue-${buckets}`);
});

function bodies(of: Queue = queue): Record<string, never>[] {
  const found = of.messages.map(({ body }) => JSON.parse(body));
  of.purge();
  return found;
}

const configure = (NotificationConfiguration: object) =>
  at.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
const put = (Key: string) => at.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));

describe('a bucket', () => {
  it('notifies a queue of what is written below its prefix, after a test event', async () => {
    const written = {
      QueueConfigurations: [
        {
          Id: 'one',
          QueueArn: queue.arn,
          Events: ['s3:ObjectCreated:*' as const],
          Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'end point/' }] } },
        },
      ],
    };
    await configure(written);
    expect(bodies()).toMatchObject([{ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket }]);
    const read = await at.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(read.QueueConfigurations?.[0]).toMatchObject({ Id: 'one', QueueArn: queue.arn });
    const { VersionId, ETag } = await put('end point/ü+1.gz');
    await put('elsewhere/x');
    expect(bodies()).toMatchObject([
      {
        Records: [
          {
            eventVersion: expect.stringMatching(/^2\./),
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            s3: {
              configurationId: 'one',
              bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
              object: {
                key: 'end+point/%C3%BC%2B1.gz',
                size: 1,
                eTag: ETag!.replaceAll('"', ''),
                versionId: VersionId,
                sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
              },
            },
          },
        ],
      },
    ]);
  });

  it('orders writes of one key by their sequencers', async () => {
    at.aws.s3.notify(Bucket, { to: queue.arn });
    bodies();
    for (let times = 0; times < 3; times++) await put('k');
    const sequencers = bodies().map(
      body =>
        (body['Records'] as unknown as { s3: { object: { sequencer: string } } }[])[0]!.s3.object.sequencer,
    );
    expect(sequencers).toEqual([...sequencers].sort());
    expect(new Set(sequencers).size).toBe(3);
  });

  it('notifies a topic, enveloped or raw', async () => {
    const topic = at.aws.sns.createTopic(`topic-${buckets}`);
    at.aws.sns.subscribe(topic.arn, 'sqs', queue.arn);
    at.aws.s3.notify(Bucket, { to: topic.arn });
    bodies();
    await put('k');
    const [{ Message, Subject } = {}] = bodies() as { Message?: string; Subject?: string }[];
    expect(Subject).toBe('Amazon S3 Notification');
    expect(JSON.parse(Message!)).toMatchObject({ Records: [{ s3: { object: { key: 'k' } } }] });
  });

  it('notifies EventBridge, whose keys are not encoded, and a rule picks', async () => {
    at.aws.bus.putRule({
      pattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [Bucket] }, object: { key: [{ prefix: 'in/' }] } },
      },
      targetArn: queue.arn,
    });
    await configure({ EventBridgeConfiguration: {} });
    await put('in/a b+ü');
    await put('out/x');
    expect(bodies()).toMatchObject([
      {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: { bucket: { name: Bucket }, object: { key: 'in/a b+ü', size: 1 }, reason: 'PutObject' },
      },
    ]);
  });

  it('loses or doubles a notification where that is planned', async () => {
    at.aws.s3.notify(Bucket, { to: queue.arn });
    bodies();
    const where = { bucket: Bucket };
    at.aws.faults.add(
      { op: 's3:Notify', nth: 2, kind: 'drop', where },
      { op: 's3:Notify', nth: 3, kind: 'duplicate', where },
    );
    for (const key of ['1', '2', '3']) await put(key);
    expect(bodies().map(body => JSON.stringify(body).match(/"key":"(\d)"/)?.[1])).toEqual(['1', '3', '3']);
    expect(at.aws.faults.unfired()).toEqual([]);
  });

  it.each([
    [
      'a queue that does not exist',
      () => ({ QueueConfigurations: [{ QueueArn: `${queue.arn}x`, Events: ['s3:ObjectCreated:*'] }] }),
    ],
    [
      'destinations that overlap',
      () => ({
        QueueConfigurations: [{ QueueArn: queue.arn, Events: ['s3:ObjectCreated:*'] }],
        TopicConfigurations: [
          { TopicArn: at.aws.sns.createTopic('t').arn, Events: ['s3:ObjectCreated:Put'] },
        ],
      }),
    ],
  ])('refuses %s', async (_what, configuration) => {
    expect(await ended(configure(configuration()))).toBe('400 InvalidArgument');
  });

  it.each([
    ['the bucket', true, `arn:aws:s3:::logs-*`, '111122223333'],
    ['another bucket', false, 'arn:aws:s3:::other', '111122223333'],
    ['another account', false, 'arn:aws:s3:::logs-*', '999999999999'],
  ])('may send if the policy of the queue names %s: %s', async (_what, may, arn, account) => {
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue.arn,
        Condition: { ArnLike: { 'aws:SourceArn': arn }, StringEquals: { 'aws:SourceAccount': account } },
      },
    ];
    const closed = at.aws.createQueue(`closed-${buckets}`, {
      Policy: JSON.stringify({ Statement: [{ ...Statement[0], Resource: '*' }] }),
    });
    const QueueConfigurations = [{ QueueArn: closed.arn, Events: ['s3:ObjectCreated:*'] }];
    expect(await ended(configure({ QueueConfigurations }))).toBe(may ? '200' : '400 InvalidArgument');
  });
});

describe('a key in a notification', () => {
  it.each([
    ['a b', 'a+b'],
    ['a+b', 'a%2Bb'],
    ['a/b', 'a/b'],
    ['100%', '100%25'],
    ["it's (new)!~*", 'it%27s+%28new%29%21%7E*'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
  ])('%s is written %s', (key, encoded) => {
    expect(encodeKey(key)).toBe(encoded);
    expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(key);
  });
});
