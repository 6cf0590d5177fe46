import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { makeEventPorts } from '../../functions/alert/lambda/environment.ts';
import { handleEvent } from '../../functions/alert/lambda/invocation.ts';
import { ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { localAws, temporaryFolder } from '../afterwards.ts';
import { type Datum, readEmbedded } from '../infra/alarm-model.ts';
import type { LocalAws } from '../local-aws/index.ts';
import { planted } from '../ruleset/rule-folder.ts';

export const WMI = 'rules/persistence-via-wmi-stdregprov';
export const FOLDER = basename(WMI);
export const LOGS = 'endpoint-logs';
export const ARCHIVE = 'alert-archive';
export const CANARIES = 'canary-bucket';

/** Settings of one environment; an empty value takes one away. */
export type Settings = Readonly<Record<string, string>>;

type Line = Readonly<Record<string, unknown>> & {
  readonly event: string;
  readonly note?: string;
  readonly code?: string | null;
  readonly counts?: Readonly<Record<string, number>>;
};

type Sending = Parameters<LocalAws['s3']['put']>[3] & {
  readonly bucket?: string;
  readonly attempt?: number;
  readonly remainingMs?: () => number;
  /** The queue whose message it is. */
  readonly queue?: string;
  /** No message of that queue: somebody says so. */
  readonly isForged?: boolean;
  /** Beside the records in the body of the message. */
  readonly mark?: object;
};

/** One environment of the function on the local AWS, in this process and without the bundle. */
export type LocalFunction = {
  readonly aws: LocalAws;
  /** Puts an object and hands its notification to the function; gives the ids of the messages that are not done. */
  readonly send: (key: string, body: string | Uint8Array, options?: Sending) => Promise<readonly string[]>;
  /** Hands over any message. */
  readonly invoke: (message: unknown, options?: Sending) => Promise<readonly string[]>;
  /** Log lines of an event. */
  readonly lines: (event: string) => readonly Line[];
  readonly metrics: () => readonly Datum[];
  /** The sum of a metric; `null`: not counted, which is not 0. */
  readonly sum: (metric: string) => number | null;
  /** Kinds of what a topic got, notices by their own kind. */
  readonly published: (topic: 'alerts' | 'operations' | 'records' | 'others') => readonly string[];
  /** Texts of the mails of a topic. */
  readonly mails: (topic: 'alerts' | 'others') => readonly string[];
  readonly archived: (folder: string) => readonly string[];
  /** Milliseconds that the pace of messages took. */
  readonly waitedMs: () => number;
};

/** A local AWS with everything that a setting may name. */
export async function preparedAws(): Promise<LocalAws> {
  // Settings are tried here that no template makes, so its role is not asked about their places.
  const aws = await localAws({ callsFile: null });
  for (const name of [LOGS, CANARIES, ARCHIVE, 'other-logs']) aws.s3.createBucket(name, { versioning: true });
  aws.s3.createBucket('unversioned-logs');
  aws.s3.createBucket('foreign-logs', { owner: '999999999999' });
  for (const name of ['alerts', 'operations', 'records', 'others'])
    aws.sns.subscribe(aws.sns.createTopic(name).arn, 'email', `${name}@example.com`);
  return aws;
}

/** Starts the function: prepares settings, rules and clients, as at a cold start. */
export function startFunction(
  aws: LocalAws,
  settings: Settings = {},
  rules: string = ownRules(),
): LocalFunction {
  const written: string[] = [];
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(...String(chunk).split('\n').filter(Boolean));
      done();
    },
  });
  const all = {
    ...aws.env(),
    ALERT_TOPIC_ARN: arnOf(aws, 'alerts'),
    OPERATIONS_TOPIC_ARN: arnOf(aws, 'operations'),
    ARCHIVE_BUCKET: ARCHIVE,
    REGISTRY_ALERT_CANARY_BUCKET: CANARIES,
    PUBLISH_RATE: '1000',
    ...settings,
  };
  const environment = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  const { forcePathStyle: _, ...at } = aws.client('function');
  const make = {
    s3: (options: object) => new S3Client({ ...at, ...options }),
    sns: (options: object) => new SNSClient({ ...at, ...options }),
    sqs: async (options: object) => new SQSClient({ ...at, ...options }),
  };
  // Time passes for the pace alone, and only while it waits.
  let waited = 0;
  const clock = {
    now: () => waited,
    sleep: async (ms: number): Promise<void> => {
      waited += ms;
    },
  };
  const ports = makeEventPorts(environment, make, { rules, output, clock });

  const invoke: LocalFunction['invoke'] = async (
    message,
    { attempt = 1, remainingMs = () => 300_000, queue, isForged = false } = {},
  ) => {
    const record = {
      messageId: 'message',
      receiptHandle: isForged || queue === undefined ? 'handle' : handleIn(aws, queue, message),
      eventSource: 'aws:sqs',
      eventSourceARN: queue ?? `arn:aws:sqs:${aws.region}:${aws.account}:notifications`,
      attributes: { ApproximateReceiveCount: String(attempt) },
      body: JSON.stringify(message),
    };
    const context = { awsRequestId: 'request', getRemainingTimeInMillis: remainingMs };
    const answer = await handleEvent({ Records: [record] }, context as Context, ports);
    return 'batchItemFailures' in answer ? answer.batchItemFailures.map(one => one.itemIdentifier) : [];
  };
  const metrics = (): Datum[] => readEmbedded(written);
  const to = (topic: string) =>
    aws.deliveries.filter(({ topicArn, protocol }) => protocol === 'email' && topicArn === arnOf(aws, topic));
  return {
    aws,
    invoke,
    send: async (key, body, options = {}) => {
      const { bucket = LOGS } = options;
      await aws.s3.put(bucket, key, body, { ...options, isSilent: true });
      return invoke({ ...notificationOf(aws, bucket, key), ...options.mark }, options);
    },
    lines: event => written.map(line => JSON.parse(line) as Line).filter(line => line.event === event),
    metrics,
    sum: name => {
      const found = metrics().filter(({ metric }) => metric === name);
      return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0);
    },
    published: topic =>
      to(topic).map(({ attributes }) => (attributes.get('notice') ?? attributes.get('kind'))!.value),
    mails: topic => to(topic).map(({ body }) => body),
    archived: folder => aws.s3.keys(ARCHIVE, `${folder}/`),
    waitedMs: () => waited,
  };
}

