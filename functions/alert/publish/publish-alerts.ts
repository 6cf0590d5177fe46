import { codeOf } from '../observability/index.ts';
import { durablePublisher } from './durable-publisher.ts';
import type { Job } from './job.ts';
import type { PersistedAlert, PersistedNotice } from './persist-alerts.ts';
import { isForOperations } from './publish-operations.ts';
import { statelessPublisher } from './stateless-publisher.ts';

/** The part of one delivery for people: batches of incidents first, then the rest. */
export type People = {
  readonly incidents: (batch: readonly (readonly PersistedAlert[])[]) => Promise<void>;
  /** Digests and notices about evidence, and the list of what is held. */
  readonly finish: () => Promise<void>;
};

/**
 * A message for each incident, then digests and notices about evidence; what exceeds the hourly limit is held. A
 * message that SNS refuses in every form does not block the others.
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
    incidents: async batch => {
      await publisher.admit(batch.flat(), []);
      for (const members of batch) await publisher.publishIncident(members).catch(orNext);
    },
    finish: async () => {
      await publisher.admit([], notices);
      for (const notice of notices) await publisher.publishNotice(notice).catch(orNext);
      await publisher.settle();
      if (refused.length > 0) throw refused[0];
    },
  };
}
