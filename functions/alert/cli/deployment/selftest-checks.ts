import { asking } from '../../aws/aws-failure.ts';
import {
  type BucketNotifications,
  bucketRegion,
  notificationsOf,
  queueFacts,
  subscriptionsOf,
  type TopicSubscription,
  topicExists,
} from '../../aws/deployment-facts.ts';
import { archiveIn } from '../../aws/s3-archive.ts';
import { queueUrlOf } from '../../aws/sqs-visibility.ts';
import { counted } from './amounts.ts';
import type { Deployment, DeploymentFlag } from './deployment-flags.ts';
import type { Check, Finding, SelftestPorts } from './selftest-ports.ts';

const ok = (says: string): Finding => ({ state: 'ok', says });
const failed = (says: string): Finding => ({ state: 'failed', says });
const skipped = (says: string): Finding => ({ state: 'skipped', says });

export function sourceChecks(deployment: Deployment, { s3, sqs }: SelftestPorts): readonly Check[] {
  if (deployment.get('source-bucket') === null) return [missing('source', 'source-bucket')];
  const owner = deployment.get('source-account');
  return deployment.sourceBuckets().flatMap((bucket): Check[] => [
    {
      name: `source ${bucket}`,
      does: 'HeadBucket: it exists and can be reached',
      find: async () => {
        const region = await asking(bucket, 's3:ListBucket on the bucket', () =>
          bucketRegion(s3, { bucket, owner }),
        );
        const here = await s3.config.region();
        return region === null || region === here
          ? ok('can be reached')
          : failed(`is in ${region}, not in ${here}; deploy the function in the bucket's region`);
      },
    },
    {
      name: `notification of ${bucket}`,
      does: 'GetBucketNotificationConfiguration: new objects are notified',
      find: async () => {
        const url = deployment.get('queue-url');
        const queue =
          url === null ? null : (await asking(url, 'sqs:GetQueueAttributes', () => queueFacts(sqs, url))).arn;
        const found = await asking(bucket, 's3:GetBucketNotification on the bucket', () =>
          notificationsOf(s3, { bucket, owner }),
        );
        return notificationFinding(found, deployment.prefix(), queue);
      },
    },
  ]);
}

function notificationFinding(
  { isEventBridgeOn, targets }: BucketNotifications,
  prefix: string,
  queue: string | null,
): Finding {
  if (isEventBridgeOn)
    return ok('EventBridge is on; only the next real object shows whether its rule is right');
  const ours = targets.filter(({ arn }) => queue === null || arn === queue || !arn.includes(':sqs:'));
  if (ours.length === 0)
    return failed(
      `new objects are not notified${queue === null ? '' : ` to ${queue}`}; turn on EventBridge for the bucket, or add a notification of s3:ObjectCreated:*`,
    );
  const covering = ours.find(target => prefix.startsWith(target.prefix));
  if (!covering)
    return failed(
      `only keys that begin with ${JSON.stringify(ours[0]?.prefix)} are notified, but the function reads ${JSON.stringify(prefix)}; widen the filter of the notification`,
    );
  const { arn, suffix } = covering;
  return ok(
    `goes to ${arn}${suffix === '' ? '' : `, only for keys that end in ${JSON.stringify(suffix)}`}${arn.includes(':sqs:') ? '' : '; only the next real object shows whether it reaches the queue'}`,
  );
}

export function archiveChecks(deployment: Deployment, { s3, now, sleep }: SelftestPorts): readonly Check[] {
  const bucket = deployment.get('archive-bucket');
  if (bucket === null) return [missing('archive', 'archive-bucket')];
  return [
    {
      name: `archive ${bucket}`,
      does: 'writes selftest/TIME.json unless it exists, twice: the second must be refused',
      find: async () => {
        const archive = archiveIn(s3, bucket, sleep);
        const key = `selftest/${new Date(now()).toISOString()}.json`;
        const put = () =>
          asking(`s3://${bucket}/${key}`, 's3:PutObject on selftest/ of the archive', () =>
            archive.put(key, '{}', 'application/json'),
          );
        if ((await put()) !== 'created') return failed(`${key} existed before; run the selftest again`);
        return (await put()) === 'exists'
          ? ok('supports conditional writes')
          : failed('overwrites existing objects despite If-None-Match; receipts would prove nothing there');
      },
    },
  ];
}

