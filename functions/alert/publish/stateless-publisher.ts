import { guardDeadline, type Job } from './job.ts';
import type { Desk } from './publisher.ts';

/** Without an archive nothing is remembered: every attempt tells everything. */
export function bareDesk(job: Job): Desk {
  const { publish, topics, renderAlert, count } = job.ports;
  const { bucket, key } = job.scanned.object;
  const options = { isPaced: true, pointer: `s3://${bucket}/${key}` };
  return {
    admit: async () => {},
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
