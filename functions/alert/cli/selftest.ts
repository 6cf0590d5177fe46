import { AwsFailure } from '../aws/aws-failure.ts';
import { clients } from './clients.ts';
import { DEPLOYMENT_FLAGS, deploymentHelp, deploymentOf } from './deployment/deployment-flags.ts';
import { canaryCheck } from './deployment/selftest-canary.ts';
import { archiveChecks, queueChecks, sourceChecks, topicChecks } from './deployment/selftest-checks.ts';
import type { Check, Finding } from './deployment/selftest-ports.ts';
import { readFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert selftest [--wait SECONDS] [--dry-run]
  checks the deployment and prints a line for each check: ok, failed with what to do, or skipped with the reason. Buckets
  can be reached, the source notifies new objects, the archive supports conditional writes, topics exist and their
  subscriptions are confirmed, queues have no dead letters. Then it puts an object with a known match into the canary
  bucket: within --wait seconds, 180 by default, its canary must reach the operations topic and one marked test alert the
  alert topic. Nothing is written to a source bucket. --dry-run only prints what would be done. Exit status 1 if a check
  failed.
${deploymentHelp(...(Object.keys(DEPLOYMENT_FLAGS) as (keyof typeof DEPLOYMENT_FLAGS)[]))}`;

const FLAGS = { wait: 'text', 'dry-run': 'switch', ...DEPLOYMENT_FLAGS } as const;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, FLAGS);
  if (operands.length > 0)
    throw new UsageError(`selftest takes no operands; got ${JSON.stringify(operands[0])}`);
  const waitSeconds = secondsOf(flags.wait);
  const deployment = deploymentOf(flags, io);
  deployment.need('alert-topic');
  const [s3, sns, sqs] = await Promise.all([clients.s3(), clients.sns(), clients.sqs()]);
  const ports = { s3, sns, sqs, now: io.now, sleep, waitSeconds };
  const checks: readonly Check[] = [
    ...sourceChecks(deployment, ports),
    ...archiveChecks(deployment, ports),
    ...topicChecks(deployment, ports),
    ...queueChecks(deployment, ports),
    canaryCheck(deployment, ports),
  ];
  if (flags['dry-run']) {
    for (const { name, does } of checks) await io.out(`would    ${name}: ${does}\n`);
    return 0;
  }
  const counts = { ok: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const { state, says } = await found(check);
    counts[state]++;
    await io.out(`${state.padEnd(7)}  ${check.name}: ${says}\n`);
  }
  await io.out(`${counts.ok} ok, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed > 0 ? 1 : 0;
}

async function found({ find }: Check): Promise<Finding> {
  try {
    return await find();
  } catch (error) {
    // Without credentials or a region every further check would fail with the same message.
    if (!(error instanceof AwsFailure) || error.code === 'NoCredentials' || error.code === 'NoRegion')
      throw error;
    return { state: 'failed', says: error.message };
  }
}

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function secondsOf(text = '180'): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`--wait takes a number of seconds; got ${JSON.stringify(text)}`);
}
