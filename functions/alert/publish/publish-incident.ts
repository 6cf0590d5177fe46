import { type Archive, addressOf, hostHashOf, inParallel, keys } from '../archive/index.ts';
import { type Incident, incidentOf, type Repeated } from '../detection/index.ts';
import { groupOf } from '../notification/index.ts';
import { guardDeadline, type Job, outOfTime } from './job.ts';
import { AT_ONCE, type PersistedAlert } from './persist-alerts.ts';
import { hold, type PublishState } from './publish-state.ts';
import { countPublished, publishWithReceipt } from './publisher.ts';

/** Pages rendered and written at once; each is some hundred kilobytes. */
const REPORTS_AT_ONCE = 8;

/**
 * One message for the part of an incident that is not yet published, as an incident of its own: an attempt that
 * died between two receipts repeats at most one message, and repeats of an earlier object never join it.
 */
export async function publishIncident(
  state: PublishState,
  members: readonly PersistedAlert[],
): Promise<void> {
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
  const { job, archive, repeats, histories, limiter, threads, isQuiet } = state;
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
  const pointer = addressOf(archive, others.length > 0 ? keys.report(incident.id) : keys.alert(first.id));
  const ids = incident.alerts.map(({ id }) => id);
  await publishWithReceipt(job, 'alerts', message, pointer, ids, incident.id);
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
  if (repeat !== null && (repeat.due === null || state.isQuiet)) {
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
