import { asking } from '../../aws/aws-failure.ts';
import { BATCH, sendBatch } from '../../aws/sqs-send.ts';
import type { clients } from '../clients.ts';

/** Sends messages, ten at a time, at a fixed rate; `sent` is called for each batch that is durably in the queue. */
export type SendAll = (
  bodies: readonly string[],
  sent?: (count: number) => void | Promise<void>,
) => Promise<void>;

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** The backfill queue. `rate`: messages per second. @throws AwsFailure */
export function backfillQueue(
  sqs: Awaited<ReturnType<typeof clients.sqs>>,
  queueUrl: string,
  rate: number,
  now: () => number,
): SendAll {
  let next = Number.NEGATIVE_INFINITY;
  return async (bodies, sent) => {
    for (let at = 0; at < bodies.length; at += BATCH) {
      const batch = bodies.slice(at, at + BATCH);
      const turn = Math.max(now(), next);
      next = turn + (1000 * batch.length) / rate;
      if (turn > now()) await sleep(turn - now());
      await asking(queueUrl, 'sqs:SendMessage on the queue', () => sendBatch(sqs, queueUrl, batch, sleep));
      await sent?.(batch.length);
    }
  };
}
