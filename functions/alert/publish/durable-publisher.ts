import {
  type Archive,
  addressOf,
  type Held,
  type Histories,
  type HourlyBudget,
  heldOf,
  historiesIn,
  hostHashOf,
  hourlyBudget,
  inParallel,
  keys,
  type Receipts,
  type Repeats,
  repeatsIn,
} from '../archive/index.ts';
import type { Alert } from '../detection/index.ts';
import type { Message, Notice, NoticeGroup } from '../notification/index.ts';
import { guardDeadline, type Job } from './job.ts';
import { AT_ONCE, noticeKey, type RecordedAlert, type RecordedNotice } from './persist-alerts.ts';
import type { Desk } from './publisher.ts';

/** Of what is held, so many leave a trace in the history: a flood must not cost a request more for each. */
const SEEN_OF_HELD = 20;

/** Everything that one delivery knows of what was told before and may be told now. */
type Books = {
  readonly job: Job;
  readonly archive: Archive;
  readonly receipts: Receipts;
  readonly repeats: Repeats;
  readonly histories: Histories;
  readonly budget: HourlyBudget;
  readonly held: Held;
  /** Ids that the archive had before this attempt. */
  readonly old: Set<string>;
  /** Those of them that have their receipt. */
  readonly told: Set<string>;
  /** Ids that an earlier attempt held. */
  readonly heldBefore: Set<string>;
  readonly heldNow: Map<string, string[]>;
  readonly heldAlerts: Alert[];
};

/** Tells with an archive: nothing twice that has its receipt, no repeat, no more than the hour allows. */
export function archivedDesk(job: Job, archive: Archive, receipts: Receipts): Desk {
  const books = openBooks(job, archive, receipts);
  return {
    admit: (alerts, notices) => admit(books, alerts, notices),
    tellAlert: recorded => tellAlert(books, recorded),
    tellNotice: notice => tellNotice(books, notice),
    settle: () => settle(books),
  };
}

function openBooks(job: Job, archive: Archive, receipts: Receipts): Books {
  const { sha256, topics, perHour, now, warn } = job.ports;
  const old = new Set<string>();
  return {
    job,
    archive,
    receipts,
    repeats: repeatsIn(archive, receipts, topics.alerts, sha256, warn),
    histories: historiesIn(archive, sha256, warn),
    budget: hourlyBudget(archive, perHour, now, warn),
    held: heldOf({
      archive,
      receipts,
      sha256,
      objectId: job.objectId,
      topicArn: topics.alerts,
      perHour,
      isFresh: () => old.size === 0,
      isLive: job.scanned.backfill === null,
      warn,
      tell: notice => tellHeld(job, receipts, notice),
    }),
    old,
    told: new Set(),
    heldBefore: new Set(),
    heldNow: new Map(),
    heldAlerts: [],
  };
}

/** Looks up receipts, what an earlier attempt held, and repeats, for all of a batch at once. */
async function admit(
  books: Books,
  alerts: readonly RecordedAlert[],
  notices: readonly RecordedNotice[],
): Promise<void> {
  const { job, receipts, repeats, held, told, heldBefore } = books;
  const old = [
    ...alerts.filter(({ isNew }) => !isNew).map(({ alert }) => alert.id),
    ...notices.filter(({ isNew }) => !isNew).map(({ notice }) => notice.id),
  ];
  for (const id of old) books.old.add(id);
  const receipted = await inParallel(old, AT_ONCE, id => receipts.has(id, job.ports.topics.alerts));
  for (const [at, id] of old.entries()) if (receipted[at]) told.add(id);
  if (old.some(id => !told.has(id))) for (const id of await held.earlier()) heldBefore.add(id);
  if (job.ports.repeats !== 'quiet') return;
  const open = alerts.filter(({ alert }) => !told.has(alert.id) && !heldBefore.has(alert.id));
  await inParallel(open, AT_ONCE, ({ alert }) => repeats.isRepeat(alert));
  // An attempt that died after a receipt left no mark.
  const unmarked = alerts.filter(({ alert }) => told.has(alert.id));
  await inParallel(unmarked, AT_ONCE, ({ alert }) => repeats.wasTold(alert));
}

