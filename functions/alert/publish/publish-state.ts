import {
  type Archive,
  deferredIn,
  type HeldItem,
  historiesIn,
  keys,
  type Receipts,
  rateLimiter,
  repeatsIn,
  threadsIn,
} from '../archive/index.ts';
import type { Alert } from '../detection/index.ts';
import type { Job } from './job.ts';
import { publishWithReceipt } from './publisher.ts';

/** What one delivery knows of earlier messages and of the limits. */
export type PublishState = ReturnType<typeof openState>;

/** Nothing is read yet. */
export function openState(job: Job, archive: Archive, receipts: Receipts) {
  const { sha256, topics, perHour, now, warn } = job.ports;
  const isQuiet = job.result.backfill !== null;
  const old = new Set<string>();
  const grouped = job.ports.grouping === 'incident' ? job.result.incidents : [];
  const own = new Set(grouped.flatMap(({ alerts }) => alerts.map(({ id }) => id)));
  return {
    job,
    archive,
    receipts,
    /** A backfill holds everything for one digest. */
    isQuiet,
    repeats: repeatsIn(archive, receipts, { ...job.ports, topicArn: topics.alerts }, own),
    histories: historiesIn(archive, sha256, warn),
    threads: threadsIn(archive, sha256, warn),
    limiter: rateLimiter(archive, perHour, now, warn),
    deferred: deferredIn({
      archive,
      receipts,
      sha256,
      objectId: job.objectId,
      topicArn: topics.alerts,
      perHour,
      isFresh: () => old.size === 0,
      isLive: !isQuiet,
      now,
      warn,
      publish: async notice => {
        await publishWithReceipt(job, 'alerts', job.ports.renderNotice(notice), null, [notice.id]);
        job.ports.count('NoticesPublished', 1);
      },
    }),
    /** Ids that were in the archive before this attempt. */
    old,
    /** Those of them that have their receipt. */
    published: new Set<string>(),
    /** Ids that an earlier attempt held. */
    deferredBefore: new Set<string>(),
    deferredNow: new Map<string, HeldItem[]>(),
    deferredAlerts: [] as Alert[],
  };
}

/** Leaves it to the digest of its hour, or of its backfill. */
export function hold({ deferredNow, limiter, job }: PublishState, item: HeldItem): void {
  const { backfill } = job.result;
  const hour = backfill === null ? limiter.hour() : keys.heldRun(backfill);
  deferredNow.set(hour, [...(deferredNow.get(hour) ?? []), item]);
}
