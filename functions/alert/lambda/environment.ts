import { noticeIdOf } from '../archive/index.ts';
import { isLoopback } from '../aws/loopback.ts';
import { archiveIn } from '../aws/s3-archive.ts';
import { getObjectBy, S3_OPTIONS } from '../aws/s3-get-object.ts';
import { publishBy, SNS_OPTIONS } from '../aws/sns-publish.ts';
import { deadLetterBy } from '../aws/sqs-dead-letter.ts';
import { sendAllBy } from '../aws/sqs-split.ts';
import { SQS_OPTIONS, visibilityBy } from '../aws/sqs-visibility.ts';
import { makeDetector } from '../detection/index.ts';
import { OS_TYPE_FALLBACK, rawForms, readField } from '../logs/index.ts';
import {
  ARCHIVED_LENGTH,
  type Notice,
  renderDocument,
  renderIncident,
  renderIncidentReport,
  renderNotice,
  renderRecord,
  renderReport,
} from '../notification/index.ts';
import { makeTelemetry, writerTo } from '../observability/index.ts';
import type { ObjectPorts } from '../pipeline/index.ts';
import {
  dailyNotices,
  loadIndicators,
  loadRules,
  ownRules,
  rulesReading,
  sha256,
} from '../pipeline/index.ts';
import type { DeliverPorts } from '../publish/index.ts';
import { makePace, makePublish } from '../publish/index.ts';
import type { EventPorts } from './invocation.ts';
import { readSettings, type Settings } from './settings.ts';

/** Makes the clients: the one effect of the entry point. */
export type MakeClients = {
  readonly s3: (
    options: typeof S3_OPTIONS & { readonly forcePathStyle: boolean },
  ) => Parameters<typeof getObjectBy>[0];
  readonly sns: (options: typeof SNS_OPTIONS) => Parameters<typeof publishBy>[0];
  readonly sqs: (options: typeof SQS_OPTIONS) => ReturnType<Parameters<typeof visibilityBy>[0]>;
};

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Where the rules are and where log lines go; only tests pass others. */
export type RuntimeOptions = {
  /** The directory of the rules. */
  readonly rules: string;
  /** Takes the lines of the log and the metrics. */
  readonly output: NodeJS.WritableStream;
};

/**
 * Everything that one environment keeps over its invocations: settings, rules, clients, and the pace of its messages.
 * @throws SettingsError, RuleError
 */
export function makeEventPorts(
  environment: NodeJS.ProcessEnv,
  make: MakeClients,
  { rules: directory, output }: RuntimeOptions = { rules: ownRules(), output: process.stdout },
): EventPorts {
  const settings = readSettings(environment);
  const rules = loadRules(directory, settings.rules);
  const detector = makeDetector(rules, {
    readField,
    sha256,
    dedupScope: settings.dedupScope,
    osTypeFallback: settings.endgameOsType === 'on' ? OS_TYPE_FALLBACK : [],
    indicators: loadIndicators(directory),
    mapping: { name: settings.normalize, forms: rawForms(settings.normalize) },
  });
  const telemetry = makeTelemetry(settings.logLevel, writerTo(output), Date.now, settings.metricNamespace);
  const s3 = make.s3({ ...S3_OPTIONS, forcePathStyle: isLoopback(environment) });
  const archive = settings.archiveBucket === null ? null : archiveIn(s3, settings.archiveBucket, sleep);
  const publish = makePublish({
    send: publishBy(make.sns(SNS_OPTIONS)),
    pace: makePace(settings.publishRate, Date.now, sleep),
    sleep,
    random: Math.random,
    count: metric => telemetry.count(metric, 1),
  });
  const rulesetDigest = rulesetDigestOf(
    settings,
    rules.map(rule => rule.digest),
  );
  telemetry.log('info', 'function.started', {
    note: rules.map(rule => `${rule.folder} ${rule.version}`).join(', '),
  });
  for (const note of settings.warnings) telemetry.log('warn', 'function.started', { note });
  const standing = tellExpired(rules, settings, telemetry);

  const { sourcePrefix } = settings;
  const daily =
    archive &&
    dailyNotices({
      archive,
      sourcePrefix,
      rulesReading: index => rulesReading(directory, index),
      now: Date.now,
    });
  const sqs = () => make.sqs(SQS_OPTIONS);
  const objectPorts = (remainingMs: () => number): ObjectPorts => ({
    getObject: getObjectBy(s3),
    archive,
    detector,
    limits: settings.limits,
    rulesetDigest,
    telemetry,
    deliver: {
      ...deliverPorts(settings),
      archive,
      publish,
      remainingMs,
      count: telemetry.count,
      warn: error => telemetry.error('warn', 'archive.warning', error),
    },
    standing,
    ...(daily && { daily }),
    now: Date.now,
    remainingMs,
  });
  return {
    sources: settings,
    telemetry,
    changeVisibility: visibilityBy(sqs),
    sendAll: sendAllBy(sqs),
    giveUp: settings.deadLetterQueueUrl === null ? null : deadLetterBy(sqs, settings.deadLetterQueueUrl),
    objectPorts,
  };
}

