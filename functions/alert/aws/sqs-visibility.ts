import type { SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError, OUTCOMES } from '../observability/index.ts';
import type { QueueMessage } from '../source/index.ts';

/** Makes a message of a queue visible again after so many seconds. */
export type ChangeVisibility = (message: QueueMessage, seconds: number) => Promise<void>;

const FIRST_SECONDS = 20;
const GROWTH = 3;
const MOST_SECONDS = 900;

/**
 * How long a message that may heal waits for its next attempt: 20 s, a minute, three, nine; `null`: as long as the queue
 * says, since somebody has to do something first, or nothing will heal it.
 */
export function secondsUntilRetry(error: unknown, receiveCount: number): number | null {
  if (error instanceof DeliveryError && (error.code === 'BadEvent' || OUTCOMES[error.code].class !== 'retry'))
    return null;
  return Math.min(MOST_SECONDS, FIRST_SECONDS * GROWTH ** (receiveCount - 1));
}

/** ChangeMessageVisibility through the SDK, whose client is made when it is first needed. */
export function visibilityBy(client: () => Promise<SQSClient>): ChangeVisibility {
  return async ({ queueArn, receiptHandle }, seconds) => {
    const { ChangeMessageVisibilityCommand } = await import('@aws-sdk/client-sqs');
    const sqs = await client();
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrlOf(queueArn),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  };
}

/** How the SQS client has to be made: the queue's address names the queue, the client's endpoint is where it is asked. */
export const SQS_OPTIONS = { maxAttempts: 2, useQueueUrlAsEndpoint: false } as const;

/** The address of a queue, from its ARN: one call less than asking for it. */
export function queueUrlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${domain}/${account}/${name}`;
}
