import { type LedgerEntry, objectIdOf, receiptsIn, writeLedger } from '../archive/index.ts';
import { DeliveryError, OUTCOMES, type OutcomeClass } from '../observability/index.ts';
import { canaryNotices } from './canary-notices.ts';
import type { Delivered, DeliverPorts, Job, Scanned } from './job.ts';
import { recordAlerts, recordNotices } from './persist-alerts.ts';
import { tellPeople } from './publish-alerts.ts';
import { tellOperations } from './publish-operations.ts';
import { tellMachines } from './publish-records.ts';

/**
 * Tells what one object gave: everything into the archive, then each message to its topic, then its receipt, and the
 * ledger last. Whatever fails, nothing is acknowledged before all of it is done; the next attempt does what is left.
 * @throws DeliveryError, after every topic that works has got its part
 */
export async function deliver(scanned: Scanned, ports: DeliverPorts): Promise<Delivered> {
  const { archive, sha256 } = ports;
  const objectId = objectIdOf(sha256, scanned.object);
  const receipts = archive && receiptsIn(archive, ports);
  const delivered = { published: 0, known: 0, repeats: 0, held: 0, notices: 0 };
  const { isCanary } = scanned.object;
  const job: Job = { scanned, ports, objectId, receipts, delivered };

  const notices = await recordNotices(job, isCanary ? canaryNotices(job) : scanned.notices);
  const alerts = isCanary ? [] : await recordAlerts(job);
  await allOf([
    () => tellPeople(job, alerts, notices),
    () => tellOperations(job, notices),
    () => tellMachines(job, alerts),
  ]);
  if (scanned.outcome === 'incomplete') throw incomplete(job);
  if (archive) await writeLedger(archive, objectId, entryOf(scanned, scanned.outcome));
  return delivered;
}

/** What was found is told; the object is not done, and at the second attempt it is known to be too large. */
function incomplete({ scanned: { object, attempt }, ports }: Job): DeliveryError {
  const code = attempt >= 2 ? 'IncompleteScan' : 'DeadlineGuard';
  if (code === 'IncompleteScan') ports.count(code, 1);
  return new DeliveryError(code, `s3://${object.bucket}/${object.key}: time ran out while it was read`);
}

const SEVERITY: readonly OutcomeClass[] = ['config', 'retry'];

/** Does all, whichever fail, and throws the worst. */
async function allOf(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const task of tasks) await task().catch(error => failures.push(error));
  const rank = (error: unknown) =>
    error instanceof DeliveryError ? SEVERITY.indexOf(OUTCOMES[error.code].class) : Number.MAX_SAFE_INTEGER;
  failures.sort((a, b) => rank(a) - rank(b));
  if (failures.length > 0) throw failures[0];
}

function entryOf(scanned: Scanned, outcome: LedgerEntry['outcome']): LedgerEntry {
  const { bucket, key, versionId, etag, lastModified } = scanned.object;
  const { code, basis, counts, exceptedBy, backfill } = scanned;
  const object = { bucket, key, versionId, etag, lastModified };
  return { object, outcome, code, basis, counts, exceptedBy, backfill };
}