/** Sends a message to a queue, made where there is none, and receives it. */
function handleIn(aws: LocalAws, arn: string, message: unknown): string {
  const queue = aws.createQueue(arn.split(':').at(-1)!);
  queue.send(JSON.stringify(message));
  return queue.receive(1)[0]!.handle;
}

export function arnOf({ region, account }: LocalAws, topic: string): string {
  return `arn:aws:sns:${region}:${account}:${topic}`;
}

/** S3's notification of what is there now. */
export function notificationOf({ s3 }: LocalAws, bucket: string, key: string): object {
  const { etag, versionId, body } = s3.find(bucket, key)!;
  const object = {
    key: encodeURIComponent(key),
    size: body.size,
    eTag: etag,
    ...(versionId === 'null' ? {} : { versionId }),
  };
  return { Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: bucket }, object } }] };
}

/** A folder with the rule, other exceptions, and a number of individual alerts. */
export function rulesWith({
  exceptions,
  maxSignals = 100,
}: {
  readonly exceptions?: string;
  readonly maxSignals?: number;
}): string {
  const directory = temporaryFolder();
  cpSync(WMI, join(directory, FOLDER), { recursive: true });
  // Disabled, so that it runs only where RULES names it.
  cpSync(`${WMI}-sysmon`, join(directory, `${FOLDER}-sysmon`), { recursive: true });
  const rule = join(directory, FOLDER, 'rule.toml');
  const signals = planted(readFileSync(rule, 'utf8'), 'max_signals = 100', `max_signals = ${maxSignals}`);
  writeFileSync(rule, signals);
  if (exceptions !== undefined) writeFileSync(join(directory, FOLDER, 'exceptions.toml'), exceptions);
  return directory;
}
