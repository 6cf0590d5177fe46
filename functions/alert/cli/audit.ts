import { type AuditedPage, auditBuckets, missingLine } from '../audit/index.ts';
import { clients } from './clients.ts';
import { amount, counted, spanOf } from './deployment/amounts.ts';
import { backfillMessage, runName } from './deployment/backfill-message.ts';
import { backfillQueue, type SendAll } from './deployment/backfill-queue.ts';
import { DEPLOYMENT_FLAGS, deploymentHelp, deploymentOf } from './deployment/deployment-flags.ts';
import { readFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert audit --from TIME [--to TIME] [--prefix PREFIX] [--enqueue] [--dry-run]
  lists the objects written to the source bucket in that time and looks each up in the ledger of the archive: how many
  were listed, scanned and put in quarantine, and the name of every one that is missing. --to is an hour ago by default,
  since newer objects may still be in the queue. --enqueue sends the missing objects to the backfill queue, and their
  alerts are published as usual; with --dry-run it only prints them. Exit status 1 if any is missing, sent or not.
${deploymentHelp('source-bucket', 'prefix', 'source-account', 'archive-bucket', 'backfill-queue-url')}`;

const FLAGS = {
  from: 'text',
  to: 'text',
  enqueue: 'switch',
  'dry-run': 'switch',
  ...DEPLOYMENT_FLAGS,
} as const;

const HOUR_MS = 3_600_000;
const RATE = 100;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, FLAGS);
  if (operands.length > 0)
    throw new UsageError(`audit takes no operands; got ${JSON.stringify(operands[0])}`);
  const deployment = deploymentOf(flags, io);
  const span = spanOf(flags.from, flags.to, io.now() - HOUR_MS);
  const buckets = deployment.sourceBuckets();
  const scope = { prefix: deployment.prefix(), owner: deployment.get('source-account') };
  const archive = deployment.need('archive-bucket');
  const queueUrl = flags.enqueue ? deployment.need('backfill-queue-url') : null;
  const s3 = await clients.s3();
  const send: SendAll | null =
    queueUrl === null || flags['dry-run'] ? null : backfillQueue(await clients.sqs(), queueUrl, RATE, io.now);
  const run = runName(io.now(), 'audit');

  const totals = { listed: 0, bytes: 0, scanned: 0, quarantined: 0, missing: 0, archived: 0, sent: 0 };
  const codes = new Map<string, number>();
  for await (const page of auditBuckets(s3, { ...scope, buckets, span, archive })) {
    totals.listed += page.listed;
    totals.bytes += page.bytes;
    totals.scanned += page.scanned;
    totals.quarantined += page.quarantined.length;
    totals.missing += page.missing.length;
    for (const code of page.quarantined) codes.set(code, (codes.get(code) ?? 0) + 1);
    await takeMissing(page);
  }
  if (io.errIsTerminal) io.err('\r\x1b[K');
  await io.out(summary());
  return totals.missing > 0 ? 1 : 0;

  async function takeMissing({ bucket, missing }: AuditedPage): Promise<void> {
    for (const object of missing) await io.out(`${missingLine(bucket, object)}\n`);
    const readable = missing.filter(({ isInArchiveClass }) => !isInArchiveClass);
    totals.archived += missing.length - readable.length;
    if (queueUrl !== null && send === null) totals.sent += readable.length;
    await send?.(
      // These are late, not old: publish them as they would have been published.
      readable.map(object => backfillMessage(bucket, object, { run, notify: true })),
      count => {
        totals.sent += count;
      },
    );
    if (io.errIsTerminal) io.err(`\r${counted(totals.listed, 'object')} looked up `);
  }

  function summary(): string {
    const why = [...codes].map(([code, count]) => `${count} ${code}`).join(', ');
    const { listed, bytes, scanned, quarantined, missing, archived, sent } = totals;
    return [
      `listed ${amount(listed, bytes)}; scanned ${scanned}; quarantined ${quarantined}${why ? ` (${why})` : ''}; missing ${missing}\n`,
      queueUrl === null
        ? ''
        : `${counted(sent, 'message')} ${send === null ? 'would be ' : ''}sent to ${queueUrl}\n`,
      queueUrl === null || archived === 0
        ? ''
        : `${counted(archived, 'object')} not sent: in an archive storage class; restore them first\n`,
      missing === 0 || queueUrl !== null
        ? ''
        : 'send the missing ones with --enqueue; recent ones may still be in the queue or the dead-letter queue\n',
    ].join('');
  }
}
