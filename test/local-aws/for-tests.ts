import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './index.ts';

export type Bench = {
  readonly aws: LocalAws;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
};

/** A local AWS for the tests of one file, with the SDK's clients on it; read its members only within tests. */
export function bench(options: Omit<LocalAwsOptions, 'directory'> = {}): Bench {
  const made: { bench?: Bench } = {};
  const directory = temporaryFolder();
  beforeAll(async () => {
    const aws = await startLocalAws({ directory, ...options });
    const client = { ...aws.client(), maxAttempts: 1 };
    made.bench = { aws, s3: new S3Client(client), sns: new SNSClient(client), sqs: new SQSClient(client) };
  });
  afterAll(async () => {
    await made.bench?.aws.stop();
  });
  const of = <K extends keyof Bench>(name: K): Bench[K] => {
    if (!made.bench) throw new Error('the local AWS runs within tests only');
    return made.bench[name];
  };
  return {
    get aws() {
      return of('aws');
    },
    get s3() {
      return of('s3');
    },
    get sns() {
      return of('sns');
    },
    get sqs() {
      return of('sqs');
    },
  };
}

/** How an operation of the SDK ended: `200`, or `412 PreconditionFailed`. */
export async function ended(sending: Promise<{ $metadata: { httpStatusCode?: number } }>): Promise<string> {
  try {
    return String((await sending).$metadata.httpStatusCode);
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode ?? 'no answer'} ${name}`;
  }
}
