import type { SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError, OUTCOMES } from '../observability/index.ts';
import type { QueueMessage } from '../source/index.ts';

/** Makes a message of a queue visible again after this many seconds. */
export type ChangeVisibility = (message: QueueMessage, seconds: number) => Promise<void>;

const FIRST_SECONDS = 20;
const GROWTH = 3;
const MOST_SECONDS = 900;

/**
 * How long a message with a temporary failure waits for its next attempt: 20 s, one minute, three, nine; `null`: the
 * queue's own timeout, since someone has to act first, or no retry can succeed.
 */
export function secondsUntilRetry(error: unknown, receiveCount: number): number | null {
  if (error instanceof DeliveryError && (error.code === 'BadEvent' || OUTCOMES[error.code].class !== 'retry'))
    return null;
  return Math.min(MOST_SECONDS, FIRST_SECONDS * GROWTH ** (receiveCount - 1));
}

/** ChangeMessageVisibility through the SDK, whose client is created on first use. */
export function visibilityBy(client: () => Promise<SQSClient>): ChangeVisibility {
  return async ({ queueArn, receiptHandle }, seconds) => {
    const { ChangeMessageVisibilityCommand } = await import('./sqs-client.ts');
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

/** Options for the SQS client: the queue URL names the queue; requests go to the client's endpoint. */
export const SQS_OPTIONS = { maxAttempts: 2, useQueueUrlAsEndpoint: false } as const;

/** The URL of a queue, from its ARN, which saves a call. */
export function queueUrlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${domain}/${account}/${name}`;
}
