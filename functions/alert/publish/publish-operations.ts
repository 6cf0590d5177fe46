import { addressOf } from '../archive/index.ts';
import type { Notice, NoticeKind } from '../notification/index.ts';
import { type DeliverPorts, guardDeadline, type Job } from './job.ts';
import { noticeKey, type PersistedNotice } from './persist-alerts.ts';
import { publishWithReceipt } from './publisher.ts';

/** Notices about the service itself; all others are about evidence and go to people. */
const OPERATIONS: readonly NoticeKind[] = ['canary', 'expired-exception', 'rules-changed'];

export function isForOperations(notice: Notice): boolean {
  return OPERATIONS.includes(notice.kind);
}

/** Publishes canaries and notices about the service to the operations topic; without one, only to the metrics. */
export async function publishOperations(job: Job, persisted: readonly PersistedNotice[]): Promise<void> {
  const { ports, receipts } = job;
  const topic = ports.topics.operations;
  for (const { notice, message, isNew } of persisted.filter(({ notice }) => isForOperations(notice))) {
    if (topic !== null && !(receipts && !isNew && (await receipts.has(notice.id, topic)))) {
      guardDeadline(job);
      const pointer = ports.archive && addressOf(ports.archive, noticeKey(job, notice));
      await publishWithReceipt(job, 'operations', message, pointer, [notice.id]);
      job.delivered.notices++;
    }
    if (notice.kind === 'canary') countCanary(notice, ports);
  }
}

/**
 * The heartbeat, and the time from end to end: schedule, upload, queue, reading, publishing. Nothing else depends on
 * it.
 */
function countCanary({ scheduled }: Extract<Notice, { kind: 'canary' }>, { count, now }: DeliverPorts): void {
  count('CanarySeen', 1);
  const lateMs = scheduled === null ? Number.NaN : now() - Date.parse(scheduled);
  if (Number.isFinite(lateMs)) count('CanaryLateSeconds', Math.max(0, Math.round(lateMs / 1000)));
}
