import { inParallel, keys } from '../archive/index.ts';
import type { Alert, Incident } from '../detection/index.ts';
import type { Message, Notice } from '../notification/index.ts';
import { type Job, RECORD_MS } from './job.ts';

/** An alert in the archive. */
export type PersistedAlert = {
  readonly alert: Alert;
  /** Written by this attempt: it cannot have a receipt. */
  readonly isNew: boolean;
};

export type PersistedNotice = {
  readonly notice: Notice;
  readonly message: Message;
  readonly isNew: boolean;
};

/** Requests under way at once, within the fifty sockets of a client: a hundred alerts cost two round trips. */
export const AT_ONCE = 50;

/** Alerts that are recorded together and then published, so that the first does not wait for the hundredth. */
const FIRST_BATCH = 10;

/** UTF-16 units of documents under way at once: ten of the longest that are archived, or fifty of ordinary ones. */
const MOST_UNDER_WAY = 20 * 1024 ** 2;

/**
 * The incidents of an object in the parts in which they are recorded and published: whole incidents, about ten alerts,
 * then twice as many each time, since every part costs two round trips and a flood must still drain.
 */
export function* batchesOf(incidents: readonly Incident[]): Generator<readonly Incident[]> {
  let [batch, alerts, most]: [Incident[], number, number] = [[], 0, FIRST_BATCH];
  for (const incident of incidents) {
    if (batch.length > 0 && alerts + incident.alerts.length > most) {
      yield batch;
      [batch, alerts, most] = [[], 0, most * 2];
    }
    batch.push(incident);
    alerts += incident.alerts.length;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Writes a batch to the archive before any of it is published; the same bytes at every attempt. Returns fewer than
 * given if time runs out.
 */
export async function persistAlerts(
  { result, ports, receipts }: Job,
  incidents: readonly Incident[],
): Promise<readonly PersistedAlert[]> {
  const { archive, renderDocument, remainingMs, count, topics } = ports;
  const batch = incidents.flatMap(({ alerts }) => alerts);
  if (!archive) return batch.map(alert => ({ alert, isNew: true }));
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const put = async (alert: Alert): Promise<boolean> => {
    const document = renderDocument(alert);
    underWay += document.length;
    try {
      return (await archive.put(keys.alert(alert.id), document, 'application/json')) === 'created';
    } finally {
      underWay -= document.length;
      for (const resolve of waiting.splice(0)) resolve();
    }
  };
  const persisted = await inParallel(batch, AT_ONCE, async alert => {
    // At a later attempt, checking costs less than writing; what has a receipt is in the archive.
    const isThere = result.attempt > 1 && ((await receipts?.has(alert.id, topics.alerts)) ?? false);
    // No wait if there is space: waiting would let all of them pass.
    while (underWay >= MOST_UNDER_WAY) await new Promise<void>(resolve => waiting.push(resolve));
    if (remainingMs() < RECORD_MS) return [];
    const isNew = !isThere && (await put(alert));
    if (!isNew) count('ArchiveExists', 1);
    return [{ alert, isNew }];
  });
  return persisted.flat();
}

/** Writes every notice to the archive: damage is on record before an acknowledgement could forget it. */
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

/** The notice says where its own record is. */
function placed(job: Job, notice: Notice): Notice {
  const { archive } = job.ports;
  if (!archive || !('place' in notice) || notice.kind === 'held' || notice.kind === 'backfill') return notice;
  return { ...notice, place: { bucket: archive.bucket, key: noticeKey(job, notice) } };
}

/** Where the record of a notice is. */
export function noticeKey({ objectId }: Job, notice: Notice): string {
  return notice.kind === 'quarantine' ? keys.quarantine(objectId) : keys.notice(notice.id);
}

async function persistNotice(job: Job, notice: Notice, message: Message): Promise<boolean> {
  const { archive } = job.ports;
  if (!archive) return true;
  return (await archive.put(noticeKey(job, notice), message.default, 'application/json')) === 'created';
}

/** An object that one execution could not read is retried silently; a faster environment may read it. */
function isDue({ result: { attempt } }: Job, notice: Notice, isNew: boolean): boolean {
  return notice.kind !== 'incomplete-scan' || !isNew || attempt >= 2;
}
