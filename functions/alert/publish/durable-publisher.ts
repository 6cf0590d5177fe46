import {
  type Archive,
  addressOf,
  type Deferred,
  deferredIn,
  type HeldItem,
  type Histories,
  historiesIn,
  hostHashOf,
  inParallel,
  keys,
  type RateLimiter,
  type Receipts,
  type Repeats,
  rateLimiter,
  repeatsIn,
  type Threads,
  threadsIn,
} from '../archive/index.ts';
import { type Alert, type Incident, incidentOf, type Repeated } from '../detection/index.ts';
import { groupOf, type Message, type Notice } from '../notification/index.ts';
import { guardDeadline, type Job, outOfTime } from './job.ts';
import { AT_ONCE, noticeKey, type PersistedAlert, type PersistedNotice } from './persist-alerts.ts';
import { countPublished, type Publisher } from './publisher.ts';

/** Of the held alerts, this many are entered in the history: a flood must not cost a request more for each. */
const SEEN_OF_HELD = 20;

/** Pages rendered and written at once; each is some hundred kilobytes. */
const REPORTS_AT_ONCE = 8;

/** What one delivery knows of earlier messages and of the limits. */
type PublishState = {
  readonly job: Job;
  readonly archive: Archive;
  readonly receipts: Receipts;
  readonly repeats: Repeats;
  readonly histories: Histories;
  readonly limiter: RateLimiter;
  readonly threads: Threads;
  readonly deferred: Deferred;
  /** Ids that were in the archive before this attempt. */
  readonly old: Set<string>;
  /** Those of them that have their receipt. */
  readonly published: Set<string>;
  /** Ids that an earlier attempt held. */
  readonly deferredBefore: Set<string>;
  readonly deferredNow: Map<string, HeldItem[]>;
  readonly deferredAlerts: Alert[];
};

/** Publishes with an archive: nothing twice that has its receipt, no repeat, no more than the hourly limit. */
export function durablePublisher(job: Job, archive: Archive, receipts: Receipts): Publisher {
  const state = openState(job, archive, receipts);
  return {
    admit: (alerts, notices) => admit(state, alerts, notices),
    publishIncident: members => publishIncident(state, members),
    publishNotice: notice => publishNotice(state, notice),
    settle: () => settle(state),
  };
}

function openState(job: Job, archive: Archive, receipts: Receipts): PublishState {
  const { sha256, topics, perHour, now, warn } = job.ports;
  const old = new Set<string>();
  const grouped = job.ports.grouping === 'incident' ? job.result.incidents : [];
  const own = new Set(grouped.flatMap(({ alerts }) => alerts.map(({ id }) => id)));
  return {
    job,
    archive,
    receipts,
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
      isLive: job.result.backfill === null,
      now,
      warn,
      publish: notice => publishDeferred(job, receipts, notice),
    }),
    old,
    published: new Set(),
    deferredBefore: new Set(),
    deferredNow: new Map(),
    deferredAlerts: [],
  };
}

/** Looks up receipts, what an earlier attempt held, and repeats, for a whole batch at once. */
async function admit(
  state: PublishState,
  alerts: readonly PersistedAlert[],
  notices: readonly PersistedNotice[],
): Promise<void> {
  const { job, receipts, repeats, deferred, published, deferredBefore } = state;
  const old = [
    ...alerts.filter(({ isNew }) => !isNew).map(({ alert }) => alert.id),
    ...notices.filter(({ isNew }) => !isNew).map(({ notice }) => notice.id),
  ];
  for (const id of old) state.old.add(id);
  const receipted = await inParallel(old, AT_ONCE, id => receipts.has(id, job.ports.topics.alerts));
  for (const [at, id] of old.entries()) if (receipted[at]) published.add(id);
  if (old.some(id => !published.has(id))) for (const id of await deferred.earlier()) deferredBefore.add(id);
  if (job.ports.repeats !== 'quiet') return;
  const open = alerts.filter(({ alert }) => !published.has(alert.id) && !deferredBefore.has(alert.id));
  await inParallel(open, AT_ONCE, ({ alert }) => repeats.repeatOf(alert));
  // An attempt that died after a receipt wrote no mark.
  const unmarked = alerts.filter(({ alert }) => published.has(alert.id));
  await inParallel(unmarked, AT_ONCE, ({ alert }) => repeats.restore(alert));
}

