import { codeOf } from '../observability/index.ts';
import { guardDeadline, type Job } from './deliver.ts';
import { archivedDesk } from './durable-publisher.ts';
import type { RecordedAlert, RecordedNotice } from './persist-alerts.ts';
import { isForOperations } from './publish-operations.ts';

/** How one alert or notice is told; with an archive and without. */
export type Desk = {
  readonly tellAlert: (alert: RecordedAlert) => Promise<void>;
  readonly tellNotice: (notice: RecordedNotice) => Promise<void>;
  /** What was held gets its list and its notice. */
  readonly settle: () => Promise<void>;
};

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
  const { archive } = job.ports;
  const desk =
    archive && job.receipts ? await archivedDesk(job, archive, job.receipts, alerts, notices) : bareDesk(job);
  const refused: unknown[] = [];
  const orNext = (error: unknown): void => {
    if (codeOf(error) !== 'PublishRefused') throw error;
    refused.push(error);
  };
  for (const alert of alerts) await desk.tellAlert(alert).catch(orNext);
  for (const notice of notices) await desk.tellNotice(notice).catch(orNext);
  await desk.settle();
  if (refused.length > 0) throw refused[0];
}

/** Without an archive nothing is remembered: every attempt tells everything. */
function bareDesk(job: Job): Desk {
  const { publish, topics, renderAlert, count } = job.ports;
  const { bucket, key } = job.scanned.object;
  const options = { isPaced: true, pointer: `s3://${bucket}/${key}` };
  return {
    tellAlert: async ({ alert }) => {
      guardDeadline(job);
      await publish(topics.alerts, renderAlert(alert), options);
      job.delivered.published++;
      count('AlertsPublished', 1);
    },
    tellNotice: async ({ message }) => {
      guardDeadline(job);
      await publish(topics.alerts, message, options);
      job.delivered.notices++;
      count('NoticesPublished', 1);
    },
    settle: async () => {},
  };
}
