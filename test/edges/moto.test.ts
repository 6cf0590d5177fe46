import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMoto } from '../local-aws/moto.ts';
import { BODY, QUESTIONS, type Side } from '../local-aws/questions.ts';

/** moto is an independent reading of the same documentation: where it is installed, it is sent the requests that the local AWS is sent. */
const moto = await startMoto();
if (typeof moto === 'string') process.stderr.write(`${moto}: the comparison with moto is SKIPPED\n`);

async function prepare(endpoint: string): Promise<Side> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'local' };
  const options = { endpoint, region: 'eu-west-1', credentials, forcePathStyle: true, maxAttempts: 1 };
  const [s3, sns, sqs] = [new S3Client(options), new SNSClient(options), new SQSClient(options)];
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  for (const Bucket of ['asked', 'versions'])
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration }));
  const put = (Bucket: string, Key: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  for (const [key, body] of Object.entries({
    fox: BODY,
    empty: '',
    'list/b': 'b',
    'list/a': 'a',
    'list/c': 'c',
  }))
    await put('asked', key, body);
  const { VersionId } = await put('versions', 'k', 'old');
  await put('versions', 'k', 'new');
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'asked' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'asked' }));
  // moto reads the variants of a message only where somebody is subscribed.
  const Endpoint = TopicArn!.replace(':sns:', ':sqs:');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return { s3, sns, sqs, topic: TopicArn!, queue: QueueUrl!, versionId: VersionId! };
}

describe.skipIf(typeof moto === 'string')('moto answers as the local AWS does', () => {
  let theirs: Side;
  beforeAll(async () => {
    if (typeof moto !== 'string') theirs = await prepare(moto.endpoint);
  });
  afterAll(() => {
    if (typeof moto !== 'string') moto.server.kill();
  });

  it.each(QUESTIONS)('$what: $answer', async ({ ask, answer, differs }) => {
    const theirAnswer = await ask(theirs);
    if (theirAnswer !== answer) expect(theirAnswer, differs?.[1]).toBe(differs?.[0] ?? answer);
  });
});
