import { type Archive, addressOf, inParallel, type Receipts } from '../archive/index.ts';
import { groupOf } from '../notification/index.ts';
import { guardDeadline, type Job } from './job.ts';
import { AT_ONCE, noticeKey, type PersistedAlert, type PersistedNotice } from './persist-alerts.ts';
import { publishIncident } from './publish-incident.ts';
import { hold, openState, type PublishState } from './publish-state.ts';
import { type Publisher, publishWithReceipt } from './publisher.ts';

/** Of the held alerts, this many are entered in the history: a flood must not cost a request more for each. */
const SEEN_OF_HELD = 20;

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

async function publishNotice(
  state: PublishState,
  { notice, message, isNew }: PersistedNotice,
): Promise<void> {
  const { job, archive, limiter } = state;
  if (state.published.has(notice.id) || state.deferredBefore.has(notice.id)) return;
  guardDeadline(job);
  const claim = () =>
    notice.kind === 'digest'
      ? limiter.claim(notice.id, null, !isNew)
      : limiter.claimForNotice(notice.id, !isNew);
  if (notice.kind !== 'test' && (state.isQuiet || !(await claim())))
    return hold(state, { id: notice.id, held: notice.kind });
  await publishWithReceipt(job, 'alerts', message, addressOf(archive, noticeKey(job, notice)), [notice.id]);
  job.delivered.notices++;
  job.ports.count('NoticesPublished', 1);
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
