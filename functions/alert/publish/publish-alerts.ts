import { codeOf } from '../observability/index.ts';
import { archivedDesk } from './durable-publisher.ts';
import type { Job } from './job.ts';
import type { RecordedAlert, RecordedNotice } from './persist-alerts.ts';
import { isForOperations } from './publish-operations.ts';
import { bareDesk } from './stateless-publisher.ts';

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
