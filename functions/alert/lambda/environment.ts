import { receiptsIn } from '../archive/index.ts';
import { isLoopback } from '../aws/loopback.ts';
import { archiveIn } from '../aws/s3-archive.ts';
import { getObjectBy, S3_OPTIONS } from '../aws/s3-get-object.ts';
import { setStoreIn } from '../aws/s3-rule-sets.ts';
import { publishBy, SNS_OPTIONS } from '../aws/sns-publish.ts';
import { sendBodyBy } from '../aws/sqs-send-body.ts';
import { sendAllBy } from '../aws/sqs-split.ts';
import { SQS_OPTIONS, visibilityBy } from '../aws/sqs-visibility.ts';
import {
  ARCHIVED_LENGTH,
  renderAlert,
  renderDocument,
  renderIncident,
  renderIncidentReport,
  renderNotice,
  renderRecord,
  renderReport,
} from '../notification/index.ts';
import { makeTelemetry, writerTo } from '../observability/index.ts';
import type { ObjectPorts } from '../pipeline/index.ts';
import { dailyNotices, loadRules, ownRules, rulesReading, sha256 } from '../pipeline/index.ts';
import type { DeliverPorts } from '../publish/index.ts';
import { heldDigests, makePace, makePublish } from '../publish/index.ts';
import type { EventPorts } from './invocation.ts';
import { runningRules } from './running-rules.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';

/** Creates the clients: the only effect of the entry point. */
export type MakeClients = {
  readonly s3: (
    options: typeof S3_OPTIONS & { readonly forcePathStyle: boolean },
  ) => Parameters<typeof getObjectBy>[0];
  readonly sns: (options: typeof SNS_OPTIONS) => Parameters<typeof publishBy>[0];
  readonly sqs: (options: typeof SQS_OPTIONS) => ReturnType<Parameters<typeof visibilityBy>[0]>;
};

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Where the rules are and where log lines go; only tests pass their own. */
export type RuntimeOptions = {
  /** The directory of the rules. */
  readonly rules: string;
  /** Receives log lines and metrics. */
  readonly output: NodeJS.WritableStream;
  /** The clock for the pace of messages, milliseconds; default: the machine's. */
  readonly clock?: { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };
};

/**
 * Everything that one environment keeps across invocations: settings, rules, clients, and the pace of its messages.
 * @throws SettingsError, RuleError
 */
export function makeEventPorts(
  environment: NodeJS.ProcessEnv,
  make: MakeClients,
  { rules: directory, output, clock = { now: Date.now, sleep } }: RuntimeOptions = {
    rules: ownRules(),
    output: process.stdout,
  },
): EventPorts {
  const settings = settingsOf(environment, directory);
  const telemetry = makeTelemetry(settings.logLevel, writerTo(output), Date.now, settings.metricNamespace);
  const s3 = make.s3({ ...S3_OPTIONS, forcePathStyle: isLoopback(environment) });
  const archive = settings.archiveBucket === null ? null : archiveIn(s3, settings.archiveBucket, sleep);
  const publish = makePublish({
    send: publishBy(make.sns(SNS_OPTIONS)),
    pace: makePace(settings.publishRate, clock.now, clock.sleep),
    sleep: clock.sleep,
    random: Math.random,
    count: metric => telemetry.count(metric, 1),
  });
  for (const note of settings.warnings) telemetry.log('warn', 'function.started', { note });
  const store = settings.rulesUri && setStoreIn(s3, settings.rulesUri);
  const warn = (error: unknown): void => telemetry.error('warn', 'archive.warning', error);
  const receipts = archive && receiptsIn(archive, { sha256, now: Date.now, sleep, warn });
  const { operationsTopicArn } = settings;
  const isPublished = async (noticeId: string): Promise<boolean> =>
    receipts === null || operationsTopicArn === null || receipts.has(noticeId, operationsTopicArn);
  const running = runningRules(settings, directory, store, isPublished, telemetry);

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
  const objectPorts = async (remainingMs: () => number): Promise<ObjectPorts> => ({
    ...(await running()),
    getObject: getObjectBy(s3),
    archive,
    limits: settings.limits,
    telemetry,
    deliver: {
      ...deliverPorts(settings),
      archive,
      publish,
      remainingMs,
      count: telemetry.count,
      warn,
    },
    ...(daily && { daily }),
    now: Date.now,
    remainingMs,
  });
  return {
    sources: settings,
    telemetry,
    changeVisibility: visibilityBy(sqs),
    sendAll: sendAllBy(sqs),
    publishHeldDigest: heldDigests(),
    giveUp: settings.deadLetterQueueUrl === null ? null : sendBodyBy(sqs, settings.deadLetterQueueUrl),
    objectPorts,
  };
}

/** The settings; if they are wrong, the same error lists what is wrong with the rules. @throws SettingsError */
function settingsOf(environment: NodeJS.ProcessEnv, directory: string): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const { RULES, REGISTRY_ALERT_RULES_URI: published } = environment;
    if (published || error.problems.some(problem => problem.startsWith('RULES '))) throw error;
    const names = RULES ? RULES.split(',').map(name => name.trim()) : null;
    try {
      loadRules(directory, names);
    } catch (rules) {
      throw new SettingsError([...error.problems, (rules as Error).message]);
    }
    throw error;
  }
}

/**
 * Ends the process on an unhandled rejection or exception, so that the next one starts clean: with a log line of our
 * own, since Node's is not JSON and quotes the message.
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
  const { locale, chatLinks, kibanaUrl, archiveBucket, region, timeZone } = settings;
  const options = {
    locale,
    sha256,
    chatLinks,
    ...(kibanaUrl ? { kibanaUrl } : {}),
    ...(archiveBucket ? { archiveBucket } : {}),
    ...(region ? { region } : {}),
    ...(timeZone ? { timeZone } : {}),
    ...(archiveBucket && settings.repeats === 'quiet' ? { repeatMinutes: settings.repeatMinutes } : {}),
  };
  return {
    topics: {
      alerts: settings.alertTopicArn,
      operations: settings.operationsTopicArn,
      records: settings.recordsTopicArn,
    },
    renderRecord: alert => renderRecord(alert, options),
    renderNotice: notice => renderNotice(notice, options),
    renderIncident: (incident, continues) =>
      settings.grouping === 'off'
        ? renderAlert(incident.alerts[0], options)
        : renderIncident(incident, continues, options),
    renderReport: alert => renderReport(alert, options),
    renderIncidentReport: incident => renderIncidentReport(incident, options),
    renderDocument: alert => renderDocument(alert, options, ARCHIVED_LENGTH),
    perHour: settings.alertsPerHour,
    repeats: settings.repeats,
    repeatMinutes: settings.repeatMinutes,
    grouping: settings.grouping,
    sha256,
    now: Date.now,
    sleep,
  };
}
