import type { ListedObject } from '../aws/object-listing.ts';
import { clients } from './clients.ts';
import { backfillMessage, runName } from './deployment/backfill-message.ts';
import { backfillQueue, type SendAll } from './deployment/backfill-queue.ts';
import { DEPLOYMENT_FLAGS, deploymentHelp, deploymentOf } from './deployment/deployment-flags.ts';
import { ledgerIn } from './deployment/ledger-state.ts';
import { addressShown, amount, counted, objectsIn, spanOf } from './deployment/listed-objects.ts';
import { readFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert audit --from TIME [--to TIME] [--prefix PREFIX] [--enqueue] [--dry-run]
  lists what was written to the source bucket in that time and asks the ledger of the archive about each object: how many
  were listed, scanned, put in quarantine, and the name of every one that is missing. Without --to up to an hour ago:
  what is younger may still be on its way. --enqueue sends the missing to the queue for backfills, and what they hold is
  told as usual; with --dry-run it is only said. Exit status 1 when one is missing, sent or not.
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

/** The bucket against the ledger; holds a page of the listing in memory, whatever there is. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, FLAGS);
  if (operands.length > 0) throw new UsageError(`audit takes no operand; not ${JSON.stringify(operands[0])}`);
  const deployment = deploymentOf(flags, io);
  const span = spanOf(flags.from, flags.to, io.now() - HOUR_MS);
  const buckets = deployment.sourceBuckets();
  const scope = { prefix: deployment.prefix(), owner: deployment.get('source-account') };
  const archive = deployment.need('archive-bucket');
  const queueUrl = flags.enqueue ? deployment.need('backfill-queue-url') : null;
  const s3 = await clients.s3();
  const states = ledgerIn(s3, archive);
  const send: SendAll | null =
    queueUrl === null || flags['dry-run'] ? null : backfillQueue(await clients.sqs(), queueUrl, RATE, io.now);
  const run = runName(io.now(), 'audit');

  const totals = { listed: 0, bytes: 0, scanned: 0, quarantined: 0, missing: 0, archived: 0, sent: 0 };
  const codes = new Map<string, number>();
  for (const bucket of buckets) {
    for await (const { objects } of objectsIn(s3, { ...scope, bucket }, span))
      await auditPage(bucket, objects);
  }
  if (io.errIsTerminal) io.err('\r\x1b[K');
  await io.out(summary());
  return totals.missing > 0 ? 1 : 0;

  async function auditPage(bucket: string, objects: readonly ListedObject[]): Promise<void> {
    const missing: ListedObject[] = [];
    for (const [at, { state, code }] of (await states(bucket, objects)).entries()) {
      const object = objects[at]!;
      totals.listed++;
      totals.bytes += object.size;
      totals[state]++;
      if (state === 'quarantined') codes.set(code ?? '', (codes.get(code ?? '') ?? 0) + 1);
      if (state === 'missing') missing.push(object);
    }
    for (const object of missing) {
      const remark = object.isInArchiveClass ? ', in an archive storage class' : '';
      const when = new Date(object.modifiedMs).toISOString();
      await io.out(`missing  ${addressShown(bucket, object)}  ${when}, ${object.size} bytes${remark}\n`);
    }
    const readable = missing.filter(({ isInArchiveClass }) => !isInArchiveClass);
    totals.archived += missing.length - readable.length;
    if (queueUrl !== null && send === null) totals.sent += readable.length;
    await send?.(
      // They are late and not old: people get them as they would have got them.
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
        : 'send the missing with --enqueue; if they are young, they may still be in the queue or its dead letters\n',
    ].join('');
  }
}
