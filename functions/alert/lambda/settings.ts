import { DEFAULT_LIMITS, MAPPINGS, type Mapping, type ReadLimits } from '../logs/index.ts';
import { nearestOf } from '../ruleset/index.ts';

/** The function's settings, all of them known and checked. Names and defaults: README, "Settings". */
export type Settings = {
  readonly alertTopicArn: string;
  readonly operationsTopicArn: string | null;
  readonly recordsTopicArn: string | null;
  readonly archiveBucket: string | null;
  /** Empty: any bucket that a notification names. */
  readonly sourceBuckets: readonly string[];
  readonly sourcePrefix: string;
  /** The account that owns the source buckets; S3 refuses buckets of other accounts. */
  readonly sourceAccount: string | null;
  readonly locale: 'en' | 'zh-CN' | 'both';
  /** Folders of the rules to run; `null`: every rule that is not disabled. */
  readonly rules: readonly string[] | null;
  /** Where published sets of rules are; `null`: the rules of the package. */
  readonly rulesUri: { readonly bucket: string; readonly prefix: string } | null;
  readonly dedupScope: 'event' | 'object';
  /** Messages to people per second. */
  readonly publishRate: number;
  /** Individual messages to people per hour; 0: no limit. */
  readonly alertsPerHour: number;
  readonly repeats: 'quiet' | 'tell';
  /** A quiet repeat is sent again when the last message about it is older than this. */
  readonly repeatMinutes: number;
  /** Whether the alerts of one incident are sent as one message. */
  readonly grouping: 'incident' | 'off';
  readonly chatLinks: 'labelled' | 'bare';
  /** Queue for messages whose object no execution can read; `null`: they are retried as often as the queue allows. */
  readonly deadLetterQueueUrl: string | null;
  readonly canaryBucket: string | null;
  /** CloudWatch namespace of the metrics. */
  readonly metricNamespace: string;
  readonly kibanaUrl: string | null;
  /** IANA name of the readers' time zone, shown beside UTC. */
  readonly timeZone: string | null;
  /** The function's region, which is also the archive's; set by Lambda. */
  readonly region: string | null;
  readonly endgameOsType: 'on' | 'off';
  /** How other products' records become events. */
  readonly normalize: Mapping;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly limits: ReadLimits;
  /** Allowed, but worth knowing; logged once at start. */
  readonly warnings: readonly string[];
};

/** Everything wrong with the environment, in one message with a line for each problem. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the function's settings are wrong:\n${problems.map(problem => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one value or returns what was expected. */
type Reader<T> = (text: string) => T | { readonly expected: string };

const PREFIX = 'REGISTRY_ALERT_';

/**
 * Reads the settings from the environment.
 * @throws SettingsError naming every missing, malformed or unknown one.
 */
export function readSettings(environment: Environment): Settings {
  const problems: string[] = [];
  const known = new Set<string>();
  const setting = <T, D>(name: string, fallback: D, read: Reader<T>): T | D => {
    known.add(name);
    const text = environment[name];
    if (text === undefined || text === '') return fallback;
    const value = read(text);
    if (!isRefusal(value)) return value;
    problems.push(`${name} is ${JSON.stringify(text.slice(0, 200))}; expected ${value.expected}`);
    return fallback;
  };
  const size = (name: string, fallback: number, atMost: number): number =>
    setting(`${PREFIX}${name}`, fallback, wholeNumber(1, atMost));

  const settings: Settings = {
    alertTopicArn: setting('ALERT_TOPIC_ARN', '', topicArn),
    operationsTopicArn: setting('OPERATIONS_TOPIC_ARN', null, topicArn),
    recordsTopicArn: setting(`${PREFIX}RECORDS_TOPIC_ARN`, null, topicArn),
    archiveBucket: setting('ARCHIVE_BUCKET', null, bucketName),
    sourceBuckets: setting('SOURCE_BUCKETS', [], listOf(bucketName)),
    sourcePrefix: setting('SOURCE_PREFIX', '', text => text),
    sourceAccount: setting(`${PREFIX}SOURCE_ACCOUNT`, null, account),
    locale: setting('LOCALE', 'en', oneOf('en', 'zh-CN', 'both')),
    rules: setting('RULES', null, listOf(folderName)),
    rulesUri: setting(`${PREFIX}RULES_URI`, null, setPlace),
    dedupScope: setting('DEDUP_SCOPE', 'event', oneOf('event', 'object')),
    publishRate: setting('PUBLISH_RATE', 4, decimal(0.1, 1000)),
    alertsPerHour: setting(`${PREFIX}ALERTS_PER_HOUR`, 200, wholeNumber(0, 1_000_000)),
    repeats: setting(`${PREFIX}REPEATS`, 'quiet', oneOf('quiet', 'tell')),
    repeatMinutes: setting(`${PREFIX}REPEAT_MINUTES`, 60, wholeNumber(1, 1440)),
    deadLetterQueueUrl: setting(`${PREFIX}DEAD_LETTER_QUEUE_URL`, null, queueUrl),
    grouping: setting(`${PREFIX}GROUPING`, 'incident', oneOf('incident', 'off')),
    chatLinks: setting(`${PREFIX}CHAT_LINKS`, 'labelled', oneOf('labelled', 'bare')),
    canaryBucket: setting(`${PREFIX}CANARY_BUCKET`, null, bucketName),
    metricNamespace: setting(`${PREFIX}METRIC_NAMESPACE`, 'RegistryAlert', metricNamespace),
    kibanaUrl: setting(`${PREFIX}KIBANA_URL`, null, httpsUrl),
    timeZone: setting(`${PREFIX}TIME_ZONE`, null, timeZone),
    region: /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.exec(environment['AWS_REGION'] ?? '')?.[0] ?? null,
    endgameOsType: setting(`${PREFIX}ENDGAME_OS_TYPE`, 'on', oneOf('on', 'off')),
    normalize: setting(`${PREFIX}NORMALIZE`, 'extended', oneOf(...MAPPINGS)),
    logLevel: setting('LOG_LEVEL', 'info', oneOf('debug', 'info', 'warn', 'error')),
    limits: {
      maxOutputBytes: size('MAX_OUTPUT_BYTES', DEFAULT_LIMITS.maxOutputBytes, 2 ** 50),
      maxRecordBytes: size('MAX_RECORD_BYTES', DEFAULT_LIMITS.maxRecordBytes, 64 * 1024 * 1024),
      maxDepth: size('MAX_DEPTH', DEFAULT_LIMITS.maxDepth, 1000),
      maxKeys: size('MAX_KEYS', DEFAULT_LIMITS.maxKeys, 1_000_000),
      zstdWindowBytes: size('ZSTD_WINDOW_BYTES', DEFAULT_LIMITS.zstdWindowBytes, 128 * 1024 * 1024),
    },
    warnings: [],
  };

  if (!environment['ALERT_TOPIC_ARN'])
    problems.unshift('ALERT_TOPIC_ARN is missing; it names the SNS topic for alerts');
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || known.has(name)) continue;
    const near = nearestOf(name, known);
    problems.push(
      `${name} is not a setting of this version; ${near ? `did you mean ${near}?` : `known are ${[...known].filter(other => other.startsWith(PREFIX)).join(', ')}`}`,
    );
  }
  const { archiveBucket, sourceBuckets, canaryBucket } = settings;
  if (archiveBucket !== null && [...sourceBuckets, canaryBucket].includes(archiveBucket)) {
    problems.push(
      `ARCHIVE_BUCKET ${archiveBucket} is also a source bucket; what the function writes there would trigger it again`,
    );
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...settings, warnings: warningsOf(settings) };
}

