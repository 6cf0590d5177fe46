import { ledgerIn, objectsIn, type ReadStates, type Span } from '../audit/index.ts';
import type { ListedObject, ListingMarker } from '../aws/object-listing.ts';
import { sha256 } from '../pipeline/index.ts';
import { clients } from './clients.ts';
import { amount, counted, spanOf, spell } from './deployment/amounts.ts';
import { backfillMessage, runName } from './deployment/backfill-message.ts';
import {
  type BackfillProgress,
  endProgress,
  readProgress,
  restOfPage,
  writeProgress,
} from './deployment/backfill-progress.ts';
import { backfillQueue, type SendAll } from './deployment/backfill-queue.ts';
import { DEPLOYMENT_FLAGS, deploymentHelp, deploymentOf } from './deployment/deployment-flags.ts';
import { readFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert backfill --from TIME --to TIME [--prefix PREFIX] [--notify] [--again] [--dry-run] [--yes]
                        [--rate N] [--progress FILE]
  sends the objects written to the source bucket in that time to the backfill queue, as if S3 had just notified them.
  It counts first and asks; --yes does not ask, --dry-run sends nothing. One digest of the findings is published; with
  --notify, individual alerts as well. Objects in the ledger are skipped; with --again they are sent too, and the function
  skips those that it finished with its current rules. --rate: messages per second, 100 by default. If interrupted, the
  same command continues where it stopped: --progress names the file that records it.
${deploymentHelp('source-bucket', 'prefix', 'source-account', 'archive-bucket', 'backfill-queue-url')}`;

const FLAGS = {
  from: 'text',
  to: 'text',
  notify: 'switch',
  again: 'switch',
  'dry-run': 'switch',
  yes: 'switch',
  rate: 'text',
  progress: 'text',
  ...DEPLOYMENT_FLAGS,
} as const;

/** Of one environment; compressed bytes. Deliberately rough: it answers "an hour or a day?". */
const BYTES_A_SECOND = 10e6;
const SECONDS_AN_OBJECT = 0.2;
const ENVIRONMENTS = 2;

type Plan = {
  readonly buckets: readonly string[];
  readonly prefix: string;
  readonly owner: string | null;
  readonly span: Span;
  readonly notify: boolean;
};

type Totals = { sent: number; known: number; archived: number };

export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, FLAGS);
  if (operands.length > 0)
    throw new UsageError(`backfill takes no operands; got ${JSON.stringify(operands[0])}`);
  const deployment = deploymentOf(flags, io);
  const plan: Plan = {
    span: spanOf(flags.from, flags.to, null),
    buckets: deployment.sourceBuckets(),
    prefix: deployment.prefix(),
    owner: deployment.get('source-account'),
    notify: flags.notify === true,
  };
  const queueUrl = deployment.need('backfill-queue-url');
  const archive = deployment.get('archive-bucket');
  const question = sha256(JSON.stringify(plan)).slice(0, 16);
  const path = flags.progress ?? `registry-alert-backfill-${question}.json`;
  const rate = rateOf(flags.rate);
  const earlier = readProgress(path, question);
  const s3 = await clients.s3();
  const states = archive === null || flags.again ? null : ledgerIn(s3, archive);

  await io.out(await prospect(s3, plan, rate));
  if (earlier)
    await io.out(`${counted(earlier.sent, 'message')} of it already sent; continuing from there\n`);
  if (states === null && !flags.again) await io.out('no archive bucket is given: nothing is skipped\n');
  const isDry = flags['dry-run'] === true;
  if (!isDry && !flags.yes && !(await io.confirm('Send them?'))) {
    io.err('nothing was sent: not confirmed (without a terminal, use --yes)\n');
    return 2;
  }
  const send = isDry ? pretend : backfillQueue(await clients.sqs(), queueUrl, rate, io.now);
  const totals = await sendAll({ plan, s3, states, send, io, earlier, question, path, isDry });
  if (!isDry) endProgress(path);
  await io.out(summary(totals, isDry));
  return 0;
}

const pretend: SendAll = async (bodies, sent) => void (await sent?.(bodies.length));

/** How many, how much, how long. */
async function prospect(s3: S3, plan: Plan, rate: number): Promise<string> {
  let objects = 0;
  let bytes = 0;
  for (const bucket of plan.buckets) {
    for await (const page of objectsIn(s3, { ...plan, bucket }, plan.span)) {
      objects += page.objects.length;
      for (const { size } of page.objects) bytes += size;
    }
  }
  const seconds = Math.max(
    objects / rate,
    (objects * SECONDS_AN_OBJECT + bytes / BYTES_A_SECOND) / ENVIRONMENTS,
  );
  const where = plan.buckets.map(bucket => `s3://${bucket}/${plan.prefix}`).join(', ');
  const { fromMs, toMs } = plan.span;
  return `${where} from ${iso(fromMs)} to ${iso(toMs)}: ${amount(objects, bytes)}; roughly ${spell(seconds)} to process
${plan.notify ? 'alerts are sent individually and in digests, as for new objects' : 'one digest of the findings is sent, no individual alerts'}\n`;
}