const TOPICS: readonly (readonly [name: string, flag: DeploymentFlag])[] = [
  ['alert topic', 'alert-topic'],
  ['operations topic', 'operations-topic'],
  ['records topic', 'records-topic'],
];

export function topicChecks(deployment: Deployment, { sns }: SelftestPorts): readonly Check[] {
  return TOPICS.flatMap(([name, flag]): Check[] => {
    const arn = deployment.get(flag);
    if (arn === null) return [missing(name, flag)];
    return [
      {
        name,
        does: 'GetTopicAttributes: it exists',
        find: async () => {
          await asking(arn, 'sns:GetTopicAttributes on the topic', () => topicExists(sns, arn));
          return ok(`${arn} exists`);
        },
      },
      {
        name: `subscriptions of the ${name}`,
        does: 'ListSubscriptionsByTopic: there is a subscription, and every subscription is confirmed',
        find: async () =>
          subscriptionFinding(
            await asking(arn, 'sns:ListSubscriptionsByTopic on the topic', () => subscriptionsOf(sns, arn)),
            arn,
            flag,
          ),
      },
    ];
  });
}

const CHAT = /^https:\/\/global\.sns-api\.chatbot\.amazonaws\.com\/?$/;

function subscriptionFinding(all: readonly TopicSubscription[], arn: string, flag: DeploymentFlag): Finding {
  const shown = (ones: readonly TopicSubscription[]): string =>
    ones.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`).join(', ');
  const of = (state: TopicSubscription['state']) => all.filter(one => one.state === state);
  const [confirmed, pending, gone] = [of('confirmed'), of('pending'), of('gone')];
  if (pending.length > 0)
    return failed(
      `${shown(pending)} ${pending.length === 1 ? 'awaits' : 'await'} confirmation and ${pending.length === 1 ? 'gets' : 'get'} nothing; take the token from the mail and run: aws sns confirm-subscription --topic-arn ${arn} --authenticate-on-unsubscribe true --token TOKEN`,
    );
  if (gone.length > 0)
    return failed(`${shown(gone)} was unsubscribed or suspended and gets nothing; subscribe it again`);
  if (confirmed.length === 0)
    return flag === 'records-topic'
      ? skipped('no subscription; this topic is for machines and may have none')
      : failed('no subscription; what is published here reaches nobody');
  const hooks = confirmed.filter(({ protocol, endpoint }) => protocol === 'https' && !CHAT.test(endpoint));
  if (flag === 'alert-topic' && hooks.length > 0)
    return failed(
      `${shown(hooks)} gets the form for chat here; subscribe it to the records topic, where it gets the alert`,
    );
  return ok(`${counted(confirmed.length, 'subscription')}, all confirmed: ${shown(confirmed)}`);
}

const QUEUES: readonly (readonly [name: string, flag: DeploymentFlag])[] = [
  ['queue', 'queue-url'],
  ['backfill queue', 'backfill-queue-url'],
];

export function queueChecks(deployment: Deployment, { sqs }: SelftestPorts): readonly Check[] {
  return QUEUES.map(([name, flag]): Check => {
    const url = deployment.get(flag);
    if (url === null) return missing(name, flag);
    return {
      name,
      does: 'GetQueueAttributes: it exists, and its dead-letter queue is empty',
      find: async () => {
        const facts = (queue: string) =>
          asking(queue, 'sqs:GetQueueAttributes on the queue', () => queueFacts(sqs, queue));
        const { arn, waiting, hidden, deadLetterArn } = await facts(url);
        if (deadLetterArn === null)
          return failed(
            `${arn} has no dead-letter queue: a message that never succeeds is lost after its retention`,
          );
        const dead = await facts(queueUrlOf(deadLetterArn));
        if (dead.waiting > 0)
          return failed(
            `${counted(dead.waiting, 'dead letter')}: find the cause in the log, fix it, then run: aws sqs start-message-move-task --source-arn ${deadLetterArn} --destination-arn ${arn}`,
          );
        return ok(`${waiting} waiting, ${hidden} in flight, no dead letters`);
      },
    };
  });
}

function missing(name: string, flag: DeploymentFlag): Check {
  const says = `no --${flag} is given`;
  return { name, does: `nothing: ${says}`, find: async () => skipped(says) };
}