/**
 * One message for the part of an incident that is not yet published, as an incident of its own: an attempt that
 * died between two receipts repeats at most one message, and repeats of an earlier object never join it.
 */
async function publishIncident(state: PublishState, members: readonly PersistedAlert[]): Promise<void> {
  const open: PersistedAlert[] = [];
  for (const member of members) if (await isOpen(state, member)) open.push(member);
  const due = new Map<string, Repeated>();
  if (state.job.ports.repeats === 'quiet')
    for (const member of open) {
      const repeated = (await state.repeats.repeatOf(member.alert))?.due;
      if (repeated) due.set(member.alert.id, repeated);
    }
  const [again, first] = [true, false].map(isDue => open.filter(({ alert }) => due.has(alert.id) === isDue));
  await publishOpen(state, first!, due);
  await publishOpen(state, again!, due);
}

/** One message; a short one if all of it was published before, long ago. */
async function publishOpen(
  state: PublishState,
  open: readonly PersistedAlert[],
  due: ReadonlyMap<string, Repeated>,
): Promise<void> {
  const { job, archive, repeats, histories, limiter, threads } = state;
  const { ports, delivered } = job;
  if (open.length === 0) return;
  const fitting = guardDeadline(job);
  const whole = incidentOf(
    open.map(({ alert }) => alert),
    ports.sha256,
  );
  const isWhole = whole.alerts.length <= fitting;
  const incident = isWhole ? whole : incidentOf(whole.alerts.slice(0, fitting), ports.sha256);
  const [first, ...others] = incident.alerts;
  const repeated = due.get(first.id);
  const host = hostHashOf(ports.sha256, first.facts);
  const isQuiet = job.result.backfill !== null;
  if (
    isQuiet ||
    !(await limiter.claim(
      // For one alert, as before there were incidents.
      others.length === 0 ? first.id : incident.id,
      host,
      open.some(({ isNew }) => !isNew),
    ))
  ) {
    for (const alert of whole.alerts)
      hold(state, { id: alert.id, held: { ...groupOf(alert), alertId: alert.id } });
    state.deferredAlerts.push(...whole.alerts);
    delivered.held += open.length;
    // Its alarm says that there were too many; here someone asked for it.
    return isQuiet ? undefined : ports.count('AlertsHeld', open.length);
  }
  const [history, continues] = await Promise.all([
    histories.of(first),
    ports.grouping === 'off' ? null : threads.continued(incident),
    putReports(job, archive, incident),
  ]);
  if (history === null) ports.count('HistoryUnknown', 1);
  const message = ports.renderIncident(
    {
      ...incident,
      alerts: [
        { ...first, history, ...(repeated && { repeated: { ...repeated, others: others.length } }) },
        ...others,
      ],
    },
    continues,
  );
  await publish(state, incident, message);
  delivered.published += incident.alerts.length;
  countPublished(ports.count, incident.alerts);
  await Promise.all([
    inParallel(incident.alerts, AT_ONCE, repeats.wasPublished),
    inParallel(incident.alerts, AT_ONCE, histories.wasSeen),
    limiter.wasPublished(host),
    ports.grouping === 'off' ? null : threads.wasPublished(incident, continues),
  ]);
  if (!isWhole) throw outOfTime(job, 'published');
}

