import { codeOf } from '../observability/index.ts';
import { durablePublisher } from './durable-publisher.ts';
import type { Job } from './job.ts';
import type { PersistedAlert, PersistedNotice } from './persist-alerts.ts';
import { isForOperations } from './publish-operations.ts';
import { statelessPublisher } from './stateless-publisher.ts';

/** The people's part of one delivery: batches of alerts first, then what is left. */
export type People = {
  readonly alerts: (batch: readonly PersistedAlert[]) => Promise<void>;
  /** Digests and notices about evidence, and the list of what is held. */
  readonly finish: () => Promise<void>;
};

/**
 * Alerts one by one, then digests and notices about evidence; what the hour has no room for is held. A message that SNS
 * refuses in every form does not keep the others back.
 */
export function peopleOf(job: Job, persisted: readonly PersistedNotice[]): People {
  const { archive } = job.ports;
  const notices = persisted.filter(({ notice }) => !isForOperations(notice));
  const publisher =
    archive && job.receipts ? durablePublisher(job, archive, job.receipts) : statelessPublisher(job);
  const refused: unknown[] = [];
  const orNext = (error: unknown): void => {
    if (codeOf(error) !== 'PublishRefused') throw error;
    refused.push(error);
  };
  return {
    alerts: async batch => {
      await publisher.admit(batch, []);
      for (const alert of batch) await publisher.publishAlert(alert).catch(orNext);
    },
    finish: async () => {
      await publisher.admit([], notices);
      for (const notice of notices) await publisher.publishNotice(notice).catch(orNext);
      await publisher.settle();
      if (refused.length > 0) throw refused[0];
    },
  };
}
