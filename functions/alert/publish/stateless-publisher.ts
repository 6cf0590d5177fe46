import { incidentOf } from '../detection/index.ts';
import { guardDeadline, type Job } from './job.ts';
import { countPublished, type Publisher } from './publisher.ts';

/** Without an archive nothing is remembered: every attempt publishes everything. */
export function statelessPublisher(job: Job): Publisher {
  const { publish, topics, renderIncident, sha256, count } = job.ports;
  const { bucket, key } = job.result.object;
  const options = { isPaced: true, pointer: `s3://${bucket}/${key}` };
  return {
    admit: async () => {},
    publishIncident: async members => {
      guardDeadline(job);
      const incident = incidentOf(
        members.map(({ alert }) => alert),
        sha256,
      );
      await publish(topics.alerts, renderIncident(incident, null), options);
      job.delivered.published += members.length;
      countPublished(count, incident.alerts);
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
