import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { canaryLog } from '../../functions/alert/cli/deployment/canary-event.ts';
import { afterwards, localAws, temporaryFolder } from '../afterwards.ts';
import { copyFunction } from '../built.ts';
import { day, exceptionFor } from '../lambda/events.ts';
import { virtualClock } from '../local-aws/index.ts';
import type { Permission } from '../local-aws/rights.ts';
import { startFunction } from '../runtime/function.ts';
import { attack } from '../runtime/product.ts';

const RULE = 'persistence-via-wmi-stdregprov';

const LEDGER_REFUSED = {
  op: 'PutObject',
  where: { key: 'scanned/*' },
  kind: 'status',
  status: 503,
  code: 'ServiceUnavailable',
} as const;

/**
 * Leads the bundle through everything for which it calls AWS: alerts, an accepted one, more than are published singly, held
 * ones, damage, a bucket without versions, a canary, a message that comes again. Gives the permissions that its calls needed.
 */
export async function recordJourney(): Promise<readonly Permission[]> {
  const clock = virtualClock(Date.now());
  const aws = await localAws({ clock });
  const queue = aws.createQueue('NotificationQueue', { VisibilityTimeout: '1800' });
  for (const [name, versioning] of [
    ['endpoint-logs', true],
    ['plain-endpoint-logs', false],
    ['canary', true],
    ['alert-archive', true],
  ] as const) {
    aws.s3.createBucket(name, { versioning });
    if (name !== 'alert-archive') aws.s3.notify(name, { to: queue.arn });
  }
  queue.purge();
  const [alerts, operations, records] = ['AlertTopic', 'OperationsTopic', 'RecordsTopic'].map(
    name => aws.sns.createTopic(name).arn,
  );
  aws.sns.subscribe(alerts!, 'email', 'analyst@example.com');
  const local = await startFunction({
    bundle: bundleWithException(),
    env: {
      ...aws.env(),
      ALERT_TOPIC_ARN: alerts!,
      OPERATIONS_TOPIC_ARN: operations!,
      REGISTRY_ALERT_RECORDS_TOPIC_ARN: records!,
      ARCHIVE_BUCKET: 'alert-archive',
      SOURCE_BUCKETS: 'endpoint-logs,plain-endpoint-logs',
      REGISTRY_ALERT_CANARY_BUCKET: 'canary',
      PUBLISH_RATE: '1000',
      REGISTRY_ALERT_ALERTS_PER_HOUR: '5',
    },
  });
  afterwards(() => local.stop());
  const poller = aws.poller({ queue, invoke: event => local.call(event) });
  const upload = async (bucket: string, key: string, body: string | Uint8Array): Promise<void> => {
    await aws.s3.put(bucket, key, body);
    await poller.drain(clock);
  };
  await upload('endpoint-logs', 'one', attack('one') + attack('excepted'));
  await upload('plain-endpoint-logs', 'two', attack('two'));
  await upload('endpoint-logs', 'cut', gzipSync(attack('three')).subarray(0, -9));
  await upload('canary', `hourly/${new Date().toISOString()}.ndjson`, canaryLog(Date.now()));
  // Its ledger is not written at first, so that its message is made visible again and all of it is done again.
  aws.faults.add({ ...LEDGER_REFUSED, nth: [1, 2, 3, 4] });
  await upload(
    'endpoint-logs',
    'many',
    Array.from({ length: 130 }, (_, at) => attack(`many-${at}`)).join(''),
  );
  return aws.permissions().filter(({ caller }) => caller === 'function');
}

function bundleWithException(): string {
  const directory = temporaryFolder();
  const rules = join(directory, 'rules-with-exception');
  cpSync('rules', rules, { recursive: true });
  const times = { created: day(0), expires: day(30) };
  appendFileSync(join(rules, RULE, 'exceptions.toml'), exceptionFor(attack('excepted'), 'journey', times));
  return copyFunction(directory, rules);
}
