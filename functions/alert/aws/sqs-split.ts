import type { SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError } from '../observability/index.ts';
import { queueUrlOf } from './sqs-visibility.ts';

/** Sends messages to a queue; all of them, or throws. A message may arrive twice, as with any queue. */
export type SendAll = (queueArn: string, bodies: readonly string[]) => Promise<void>;

const MOST_IN_A_BATCH = 10;

/** SendMessageBatch through the SDK, whose client is created on first use. @throws DeliveryError */
export function sendAllBy(client: () => Promise<SQSClient>): SendAll {
  return async (queueArn, bodies) => {
    const { SendMessageBatchCommand } = await import('./sqs-client.ts');
    const sqs = await client();
    for (let from = 0; from < bodies.length; from += MOST_IN_A_BATCH) {
      const entries = bodies
        .slice(from, from + MOST_IN_A_BATCH)
        .map((body, at) => ({ Id: String(at), MessageBody: body }));
      const answer = await sqs.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrlOf(queueArn), Entries: entries }),
      );
      const refused = answer.Failed?.length ?? 0;
      if (refused > 0)
        throw new DeliveryError('Unexpected', `SQS refused ${refused} of the messages of a batch`);
    }
  };
}
