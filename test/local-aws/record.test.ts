import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { startLocalAws } from './index.ts';

it('writes the permissions that were needed into the file of LOCAL_AWS_CALLS', async () => {
  const directory = temporaryFolder();
  const path = join(directory, 'calls.ndjson');
  vi.stubEnv('LOCAL_AWS_CALLS', path);
  const aws = await startLocalAws({ directory });
  aws.s3.createBucket('logs', { versioning: true });
  const { versionId } = await aws.s3.put('logs', 'a/1', 'x');
  const topic = aws.sns.createTopic('alerts').arn;
  const s3 = new S3Client(aws.client('function'));
  const Bucket = 'logs';
  await s3.send(new GetObjectCommand({ Bucket, Key: 'a/1', VersionId: versionId }));
  await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/1' }));
  for (const Key of ['b/c/1', 'b/d/2']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  await new SNSClient(aws.client('desk')).send(new PublishCommand({ TopicArn: topic, Message: 'x' }));
  await aws.stop();
  vi.unstubAllEnvs();
  const written = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(written).toEqual([
    { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::logs/a/*', caller: 'function' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::logs/a/*', caller: 'function' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::logs/b/*', caller: 'function' },
    { action: 'sns:Publish', resource: topic, caller: 'desk' },
  ]);
});
