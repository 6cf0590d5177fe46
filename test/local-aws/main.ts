import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from './index.ts';

/** The stand-in as a process, to play with: `node test/local-aws/main.ts [port]`. */
const aws = await startLocalAws({
  directory: mkdtempSync(join(tmpdir(), 'local-aws-')),
  port: Number(process.argv[2] ?? 0),
});
aws.s3.createBucket('logs', { versioning: true });
aws.s3.createBucket('archive');
aws.createQueue('logs-dead');
const queue = aws.createQueue('logs', {
  VisibilityTimeout: '30',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: aws.queue('logs-dead').arn, maxReceiveCount: 5 }),
});
aws.s3.notify('logs', { to: queue.arn });
const topic = aws.sns.createTopic('alerts', { DisplayName: 'Registry alert' });
aws.sns.subscribe(topic.arn, 'email', 'soc@example.com');
aws.sns.subscribeChat(topic.arn);

console.log(
  [
    ...Object.entries(aws.env('you')).map(([name, value]) => `export ${name}=${value}`),
    `# buckets logs (notifies the queue) and archive; queue ${aws.queueUrl('logs')}`,
    `# topic ${topic.arn}; mails and chat messages in ${aws.directory}`,
  ].join('\n'),
);
process.once('SIGINT', () => void aws.stop().then(() => process.exit(0)));
process.once('SIGTERM', () => void aws.stop().then(() => process.exit(0)));
