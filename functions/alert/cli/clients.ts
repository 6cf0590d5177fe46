import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { isLoopback } from '../aws/loopback.ts';

/** Someone is waiting, and a long run should survive one bad minute. */
const ATTEMPTS = 5;

/** The AWS clients of the command line. The SDK is loaded here, and only when a command needs one. */
export const clients = {
  s3: async (): Promise<S3Client> => {
    const { S3Client } = await import('@aws-sdk/client-s3');
    return new S3Client({ forcePathStyle: isLoopback(process.env), maxAttempts: ATTEMPTS });
  },
  sns: async (): Promise<SNSClient> => {
    const { SNSClient } = await import('@aws-sdk/client-sns');
    return new SNSClient({ maxAttempts: ATTEMPTS });
  },
  sqs: async (): Promise<SQSClient> => {
    const { SQSClient } = await import('@aws-sdk/client-sqs');
    return new SQSClient({ maxAttempts: ATTEMPTS, useQueueUrlAsEndpoint: false });
  },
};
