import type { SQSClient } from '@aws-sdk/client-sqs';

/** Sends the body of a message to one queue. */
export type SendBody = (message: { readonly body: string }) => Promise<void>;

/** SendMessage through the SDK, whose client is made when it is first needed. */
export function sendBodyBy(client: () => Promise<SQSClient>, queueUrl: string): SendBody {
  return async ({ body }) => {
    const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
    const sqs = await client();
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  };
}
