import { guardDeadline, type Job } from './job.ts';
import type { Publisher } from './publisher.ts';

/** Without an archive nothing is remembered: every attempt tells everything. */
export function statelessPublisher(job: Job): Publisher {
  const { publish, topics, renderAlert, count } = job.ports;
  const { bucket, key } = job.result.object;
  const options = { isPaced: true, pointer: `s3://${bucket}/${key}` };
  return {
    admit: async () => {},
    publishAlert: async ({ alert }) => {
      guardDeadline(job);
      await publish(topics.alerts, renderAlert(alert), options);
      job.delivered.published++;
      count('AlertsPublished', 1);
    },
    publishNotice: async ({ message }) => {
      guardDeadline(job);
      await publish(topics.alerts, message, options);
      job.delivered.notices++;
      count('NoticesPublished', 1);
    },
    settle: async () => {},
  };
}
