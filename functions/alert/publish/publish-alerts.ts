import { codeOf } from '../observability/index.ts';
import { archivedDesk } from './durable-publisher.ts';
import type { Job } from './job.ts';
import type { RecordedAlert, RecordedNotice } from './persist-alerts.ts';
import { isForOperations } from './publish-operations.ts';
import { bareDesk } from './stateless-publisher.ts';

/** The people's part of one delivery: batches of alerts first, then what is left. */
export type People = {
  readonly alerts: (batch: readonly RecordedAlert[]) => Promise<void>;
  /** Digests and notices about evidence, and the list of what is held. */
  readonly finish: () => Promise<void>;
};

/**
 * Alerts one by one, then digests and notices about evidence; what the hour has no room for is held. A message that SNS
 * refuses in every form does not keep the others back.
 */
export function peopleOf(job: Job, recorded: readonly RecordedNotice[]): People {
  const { archive } = job.ports;
  const notices = recorded.filter(({ notice }) => !isForOperations(notice));
  const desk = archive && job.receipts ? archivedDesk(job, archive, job.receipts) : bareDesk(job);
  const refused: unknown[] = [];
  const orNext = (error: unknown): void => {
    if (codeOf(error) !== 'PublishRefused') throw error;
    refused.push(error);
  };
  return {
    alerts: async batch => {
      await desk.admit(batch, []);
      for (const alert of batch) await desk.tellAlert(alert).catch(orNext);
    },
    finish: async () => {
      await desk.admit([], notices);
      for (const notice of notices) await desk.tellNotice(notice).catch(orNext);
      await desk.settle();
      if (refused.length > 0) throw refused[0];
    },
  };
}
