import { inParallel, keys } from '../archive/index.ts';
import type { Alert, Incident } from '../detection/index.ts';
import type { Message, Notice } from '../notification/index.ts';
import { type Job, RECORD_MS } from './job.ts';

/** An alert in the archive. */
export type PersistedAlert = {
  readonly alert: Alert;
  /** Written by this attempt just now: it cannot have a receipt. */
  readonly isNew: boolean;
};

export type PersistedNotice = {
  readonly notice: Notice;
  readonly message: Message;
  readonly isNew: boolean;
};

/** Requests under way at once, within the fifty sockets of a client: a hundred alerts cost two round trips. */
export const AT_ONCE = 50;

/**
 * Alerts that are recorded together and then published, so that the first is not kept waiting by the hundredth; also of a
 * larger incident no more at once, since each document may be 2 Mi characters.
 */
const BATCH = 10;

/** The incidents of an object in the parts in which they are recorded and published: whole ones, about ten alerts. */
export function* batchesOf(incidents: readonly Incident[]): Generator<readonly Incident[]> {
  let batch: Incident[] = [];
  let alerts = 0;
  for (const incident of incidents) {
    if (batch.length > 0 && alerts + incident.alerts.length > BATCH) {
      yield batch;
      [batch, alerts] = [[], 0];
    }
    batch.push(incident);
    alerts += incident.alerts.length;
  }
  if (batch.length > 0) yield batch;
}

/**
 * A batch into the archive, before any of it is published; the same bytes at every attempt. Fewer are given than there
 * are where time runs out.
 */
export async function persistAlerts(
  { result, ports, receipts }: Job,
  incidents: readonly Incident[],
): Promise<readonly PersistedAlert[]> {
  const { archive, renderDocument, remainingMs, count, topics } = ports;
  const batch = incidents.flatMap(({ alerts }) => alerts);
  if (!archive) return batch.map(alert => ({ alert, isNew: true }));
  const persisted = await inParallel(batch, BATCH, async alert => {
    const key = keys.alert(alert.id);
    // At a later attempt a question costs less than the document; what has a receipt is in the archive.
    const isThere = result.attempt > 1 && ((await receipts?.has(alert.id, topics.alerts)) ?? false);
    if (remainingMs() < RECORD_MS) return [];
    const isNew =
      !isThere && (await archive.put(key, renderDocument(alert), 'application/json')) === 'created';
    if (!isNew) count('ArchiveExists', 1);
    return [{ alert, isNew }];
  });
  return persisted.flat();
}

/** Every notice into the archive: damage is on record before an acknowledgement could forget it. */
export async function persistNotices(
  job: Job,
  notices: readonly Notice[],
): Promise<readonly PersistedNotice[]> {
  const persisted: PersistedNotice[] = [];
  for (const bare of notices) {
    const notice = placed(job, bare);
    const message = job.ports.renderNotice(notice);
    persisted.push({ notice, message, isNew: await persistNotice(job, notice, message) });
  }
  return persisted.filter(({ notice, isNew }) => isDue(job, notice, isNew));
}

/** The notice says where its own record lies. */
function placed(job: Job, notice: Notice): Notice {
  const { archive } = job.ports;
  if (!archive || !('place' in notice) || notice.kind === 'held' || notice.kind === 'backfill') return notice;
  return { ...notice, place: { bucket: archive.bucket, key: noticeKey(job, notice) } };
}

/** Where the record of a notice lies. */
export function noticeKey({ objectId }: Job, notice: Notice): string {
  return notice.kind === 'quarantine' ? keys.quarantine(objectId) : keys.notice(notice.id);
}

async function persistNotice(job: Job, notice: Notice, message: Message): Promise<boolean> {
  const { archive } = job.ports;
  if (!archive) return true;
  return (await archive.put(noticeKey(job, notice), message.default, 'application/json')) === 'created';
}

/** An object that one execution could not read is tried once more in silence; a faster environment may do it. */
function isDue({ result: { attempt } }: Job, notice: Notice, isNew: boolean): boolean {
  return notice.kind !== 'incomplete-scan' || !isNew || attempt >= 2;
}