function warningsOf({ publishRate, archiveBucket, sourceBuckets, canaryBucket }: Settings): string[] {
  return [
    ...(publishRate > 4
      ? [
          `PUBLISH_RATE is ${publishRate}; above 4, two environments exceed the 10 messages per second at which SNS suspends an e-mail subscription`,
        ]
      : []),
    ...(sourceBuckets.length === 0
      ? ['SOURCE_BUCKETS is not set: a notification may name any bucket that the role can read']
      : []),
    ...(canaryBucket !== null && sourceBuckets.includes(canaryBucket)
      ? [
          `REGISTRY_ALERT_CANARY_BUCKET ${canaryBucket} is also in SOURCE_BUCKETS: its objects are canaries, and their alerts are not published`,
        ]
      : []),
    ...(archiveBucket === null
      ? ['ARCHIVE_BUCKET is not set: publish-only mode, in which a retry sends again what was sent before']
      : []),
  ];
}

function isRefusal(value: unknown): value is { readonly expected: string } {
  return typeof value === 'object' && value !== null && 'expected' in value;
}

function matching(pattern: RegExp, expected: string): Reader<string> {
  return text => (pattern.test(text) ? text : { expected });
}

const topicArn = matching(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME',
);
const queueUrl = matching(
  /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?\/\d{12}\/[A-Za-z0-9_-]{1,80}$/,
  'the URL of a standard SQS queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME',
);
const bucketName = matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket');
const metricNamespace = matching(
  /^(?!AWS\/)[A-Za-z0-9._/#:-]{1,255}$/,
  'a CloudWatch namespace: letters, digits and ._/#:- and not AWS/…',
);
const folderName = matching(/^\w[\w-]*$/, 'names of folders in rules/, separated by commas');
const account = matching(/^\d{12}$/, 'the twelve digits of an AWS account');
const httpsUrl = matching(
  /^https:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._~/-]*)?$/,
  'an https URL, with the space where there is one, and no query',
);

/** Time zones known to the runtime's ICU data. */
export const timeZone: Reader<string> = text => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) && text;
  } catch {
    return { expected: 'an IANA time zone, such as Asia/Shanghai' };
  }
};

/** `s3://bucket/prefix`, with or without a trailing slash. */
export const setPlace: Reader<{ readonly bucket: string; readonly prefix: string }> = text => {
  const [, bucket, prefix] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([A-Za-z0-9][A-Za-z0-9/._-]{0,200}?)\/?$/.exec(text) ?? [];
  return bucket !== undefined && prefix !== undefined
    ? { bucket, prefix }
    : { expected: 's3://BUCKET/PREFIX' };
};

function oneOf<const Choice extends string>(...choices: Choice[]): Reader<Choice> {
  return text => choices.find(choice => choice === text) ?? { expected: `one of ${choices.join(', ')}` };
}

function listOf(read: Reader<string>): Reader<readonly string[]> {
  return text => {
    const values = text.split(',').map(part => read(part.trim()));
    return values.find(isRefusal) ?? [...new Set(values as string[])];
  };
}

function wholeNumber(least: number, most: number): Reader<number> {
  return text =>
    /^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most
      ? Number(text)
      : { expected: `a whole number from ${least} to ${most}` };
}

function decimal(least: number, most: number): Reader<number> {
  return text =>
    /^\d{1,4}(\.\d{1,6})?$/.test(text) && Number(text) >= least && Number(text) <= most
      ? Number(text)
      : { expected: `a number from ${least} to ${most}` };
}
