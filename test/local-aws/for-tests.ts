import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localAws } from '../afterwards.ts';
import type { LocalAwsOptions } from './index.ts';

/** A local AWS for the tests of one file, with the SDK's clients on it, each of one attempt. */
export async function bench(options: Partial<LocalAwsOptions> = {}) {
  const aws = await localAws(options);
  const client = { ...aws.client(), maxAttempts: 1 };
  return { aws, s3: new S3Client(client), sns: new SNSClient(client), sqs: new SQSClient(client) };
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
