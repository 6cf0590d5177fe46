import { addressOf, inParallel, keys } from '../archive/index.ts';
import { guardDeadline, type Job } from './job.ts';
import type { PersistedAlert } from './persist-alerts.ts';
import { publishWithReceipt } from './publisher.ts';

/**
 * A few are published one by one, so that a crash repeats at most one; many in parallel, since a flood must still
 * drain.
 */
const recordsAtOnce = (alerts: number): number => (alerts <= 20 ? 1 : 8);

/** Publishes every alert, including held and repeated ones, to the records topic; unpaced, with receipts of its own. */
export async function publishRecords(job: Job, alerts: readonly PersistedAlert[]): Promise<void> {
  const { ports, receipts } = job;
  const topic = ports.topics.records;
  if (topic === null) return;
  await inParallel(alerts, recordsAtOnce(alerts.length), async ({ alert, isNew }) => {
    if (receipts && !isNew && (await receipts.has(alert.id, topic))) return;
    guardDeadline(job);
    const pointer = ports.archive && addressOf(ports.archive, keys.alert(alert.id));
    await publishWithReceipt(job, 'records', ports.renderRecord(alert), pointer, [alert.id]);
    ports.count('RecordsTopicPublished', 1);
  });
}
