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

/** The whole way: bucket, notification, queue, function, topic, receipt, ledger. */
export function canaryCheck(deployment: Deployment, ports: SelftestPorts): Check {
  const bucket = deployment.get('canary-bucket');
  const archive = deployment.get('archive-bucket');
  const name = 'the whole way';
  const skip = (says: string): Check => ({
    name,
    does: `nothing: ${says}`,
    find: async () => ({ state: 'skipped', says }),
  });
  if (bucket === null)
    return skip(
      'no --canary-bucket is given; nothing was sent to anybody, and nothing shows that an alert would arrive',
    );
  if (archive === null)
    return skip('no --archive-bucket is given, so that no receipt could be waited for; nothing was sent');
  return {
    name,
    does: `puts ${TEST_PREFIX}TIME.ndjson with a known match into ${bucket}; people get one marked test alert; waits ${ports.waitSeconds} s for its receipt`,
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
      's3:GetObject on the archive, and s3:ListBucket, without which what is missing looks forbidden',
      ask,
    );
  // The ledger is written last, when every receipt is there.
  for (;;) {
    if ((await look(() => readLedger(archive, objectId, () => {}))) !== null) break;
    if (now() - startedMs >= waitSeconds * 1000)
      return {
        state: 'failed',
        says: `s3://${bucket}/${key} was not done within ${waitSeconds} s; look whether the bucket notifies the queue, whether the mapping of the queue is on, and in the log of the function for this key`,
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
      says: `the canary was read and has no receipt for ${operations}; is it the OPERATIONS_TOPIC_ARN of the function?`,
    };
  if (!(await told('test', alerts)))
    return {
      state: 'failed',
      says: `the canary was read and has no receipt for ${alerts}; is it the ALERT_TOPIC_ARN of the function?`,
    };
  const seconds = Math.round((now() - startedMs) / 1000);
  return {
    state: 'ok',
    says: `one marked test alert was published to ${alerts} within ${seconds} s; look for it in the mailbox and the channel, since no receipt shows that`,
  };
}
