import { asObject, text } from './s3-notification.ts';

/** It becomes a part of keys in the archive. */
const RUN = /^[A-Za-z0-9-]{1,64}$/;

/** The last part of the ARN of `BackfillQueue`, which infra/queues.yml names; a stack's own name may hold anything. */
const BACKFILL_QUEUE = /:(?:[A-Za-z0-9_-]*-)?backfill$/;

export const isBackfillQueue = (arn: string): boolean => BACKFILL_QUEUE.test(arn);

/**
 * The run of a backfill whose finds are held under one notice and not told singly; `null`: there is none. The mark
 * counts only in the body of a message of the queue for backfills: whoever may write to the live queue, its topic or
 * its bucket could else silence an alert. A mark that is not understood silences nothing.
 */
export function quietRunOf(body: unknown, queueArn: string): string | null {
  if (!isBackfillQueue(queueArn)) return null;
  const { backfill, notify } = asObject(asObject(body)?.['registry-alert']) ?? {};
  const run = text(backfill);
  return notify === false && run !== null && RUN.test(run) ? run : null;
}
