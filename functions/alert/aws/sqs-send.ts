import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Most messages that one call accepts. */
export const BATCH = 10;

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 200;

/** Some messages of a batch were rejected, or failed at every attempt. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly code = 'NotSent';
}

/**
 * Sends up to ten messages. The call can succeed while some of them fail, so each result is checked; messages that the
 * service failed to take are sent again, those it rejects are not. @throws NotSent
 */
export async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  let left = bodies.map((body, at) => ({ Id: String(at), MessageBody: body }));
  for (let attempt = 1; left.length > 0; attempt++) {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: left }),
    );
    const refused = Failed.find(({ SenderFault }) => SenderFault === true);
    if (refused || (Failed.length > 0 && attempt === ATTEMPTS))
      throw new NotSent(
        `${Failed.length} of ${left.length} messages were not accepted by ${queueUrl} (${(refused ?? Failed[0])?.Code})`,
      );
    const failed = new Set(Failed.map(({ Id }) => Id));
    left = left.filter(({ Id }) => failed.has(Id));
    if (left.length > 0) await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
}
