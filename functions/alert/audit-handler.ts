import { S3Client } from '@aws-sdk/client-s3';
import { auditBuckets, missingLine, silentRules } from './audit/index.ts';
import { isLoopback } from './aws/loopback.ts';
import { sendBodyBy } from './aws/sqs-send-body.ts';
import { SQS_OPTIONS } from './aws/sqs-visibility.ts';
import { makeTelemetry, writerTo } from './observability/index.ts';

const HOUR_MS = 3_600_000;

/** A day and a margin, so that a run that starts late misses nothing. */
const SPAN_MS = 26 * HOUR_MS;

/**
 * Entry point of the daily audit: reports the last day's objects that are not in the ledger, as log lines and metrics. The
 * function cannot see objects it was never notified of. First it invokes the function once, so that held alerts are sent
 * even if no further object arrives: only the function may publish alerts.
 */
export async function handler(): Promise<{ readonly missing: number }> {
  const { env } = process;
  const telemetry = makeTelemetry(
    'info',
    writerTo(process.stdout),
    Date.now,
    env['REGISTRY_ALERT_METRIC_NAMESPACE'],
  );
  const woken = await wake(env).catch((error: unknown) => error);
  if (woken !== undefined) telemetry.error('error', 'digest.failed', woken);
  const fromMs = Date.now() - SPAN_MS;
  const silent = silentRules();
  const pages = auditBuckets(new S3Client({ forcePathStyle: isLoopback(env), maxAttempts: 5 }), {
    buckets: needed('SOURCE_BUCKETS')
      .split(',')
      .map(name => name.trim()),
    prefix: env['SOURCE_PREFIX'] ?? '',
    owner: env['REGISTRY_ALERT_SOURCE_ACCOUNT'] || null,
    span: { fromMs, toMs: fromMs + SPAN_MS - HOUR_MS },
    archive: needed('ARCHIVE_BUCKET'),
    silent,
  });
  const totals = { listed: 0, scanned: 0, quarantined: 0, missing: 0 };
  for await (const page of pages) {
    totals.listed += page.listed;
    totals.scanned += page.scanned;
    totals.quarantined += page.quarantined.length;
    totals.missing += page.missing.length;
    for (const object of page.missing)
      telemetry.log('warn', 'audit.missing', { note: missingLine(page.bucket, object) });
  }
  const { listed, scanned, quarantined, missing } = totals;
  telemetry.log('info', 'audit.finished', {
    note: `listed ${listed}; scanned ${scanned}; quarantined ${quarantined}; missing ${missing}`,
  });
  for (const folder of silent.folders())
    telemetry.log('warn', 'audit.rule-silent', {
      note: `no event of the last day contains a literal of the rule ${folder}`,
    });
  telemetry.count('RulesSilent', silent.folders().length);
  telemetry.count('AuditRuns', 1);
  telemetry.count('ObjectsUnscanned', missing);
  telemetry.flush();
  // Lambda retries it.
  if (woken !== undefined) throw woken;
  return { missing };
}

/** A message that names no object, such as S3 sends when notifications are set up. */
async function wake(env: NodeJS.ProcessEnv): Promise<void> {
  const queueUrl = env['REGISTRY_ALERT_QUEUE_URL'];
  if (!queueUrl) return;
  const client = async () => new (await import('./aws/sqs-client.ts')).SQSClient(SQS_OPTIONS);
  const event = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: needed('ARCHIVE_BUCKET') };
  await sendBodyBy(client, queueUrl)({ body: JSON.stringify(event) });
}

function needed(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set`);
}
