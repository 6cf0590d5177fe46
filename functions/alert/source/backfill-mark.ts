import { asObject, text } from './s3-notification.ts';

/** It becomes part of archive keys. */
const RUN = /^[A-Za-z0-9-]{1,64}$/;

/** The last part of the ARN of `BackfillQueue`, as named in infra/queues.yml; a stack's name may contain anything. */
const BACKFILL_QUEUE = /:(?:[A-Za-z0-9_-]*-)?backfill$/;

export const isBackfillQueue = (arn: string): boolean => BACKFILL_QUEUE.test(arn);

/**
 * The backfill run whose alerts are held for one digest and not sent individually; `null`: none. The mark counts only
 * in the body of a message of the backfill queue: otherwise anyone who may write to the live queue, its topic or its
 * bucket could silence an alert. An invalid mark silences nothing.
 */
export function quietRunOf(body: unknown, queueArn: string): string | null {
  if (!isBackfillQueue(queueArn)) return null;
  const { backfill, notify } = asObject(asObject(body)?.['registry-alert']) ?? {};
  const run = text(backfill);
  return notify === false && run !== null && RUN.test(run) ? run : null;
}
