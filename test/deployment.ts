import { built } from './built.ts';
import { type Clock, type Fault, type LocalAws, startLocalAws } from './local-aws/index.ts';
import { type LocalFunction, startFunction } from './runtime/function.ts';

export type DeploymentOptions = {
  /** Where the local AWS keeps objects, mails and chat messages. */
  readonly directory: string;
  /** Settings of the function beside those of the deployment; an empty value takes one away. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly faults?: readonly Fault[];
  readonly clock?: Clock;
  /** How often a message comes before it is a dead letter. */
  readonly maxReceiveCount?: number;
  readonly visibilitySeconds?: number;
};

/** The product as it is deployed, on this machine: buckets, queue, topics, subscribers, and the bundle under AWS's client. */
export type Deployment = {
  readonly aws: LocalAws;
  readonly function: LocalFunction;
  readonly logs: 'endpoint-logs';
  readonly archive: 'alert-archive';
  /** Puts an object into the source bucket, silently or with its notification. */
  readonly upload: (
    key: string,
    body: string | Uint8Array,
    options?: Parameters<LocalAws['s3']['put']>[3],
  ) => Promise<void>;
  /** Resolves when every notification is done or a dead letter. */
  readonly settled: (timeoutMs?: number) => Promise<void>;
  readonly deadLetters: () => number;
  readonly stop: () => Promise<void>;
};

/** Deploys the built bundle. */
export async function deploy(options: DeploymentOptions): Promise<Deployment> {
  const { directory, faults, clock, maxReceiveCount = 5, visibilitySeconds = 30 } = options;
  const aws = await startLocalAws({ directory, ...(faults ? { faults } : {}), ...(clock ? { clock } : {}) });
  aws.s3.createBucket('endpoint-logs', { versioning: true });
  aws.s3.createBucket('alert-archive', { versioning: true });
  const deadLetters = aws.createQueue('dead-letters');
  const queue = aws.createQueue('notifications', {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
  });
  aws.s3.notify('endpoint-logs', { to: queue.arn });
  queue.purge();
  const [alerts, operations] = ['alerts', 'operations'].map(name => aws.sns.createTopic(name));
  aws.sns.subscribe(alerts!.arn, 'email', 'analyst@example.com');
  aws.sns.subscribeChat(alerts!.arn);
  aws.sns.subscribe(operations!.arn, 'email', 'platform@example.com');
  const env = {
    ...aws.env(),
    ALERT_TOPIC_ARN: alerts!.arn,
    OPERATIONS_TOPIC_ARN: operations!.arn,
    ARCHIVE_BUCKET: 'alert-archive',
    SOURCE_BUCKETS: 'endpoint-logs',
    ...options.settings,
  };
  const settings = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const local = await startFunction({ bundle: built('handler'), env: settings });
  const poller = aws.poller({ queue, invoke: event => local.call(event) }).start();
  return {
    aws,
    function: local,
    logs: 'endpoint-logs',
    archive: 'alert-archive',
    upload: async (key, body, put) => void (await aws.s3.put('endpoint-logs', key, body, put)),
    settled: timeoutMs => poller.drained(timeoutMs),
    deadLetters: () => deadLetters.messages.length,
    stop: async () => {
      await poller.stop();
      await local.stop();
      await aws.stop();
    },
  };
}
