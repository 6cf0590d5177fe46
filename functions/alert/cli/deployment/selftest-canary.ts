import { keys, noticeIdOf, objectIdOf, readLedger, topicHashOf } from '../../archive/index.ts';
import { asking } from '../../aws/aws-failure.ts';
import { putObject } from '../../aws/deployment-facts.ts';
import { archiveIn } from '../../aws/s3-archive.ts';
import { sha256 } from '../../pipeline/index.ts';
import { TEST_PREFIX } from '../../publish/index.ts';
import { canaryLog } from './canary-event.ts';
import type { Deployment } from './deployment-flags.ts';
import type { Check, Finding, SelftestPorts } from './selftest-ports.ts';

const EVERY_MS = 1000;

/** End to end: bucket, notification, queue, function, topic, receipt, ledger. */
export function canaryCheck(deployment: Deployment, ports: SelftestPorts): Check {
  const bucket = deployment.get('canary-bucket');
  const archive = deployment.get('archive-bucket');
  const name = 'end to end';
  const skip = (says: string): Check => ({
    name,
    does: `nothing: ${says}`,
    find: async () => ({ state: 'skipped', says }),
  });
  if (bucket === null)
    return skip(
      'no --canary-bucket is given; nothing was sent, and whether an alert would arrive is not tested',
    );
  if (archive === null)
    return skip('no --archive-bucket is given, so there is no receipt to wait for; nothing was sent');
  return {
    name,
    does: `puts ${TEST_PREFIX}TIME.ndjson with a known match into ${bucket}; one marked test alert is published; waits ${ports.waitSeconds} s for its receipt`,
    find: () => sendCanary(bucket, archive, deployment, ports),
  };
}

async function sendCanary(
  bucket: string,
  archiveBucket: string,
  deployment: Deployment,
  { s3, now, sleep, waitSeconds }: SelftestPorts,
): Promise<Finding> {
  const startedMs = now();
  const key = `${TEST_PREFIX}${new Date(startedMs).toISOString().replace(/\.\d+Z$/, 'Z')}-selftest.ndjson`;
  const put = await asking(`s3://${bucket}/${key}`, 's3:PutObject on the canary bucket', () =>
    putObject(s3, bucket, key, canaryLog(startedMs)),
  );
  const objectId = objectIdOf(sha256, { bucket, key, ...put });
  const archive = archiveIn(s3, archiveBucket, sleep);
  const look = <Result>(ask: () => Promise<Result>): Promise<Result> =>
    asking(
      `s3://${archiveBucket}`,
      's3:GetObject on the archive, and s3:ListBucket, without which a missing object looks forbidden',
      ask,
    );
  // The ledger entry is written last, after every receipt.
  for (;;) {
    if ((await look(() => readLedger(archive, objectId, () => {}))) !== null) break;
    if (now() - startedMs >= waitSeconds * 1000)
      return {
        state: 'failed',
        says: `s3://${bucket}/${key} was not processed within ${waitSeconds} s; check that the bucket notifies the queue, that the queue's mapping is enabled, and the function's log for this key`,
      };
    await sleep(EVERY_MS);
  }
  const told = (kind: 'canary' | 'test', topicArn: string): Promise<boolean> => {
    const id = noticeIdOf(sha256, kind, objectId);
    return look(() => archive.has(keys.receipt(id, topicHashOf(sha256, topicArn))));
  };
  const operations = deployment.get('operations-topic');
  const alerts = deployment.need('alert-topic');
  if (operations !== null && !(await told('canary', operations)))
    return {
      state: 'failed',
      says: `the canary was read but has no receipt for ${operations}; is that the function's OPERATIONS_TOPIC_ARN?`,
    };
  if (!(await told('test', alerts)))
    return {
      state: 'failed',
      says: `the canary was read but has no receipt for ${alerts}; is that the function's ALERT_TOPIC_ARN?`,
    };
  const seconds = Math.round((now() - startedMs) / 1000);
  return {
    state: 'ok',
    says: `one marked test alert was published to ${alerts} within ${seconds} s; look for it in the mailbox and the channel, since a receipt does not show that it arrived there`,
  };
}
