import type { SQSClient } from '@aws-sdk/client-sqs';

/** Sends a message body to one queue. */
export type SendBody = (message: { readonly body: string }) => Promise<void>;

/** SendMessage through the SDK, whose client is created on first use. */
export function sendBodyBy(client: () => Promise<SQSClient>, queueUrl: string): SendBody {
  return async ({ body }) => {
    const { SendMessageCommand } = await import('./sqs-client.ts');
    const sqs = await client();
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  };
}
