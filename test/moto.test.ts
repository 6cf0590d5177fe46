import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended } from './local-aws/for-tests.ts';
import { type LocalAws, startLocalAws } from './local-aws/index.ts';
import { startMoto } from './local-aws/moto.ts';

/** moto is an independent reading of the same documentation; where it is installed both are asked the same. */
const moto = await startMoto();
if (typeof moto === 'string') process.stderr.write(`${moto}: the comparison with moto is SKIPPED\n`);

type Side = {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly topic: string;
  readonly queue: string;
  readonly versionId: string;
};

type Question = {
  readonly what: string;
  readonly ask: (side: Side) => Promise<string>;
  /** What moto 5.2 answers instead, and why. */
  readonly differs?: { readonly moto: string; readonly why: string };
};

const Bucket = 'asked';
const get = (input: object) => (side: Side) =>
  ended(side.s3.send(new GetObjectCommand({ Bucket, Key: 'fox', ...input })));
const put = (input: object) => (side: Side) =>
  ended(side.s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', ...input })));
const publish = (input: object) => (side: Side) =>
  ended(side.sns.send(new PublishCommand({ TopicArn: side.topic, Message: 'x', ...input })));
const batch = (entries: { Id: string; Message: string }[]) => (side: Side) =>
  ended(
    side.sns.send(new PublishBatchCommand({ TopicArn: side.topic, PublishBatchRequestEntries: entries })),
  );
const json = (Message: string) => publish({ MessageStructure: 'json', Message });
const attribute = (value: object) => publish({ MessageAttributes: { a: value } });

const QUESTIONS: readonly Question[] = [
  { what: 'get', ask: get({}) },
  { what: 'get a range', ask: get({ Range: 'bytes=1-2' }) },
  {
    what: 'get the bytes of a range',
    ask: async side => {
      const { Body, ContentRange } = await side.s3.send(
        new GetObjectCommand({ Bucket, Key: 'fox', Range: 'bytes=-4' }),
      );
      return `${await Body?.transformToString()} ${ContentRange}`;
    },
  },
  { what: 'get a range beyond the end', ask: get({ Range: 'bytes=100-' }) },
  { what: 'get if another tag', ask: get({ IfMatch: '"x"' }) },
  { what: 'get if not this tag', ask: get({ IfNoneMatch: '"9a0364b9e99bb480dd25e1f0284c8555"' }) },
  { what: 'get no key', ask: get({ Key: 'wolf' }) },
  { what: 'get no bucket', ask: get({ Bucket: 'nowhere' }) },
  {
    what: 'get an old version',
    ask: async side => {
      const { Body } = await side.s3.send(
        new GetObjectCommand({ Bucket: 'versions', Key: 'k', VersionId: side.versionId }),
      );
      return (await Body?.transformToString()) ?? '';
    },
  },
  { what: 'get no version', ask: get({ Bucket: 'versions', Key: 'k', VersionId: 'x'.repeat(32) }) },
  {
    what: 'head no key',
    ask: side => ended(side.s3.send(new HeadObjectCommand({ Bucket, Key: 'wolf' }))),
  },
  { what: 'put if absent, absent', ask: put({ IfNoneMatch: '*' }) },
  { what: 'put if absent, present', ask: put({ IfNoneMatch: '*' }) },
  { what: 'put if another tag', ask: put({ IfMatch: '"x"' }) },
  { what: 'put if this tag', ask: put({ IfMatch: '"9dd4e461268c8034f5c8564e155c67a6"' }) },
  {
    what: 'put if absent, twenty at once: how many win',
    ask: async side => {
      const ends = await Promise.all(
        Array.from({ length: 20 }, () => put({ Key: 'race', IfNoneMatch: '*' })(side)),
      );
      return String(ends.filter(one => one === '200').length);
    },
  },
  {
    what: 'the entity tag and the kind of checksum of an object',
    ask: async side => {
      const { ETag, ChecksumCRC32 } = await side.s3.send(new GetObjectCommand({ Bucket, Key: 'fox' }));
      return `${ETag} ${ChecksumCRC32}`;
    },
  },
  {
    what: 'list in pages',
    ask: async side => {
      const page = await side.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 2 }));
      const next = await side.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: 'list/', ContinuationToken: page.NextContinuationToken! }),
      );
      return [...page.Contents!, ...next.Contents!].map(({ Key }) => Key).join(' ');
    },
  },
  { what: 'publish', ask: publish({}) },
  {
    what: 'publish nothing',
    ask: publish({ Message: '' }),
    differs: { moto: '200', why: 'moto takes an empty message' },
  },
  { what: 'publish 262,144 bytes', ask: publish({ Message: 'x'.repeat(262_144) }) },
  { what: 'publish 262,145 bytes', ask: publish({ Message: 'x'.repeat(262_145) }) },
  {
    what: 'publish too much with attributes',
    ask: publish({
      Message: 'x'.repeat(262_144),
      MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
    }),
    differs: { moto: '200', why: 'moto does not count attributes' },
  },
  { what: 'publish to nobody', ask: publish({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:absent' }) },
  { what: 'publish a subject of 99', ask: publish({ Subject: 'x'.repeat(99) }) },
  { what: 'publish a subject of 101', ask: publish({ Subject: 'x'.repeat(101) }) },
  {
    what: 'publish a subject of two lines',
    ask: publish({ Subject: 'a\nb' }),
    differs: { moto: '200', why: 'moto lets line breaks through' },
  },
  { what: 'publish json', ask: json('{"default":"x","email":"y"}') },
  { what: 'publish json without default', ask: json('{"email":"y"}') },
  { what: 'publish json that is none', ask: json('{') },
  {
    what: 'publish json with a key twice',
    ask: json('{"default":"x","default":"y"}'),
    differs: { moto: '200', why: 'moto keeps the last of two keys' },
  },
  {
    what: 'publish an empty attribute',
    ask: attribute({ DataType: 'String', StringValue: '' }),
    differs: { moto: '400 InvalidParameterException', why: 'the API names the code ParameterValueInvalid' },
  },
  {
    what: 'publish a number that is none',
    ask: attribute({ DataType: 'Number', StringValue: 'x' }),
    differs: { moto: '400 InvalidParameterException', why: 'the API names the code ParameterValueInvalid' },
  },
  { what: 'publish an unknown type', ask: attribute({ DataType: 'Text', StringValue: 'x' }) },
  {
    what: 'publish eleven',
    ask: batch(Array.from({ length: 11 }, (_, at) => ({ Id: `${at}`, Message: 'x' }))),
  },
  {
    what: 'publish one id twice',
    ask: batch([
      { Id: 'a', Message: 'x' },
      { Id: 'a', Message: 'y' },
    ]),
  },
  {
    what: 'publish 300 kB in three',
    ask: batch(['a', 'b', 'c'].map(Id => ({ Id, Message: 'x'.repeat(100_000) }))),
    differs: { moto: '200', why: 'moto has no limit for a whole batch' },
  },
  {
    what: 'a message in a queue, its envelope and variant',
    ask: async side => {
      await side.sqs.send(new PurgeQueueCommand({ QueueUrl: side.queue }));
      await json('{"default":"x","sqs":"for queues"}')(side);
      const { Messages = [] } = await side.sqs.send(new ReceiveMessageCommand({ QueueUrl: side.queue }));
      const { Type, Message } = JSON.parse(Messages[0]!.Body!);
      return `${Type} ${Message}`;
    },
  },
  { what: 'no queue', ask: side => ended(side.sqs.send(new GetQueueUrlCommand({ QueueName: 'absent' }))) },
  {
    what: 'a handle that is none',
    ask: side => ended(side.sqs.send(new DeleteMessageCommand({ QueueUrl: side.queue, ReceiptHandle: 'x' }))),
    differs: { moto: '400 ReceiptHandleIsInvalid', why: 'the service model has status 404' },
  },
  {
    what: 'a message with a control character',
    ask: side =>
      ended(side.sqs.send(new SendMessageCommand({ QueueUrl: side.queue, MessageBody: '\u0001' }))),
    differs: { moto: '200', why: 'moto lets control characters through' },
  },
];

/** The same buckets, topic and queue on either side, made by the SDK. */
async function prepare(client: ReturnType<LocalAws['client']>): Promise<Side> {
  const options = { ...client, maxAttempts: 1 };
  const s3 = new S3Client(options);
  const sns = new SNSClient(options);
  const sqs = new SQSClient(options);
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  for (const name of [Bucket, 'versions']) {
    await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
  }
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'fox', Body: 'The quick brown fox' }));
  for (const name of ['b', 'a', 'c']) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `list/${name}`, Body: name }));
  }
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: 'versions', Key: 'k', Body: 'old' }));
  await s3.send(new PutObjectCommand({ Bucket: 'versions', Key: 'k', Body: 'new' }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'asked' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'asked' }));
  const Endpoint = `${TopicArn!.replace(':sns:', ':sqs:')}`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return { s3, sns, sqs, topic: TopicArn!, queue: QueueUrl!, versionId: VersionId! };
}

describe.skipIf(typeof moto === 'string')('moto and the stand-in, asked the same', () => {
  let directory: string;
  let aws: LocalAws;
  let ours: Side;
  let theirs: Side;

  beforeAll(async () => {
    if (typeof moto === 'string') return;
    directory = mkdtempSync(join(tmpdir(), 'moto-'));
    aws = await startLocalAws({ directory });
    ours = await prepare(aws.client());
    theirs = await prepare({ ...aws.client(), endpoint: moto.endpoint });
  });
  afterAll(async () => {
    if (typeof moto === 'string') return;
    moto.server.kill();
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  for (const { what, ask, differs } of QUESTIONS) {
    it(differs ? `${what}: may differ, ${differs.why}` : what, async () => {
      const own = await ask(ours);
      const other = await ask(theirs);
      if (other !== own) expect(other).toBe(differs?.moto ?? own);
    });
  }
});
