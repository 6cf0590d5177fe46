import type { SQSClient } from '@aws-sdk/client-sqs';
import type { QueueMessage } from '../source/index.ts';

/** Puts a message as it came into the dead-letter queue, from where it can be sent back. */
export type GiveUp = (message: QueueMessage) => Promise<void>;

/** SendMessage through the SDK, whose client is made when it is first needed. */
export function deadLetterBy(client: () => Promise<SQSClient>, queueUrl: string): GiveUp {
  return async ({ body }) => {
    const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
    const sqs = await client();
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  };
}
