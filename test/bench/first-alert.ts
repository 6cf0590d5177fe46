import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '../local-aws/index.ts';
import { LocalFunction } from '../runtime/function.ts';
import { OUT } from './logs.ts';
import { bundleClients } from './sdk-clients.ts';

const MATCH = 'rules/persistence-via-wmi-stdregprov/match.ndjson';

/**
 * CPU milliseconds of the function's process under the runtime interface client from its start to its first Publish:
 * this function on an object with one match, and the two clients alone, which read and publish the same object. Pairs of
 * both, the order alternating.
 */
export async function firstAlerts(bundle: string, pairs: number): Promise<{ ours: number; base: number }[]> {
  const directory = mkdtempSync(join(tmpdir(), 'first-alert-'));
  const aws = await startLocalAws({ directory });
  try {
    aws.s3.createBucket('logs');
    await aws.s3.put('logs', 'a.ndjson', readFileSync(MATCH, 'utf8').split('\n')[0]!);
    const clients = await bundleClients(join(OUT, 'relay.mjs'), 'test/runtime/fixtures/relay.ts');
    const rows: { ours: number; base: number }[] = [];
    for (let turn = 0; turn < pairs; turn++) {
      const first = turn % 2 === 0 ? await firstPublish(aws, bundle) : null;
      const base = await firstPublish(aws, clients);
      rows.push({ ours: first ?? (await firstPublish(aws, bundle)), base });
    }
    return rows;
  } finally {
    await aws.stop();
    rmSync(directory, { recursive: true });
  }
}

async function firstPublish(aws: LocalAws, bundle: string): Promise<number> {
  const { arn } = aws.sns.createTopic('alerts');
  const cost = join(aws.directory, 'cost');
  const env = {
    ...aws.env(),
    ALERT_TOPIC_ARN: arn,
    TOPIC_ARN: arn,
    NODE_OPTIONS: `--import ${new URL('first-publish.mjs', import.meta.url).href}`,
    BENCH_COST: cost,
  };
  const running = new LocalFunction({ bundle, env, isFixture: true });
  const object = { bucket: { name: 'logs' }, object: { key: 'a.ndjson' } };
  const Records = [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: object }];
  await running.call({ Records: [{ body: JSON.stringify({ Records }), ...ofQueue }] });
  await running.stop();
  const cpuMs = Number(readFileSync(cost, 'utf8'));
  rmSync(cost);
  return cpuMs;
}

const ofQueue = {
  messageId: '1',
  receiptHandle: '1',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:notifications',
  attributes: { ApproximateReceiveCount: '1' },
};