/** Neither published nor held before, and not a quiet repeat; counted if it is one of these. */
async function isOpen(state: PublishState, { alert, isNew }: PersistedAlert): Promise<boolean> {
  const { ports, delivered } = state.job;
  if (state.published.has(alert.id)) {
    delivered.known++;
    ports.count('AlertsDeduped', 1);
    return false;
  }
  if (state.deferredBefore.has(alert.id)) {
    delivered.held++;
    return false;
  }
  const repeat = ports.repeats === 'quiet' ? await state.repeats.repeatOf(alert) : null;
  // A repeat that a quiet backfill finds is not news.
  if (repeat !== null && (repeat.due === null || state.job.result.backfill !== null)) {
    if (isNew) state.repeats.wasQuiet(alert);
    delivered.repeats++;
    ports.count('AlertsRepeated', 1);
    return false;
  }
  return true;
}

/** A page for each alert; one more for an incident of several. */
async function putReports({ ports }: Job, archive: Archive, { id, alerts }: Incident): Promise<void> {
  const put = (of: string, page: string) => archive.put(keys.report(of), page, 'text/html; charset=utf-8');
  await inParallel(alerts, REPORTS_AT_ONCE, alert => put(alert.id, ports.renderReport(alert)));
  if (alerts.length > 1) await put(id, ports.renderIncidentReport({ id, alerts }));
}

/** The only order that loses nothing: a receipt is written after SNS has accepted the message. */
async function publish({ job, archive, receipts }: PublishState, incident: Incident, message: Message) {
  const { ports } = job;
  const topic = ports.topics.alerts;
  const [first, ...others] = incident.alerts;
  const pointer = addressOf(archive, others.length > 0 ? keys.report(incident.id) : keys.alert(first.id));
  const messageId = await ports.publish(topic, message, { isPaced: true, pointer });
  const carrier = { incident: incident.id, message: messageId };
  await inParallel(incident.alerts, AT_ONCE, ({ id }) => receipts.write(id, topic, carrier));
}

async function publishNotice(
  state: PublishState,
  { notice, message, isNew }: PersistedNotice,
): Promise<void> {
  const { job, archive, receipts, limiter } = state;
  if (state.published.has(notice.id) || state.deferredBefore.has(notice.id)) return;
  guardDeadline(job);
  const isQuiet = job.result.backfill !== null;
  const claim = () =>
    notice.kind === 'digest'
      ? limiter.claim(notice.id, null, !isNew)
      : limiter.claimForNotice(notice.id, !isNew);
  if (notice.kind !== 'test' && (isQuiet || !(await claim())))
    return hold(state, { id: notice.id, held: notice.kind });
  await publishWithReceipt(job, receipts, notice.id, message, addressOf(archive, noticeKey(job, notice)));
  job.delivered.notices++;
  job.ports.count('NoticesPublished', 1);
}

async function publishDeferred(job: Job, receipts: Receipts, notice: Notice): Promise<void> {
  await publishWithReceipt(job, receipts, notice.id, job.ports.renderNotice(notice), null);
  job.ports.count('NoticesPublished', 1);
}

async function publishWithReceipt(
  { ports }: Job,
  receipts: Receipts,
  id: string,
  message: Message,
  pointer: string | null,
): Promise<void> {
  const messageId = await ports.publish(ports.topics.alerts, message, { isPaced: true, pointer });
  await receipts.write(id, ports.topics.alerts, { message: messageId });
}

function hold({ deferredNow, limiter, job }: PublishState, item: HeldItem): void {
  const { backfill } = job.result;
  const hour = backfill === null ? limiter.hour() : keys.heldRun(backfill);
  deferredNow.set(hour, [...(deferredNow.get(hour) ?? []), item]);
}

async function settle({
  deferredNow,
  deferredAlerts,
  deferredBefore,
  deferred,
  histories,
  repeats,
}: PublishState): Promise<void> {
  const keep = async () => {
    for (const [hour, items] of deferredNow) await deferred.keep(items, hour);
  };
  await Promise.all([
    keep(),
    repeats.settle(),
    inParallel(deferredAlerts.slice(0, SEEN_OF_HELD), AT_ONCE, histories.wasSeen),
  ]);
  const first = deferredAlerts[0] ? { ...groupOf(deferredAlerts[0]), count: deferredAlerts.length } : null;
  if (deferredNow.size + deferredBefore.size > 0) await deferred.announce(first);
}