/**
 * Ends the process at an error that nobody waits for, so that the next one does all of it: with a line of ours, since
 * Node's own is no JSON and quotes the message.
 */
export function endAtStrayErrors(
  { count, error, flush }: EventPorts['telemetry'],
  process: Pick<NodeJS.Process, 'on' | 'exit'>,
): void {
  process.on('uncaughtException', stray => {
    count('Unexpected', 1);
    error('error', 'function.failed', stray);
    flush();
    process.exit(1);
  });
}

type FromSettings = Omit<DeliverPorts, 'archive' | 'publish' | 'remainingMs' | 'count' | 'warn'>;

function deliverPorts(settings: Settings): FromSettings {
  const { locale, kibanaUrl, archiveBucket, region, timeZone } = settings;
  const options = {
    locale,
    sha256,
    ...(kibanaUrl ? { kibanaUrl } : {}),
    ...(archiveBucket ? { archiveBucket } : {}),
    ...(region ? { region } : {}),
    ...(timeZone ? { timeZone } : {}),
  };
  return {
    topics: {
      alerts: settings.alertTopicArn,
      operations: settings.operationsTopicArn,
      records: settings.recordsTopicArn,
    },
    renderRecord: alert => renderRecord(alert, options),
    renderNotice: notice => renderNotice(notice, options),
    renderIncident: (incident, continues) => renderIncident(incident, continues, options),
    renderReport: alert => renderReport(alert, options),
    renderIncidentReport: incident => renderIncidentReport(incident, options),
    renderDocument: alert => renderDocument(alert, options, ARCHIVED_LENGTH),
    perHour: settings.alertsPerHour,
    repeats: settings.repeats,
    grouping: settings.grouping,
    sha256,
    now: Date.now,
    sleep,
  };
}

/** Everything that can change which events match: the rules with their exceptions, and these settings. */
function rulesetDigestOf(
  { dedupScope, endgameOsType, limits, normalize }: Settings,
  digests: readonly string[],
): string {
  return sha256(JSON.stringify([digests, dedupScope, endgameOsType, limits, normalize]));
}

/**
 * A line and a metric for each exception that has ended, and a notice that its receipt keeps from coming twice; without
 * an archive there is no receipt, so the line has to do. This alone reads the clock, and it changes no verdict.
 */
function tellExpired(
  rules: ReturnType<typeof loadRules>,
  settings: Settings,
  telemetry: EventPorts['telemetry'],
): Notice[] {
  const expired = rules.flatMap(rule =>
    rule.exceptions
      .filter(({ expiresMs }) => expiresMs <= Date.now())
      .map(exception => ({ rule, exception })),
  );
  for (const { rule, exception } of expired) {
    telemetry.count('ExceptionsExpired', 1, rule.folder);
    const note = `exception ${exception.id} of ${rule.folder} ended ${exception.expires} and accepts nothing any longer`;
    telemetry.log('warn', 'function.started', { note });
  }
  if (settings.archiveBucket === null) return [];
  return expired.map(({ rule, exception }) => ({
    id: noticeIdOf(sha256, 'expired-exception', rule.id, exception.id, exception.expires),
    kind: 'expired-exception',
    rule,
    exception,
  }));
}