type Work = {
  readonly plan: Plan;
  readonly s3: S3;
  readonly states: ReadStates | null;
  readonly send: SendAll;
  readonly io: Io;
  readonly earlier: BackfillProgress | null;
  readonly question: string;
  readonly path: string;
  readonly isDry: boolean;
};

async function sendAll({
  plan,
  s3,
  states,
  send,
  io,
  earlier,
  question,
  path,
  isDry,
}: Work): Promise<Totals> {
  const totals: Totals = { sent: earlier?.sent ?? 0, known: 0, archived: 0 };
  const run = earlier?.run ?? runName(io.now(), question);
  const isDone = (bucket: string) =>
    earlier !== null && plan.buckets.indexOf(bucket) < plan.buckets.indexOf(earlier.bucket);
  for (const bucket of plan.buckets.filter(bucket => !isDone(bucket))) {
    let resume = earlier?.bucket === bucket ? earlier : null;
    for await (const page of objectsIn(s3, { ...plan, bucket }, plan.span, resume?.page ?? null)) {
      const objects = resume ? restOfPage(page.objects, resume.last) : page.objects;
      resume = null;
      await sendPage(bucket, page.from, objects);
    }
  }
  if (io.errIsTerminal) io.err('\r\x1b[K');
  return totals;

  async function sendPage(
    bucket: string,
    page: ListingMarker,
    objects: readonly ListedObject[],
  ): Promise<void> {
    const readable = objects.filter(({ isInArchiveClass }) => !isInArchiveClass);
    totals.archived += objects.length - readable.length;
    const known = states === null ? [] : await states(bucket, readable);
    const due = readable.filter((_, at) => (known[at]?.state ?? 'missing') === 'missing');
    totals.known += readable.length - due.length;
    if (due.length === 0) return;
    const bodies = due.map(object => backfillMessage(bucket, object, { run, notify: plan.notify }));
    let at = 0;
    await send(bodies, count => {
      at += count;
      totals.sent += count;
      const { key, versionId } = due[at - 1]!;
      if (!isDry)
        writeProgress(path, { question, run, bucket, page, last: { key, versionId }, sent: totals.sent });
      if (io.errIsTerminal) io.err(`\r${counted(totals.sent, 'message')} sent `);
    });
  }
}

function summary({ sent, known, archived }: Totals, isDry: boolean): string {
  return [
    isDry ? `${counted(sent, 'message')} would be sent\n` : `${counted(sent, 'message')} sent\n`,
    known === 0 ? '' : `${counted(known, 'object')} skipped: already in the ledger\n`,
    archived === 0
      ? ''
      : `${counted(archived, 'object')} not sent: in an archive storage class; restore them, then run this again\n`,
    isDry || sent === 0
      ? ''
      : "they are read once the queue's mapping is enabled: aws lambda update-event-source-mapping --uuid UUID --enabled;\nwhen the queue is empty, audit shows the result\n",
  ].join('');
}

function rateOf(text = '100'): number {
  if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`--rate takes a whole number of messages per second; got ${JSON.stringify(text)}`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

type S3 = Awaited<ReturnType<typeof clients.s3>>;
