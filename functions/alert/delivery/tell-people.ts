import type { Alert } from '../detection/index.ts';
import type { Notice, NoticeGroup } from '../notification/index.ts';
import { addressOf, hostHashOf } from './archive.ts';
import { codeOf } from './codes.ts';
import { guardDeadline, type Job } from './deliver.ts';
import { type Held, heldOf } from './held.ts';
import { historiesIn } from './history.ts';
import { hourlyBudget } from './hourly-budget.ts';
import { inParallel } from './in-parallel.ts';
import { keys } from './keys.ts';
import { AT_ONCE, noticeKey, type RecordedAlert, type RecordedNotice } from './records.ts';
import { repeatsIn } from './repeats.ts';
import { isForOperations } from './tell-others.ts';

/**
 * Alerts one by one, then digests and notices about evidence; what the hour has no room for is held. A message that SNS
 * refuses in every form does not keep the others back.
 */
export async function tellPeople(
  job: Job,
  alerts: readonly RecordedAlert[],
  recorded: readonly RecordedNotice[],
): Promise<void> {
  const notices = recorded.filter(({ notice }) => !isForOperations(notice));
  if (alerts.length + notices.length === 0) return;
  const desk = job.ports.archive ? await archivedDesk(job, alerts, notices) : bareDesk(job);
  let refused: { readonly error: unknown } | null = null;
  const orNext = (error: unknown): void => {
    if (codeOf(error) !== 'PublishRefused') throw error;
    refused ??= { error };
  };
  for (const { alert } of alerts) await desk.tellAlert(alert).catch(orNext);
  for (const notice of notices) await desk.tellNotice(notice).catch(orNext);
  await desk.settle();
  const failed = refused as { readonly error: unknown } | null;
  if (failed) throw failed.error;
}

/** Of what is held, so many leave a trace in the history: a flood must not cost a request more for each. */
const SEEN_OF_HELD = 20;

/** How one alert or notice is told; with an archive and without. */
type Desk = {
  readonly tellAlert: (alert: Alert) => Promise<void>;
  readonly tellNotice: (notice: RecordedNotice) => Promise<void>;
  readonly settle: () => Promise<void>;
};

/** Without an archive nothing is remembered: every attempt tells everything. */
function bareDesk(job: Job): Desk {
  const { publish, topics, renderAlert, count } = job.ports;
  return {
    tellAlert: async alert => {
      guardDeadline(job);
      await publish(topics.alerts, renderAlert(alert), { isPaced: true, pointer: sourceOf(job) });
      job.delivered.published++;
      count('AlertsPublished', 1);
    },
    tellNotice: async ({ message }) => {
      guardDeadline(job);
      await publish(topics.alerts, message, { isPaced: true, pointer: sourceOf(job) });
      job.delivered.notices++;
      count('NoticesPublished', 1);
    },
    settle: async () => {},
  };
}

async function archivedDesk(
  job: Job,
  alerts: readonly RecordedAlert[],
  notices: readonly RecordedNotice[],
): Promise<Desk> {
  const { ports, delivered, objectId } = job;
  const { publish, topics, sha256, count, perHour } = ports;
  const archive = ports.archive!;
  const receipts = job.receipts!;
  const repeats = repeatsIn(archive, receipts, topics.alerts, sha256);
  const histories = historiesIn(archive, sha256, ports.warn);
  const budget = hourlyBudget(archive, perHour, ports.now);
  const heldNow = new Map<string, string[]>();

  const old = [...alerts.map(({ alert, isNew }) => ({ id: alert.id, isNew })), ...notices.map(idOf)].filter(
    ({ isNew }) => !isNew,
  );
  const held: Held = heldOf({
    archive,
    receipts,
    sha256,
    objectId,
    topicArn: topics.alerts,
    perHour,
    isFresh: old.length === 0,
    tell: async (notice: Notice) => {
      await publish(topics.alerts, ports.renderNotice(notice), { isPaced: true, pointer: null });
      await receipts.write(notice.id, topics.alerts);
      count('NoticesPublished', 1);
    },
  });
  const hold = (id: string): void => {
    const hour = budget.hour();
    heldNow.set(hour, [...(heldNow.get(hour) ?? []), id]);
  };

  const receipted = await inParallel(old, AT_ONCE, ({ id }) => receipts.has(id, topics.alerts));
  const told = new Set(old.filter((_, at) => receipted[at]).map(({ id }) => id));
  const earlier = told.size < old.length ? await held.earlier() : new Set<string>();
  const isOpen = (id: string): boolean => !told.has(id) && !earlier.has(id);

  const open = alerts.filter(({ alert }) => isOpen(alert.id));
  const quiet = ports.repeats === 'quiet';
  if (quiet) await inParallel(open, AT_ONCE, ({ alert }) => repeats.isRepeat(alert));
  const unseen: Alert[] = [];

  const tellAlert: Desk['tellAlert'] = async alert => {
    if (told.has(alert.id)) {
      delivered.known++;
      count('AlertsDeduped', 1);
      return;
    }
    if (earlier.has(alert.id)) {
      delivered.held++;
      return;
    }
    if (quiet && (await repeats.isRepeat(alert))) {
      delivered.repeats++;
      count('AlertsRepeated', 1);
      return;
    }
    guardDeadline(job);
    const host = hostHashOf(sha256, alert.facts);
    if (!(await budget.claim(alert.id, host))) {
      hold(alert.id);
      unseen.push(alert);
      delivered.held++;
      count('AlertsHeld', 1);
      return;
    }
    const [history] = await Promise.all([
      histories.of(alert),
      archive.put(keys.report(alert.id), ports.renderReport(alert), 'text/html; charset=utf-8'),
    ]);
    const pointer = addressOf(archive, keys.alert(alert.id));
    await publish(topics.alerts, ports.renderAlert({ ...alert, history }), { isPaced: true, pointer });
    await receipts.write(alert.id, topics.alerts);
    delivered.published++;
    count('AlertsPublished', 1);
    await Promise.all([repeats.wasTold(alert), budget.wasTold(host), histories.wasSeen(alert)]);
  };

  const tellNotice: Desk['tellNotice'] = async ({ notice, message }) => {
    if (!isOpen(notice.id)) return;
    guardDeadline(job);
    if (notice.kind !== 'test' && !(await budget.claim(notice.id, null))) return hold(notice.id);
    const pointer = addressOf(archive, noticeKey(job, notice));
    await publish(topics.alerts, message, { isPaced: true, pointer });
    await receipts.write(notice.id, topics.alerts);
    delivered.notices++;
    count('NoticesPublished', 1);
  };

  return {
    tellAlert,
    tellNotice,
    settle: async () => {
      await inParallel(unseen.slice(0, SEEN_OF_HELD), AT_ONCE, histories.wasSeen);
      const first = unseen[0] ? groupOf(unseen[0], unseen.length) : null;
      for (const [hour, ids] of heldNow) await held.settle(ids, hour, first);
      if (heldNow.size === 0 && earlier.size > 0) await held.settle([], budget.hour(), null);
    },
  };
}

function groupOf({ facts, location }: Alert, count: number): NoticeGroup {
  return { host: facts.hostName, location, requester: facts.requester.name, count };
}

const idOf = ({ notice, isNew }: RecordedNotice) => ({ id: notice.id, isNew });

function sourceOf({ scanned: { object } }: Job): string {
  return `s3://${object.bucket}/${object.key}`;
}