async function tellAlert(books: Books, { alert, isNew }: RecordedAlert): Promise<void> {
  const { job, archive, receipts, repeats, histories, budget } = books;
  const { ports, delivered } = job;
  if (books.told.has(alert.id)) {
    delivered.known++;
    return ports.count('AlertsDeduped', 1);
  }
  if (books.heldBefore.has(alert.id)) {
    delivered.held++;
    return;
  }
  if (ports.repeats === 'quiet' && (await repeats.isRepeat(alert))) {
    delivered.repeats++;
    return ports.count('AlertsRepeated', 1);
  }
  guardDeadline(job);
  const host = hostHashOf(ports.sha256, alert.facts);
  const isQuiet = job.scanned.backfill !== null;
  if (isQuiet || !(await budget.claim(alert.id, host, !isNew))) {
    hold(books, alert.id);
    books.heldAlerts.push(alert);
    delivered.held++;
    // Its alarm says that there were too many; here somebody asked for it.
    return isQuiet ? undefined : ports.count('AlertsHeld', 1);
  }
  const [history] = await Promise.all([
    histories.of(alert),
    archive.put(keys.report(alert.id), ports.renderReport(alert), 'text/html; charset=utf-8'),
  ]);
  if (history === null) ports.count('HistoryUnknown', 1);
  const pointer = addressOf(archive, keys.alert(alert.id));
  await publish(job, receipts, alert.id, ports.renderAlert({ ...alert, history }), pointer);
  delivered.published++;
  ports.count('AlertsPublished', 1);
  await Promise.all([repeats.wasTold(alert), budget.wasTold(host), histories.wasSeen(alert)]);
}

async function tellNotice(books: Books, { notice, message, isNew }: RecordedNotice): Promise<void> {
  const { job, archive, receipts, budget } = books;
  if (books.told.has(notice.id) || books.heldBefore.has(notice.id)) return;
  guardDeadline(job);
  const isQuiet = job.scanned.backfill !== null;
  if (notice.kind !== 'test' && (isQuiet || !(await budget.claim(notice.id, null, !isNew))))
    return hold(books, notice.id);
  await publish(job, receipts, notice.id, message, addressOf(archive, noticeKey(job, notice)));
  job.delivered.notices++;
  job.ports.count('NoticesPublished', 1);
}

async function tellHeld(job: Job, receipts: Receipts, notice: Notice): Promise<void> {
  await publish(job, receipts, notice.id, job.ports.renderNotice(notice), null);
  job.ports.count('NoticesPublished', 1);
}

/** The one order that loses nothing: the receipt is written when SNS has the message, and not before. */
async function publish(
  { ports }: Job,
  receipts: Receipts,
  id: string,
  message: Message,
  pointer: string | null,
): Promise<void> {
  await ports.publish(ports.topics.alerts, message, { isPaced: true, pointer });
  await receipts.write(id, ports.topics.alerts);
}

function hold({ heldNow, budget, job }: Books, id: string): void {
  const { backfill } = job.scanned;
  const hour = backfill === null ? budget.hour() : keys.heldRun(backfill);
  heldNow.set(hour, [...(heldNow.get(hour) ?? []), id]);
}

async function settle({ heldNow, heldAlerts, heldBefore, held, histories }: Books): Promise<void> {
  await inParallel(heldAlerts.slice(0, SEEN_OF_HELD), AT_ONCE, histories.wasSeen);
  const first = heldAlerts[0] ? groupOf(heldAlerts[0], heldAlerts.length) : null;
  for (const [hour, ids] of heldNow) await held.keep(ids, hour);
  if (heldNow.size + heldBefore.size > 0) await held.announce(first);
}

function groupOf({ facts, location }: Alert, count: number): NoticeGroup {
  return { host: facts.hostName, location, requester: facts.requester.name, count };
}
