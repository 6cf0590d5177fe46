import { type LedgerEntry, objectIdOf, receiptsIn, writeLedger } from '../archive/index.ts';
import type { Incident } from '../detection/index.ts';
import { DeliveryError, OUTCOMES, type OutcomeClass } from '../observability/index.ts';
import { canaryNotices } from './canary-notices.ts';
import { type Delivered, type DeliverPorts, type Job, outOfTime, type ScanResult } from './job.ts';
import { batchesOf, type PersistedAlert, persistAlerts, persistNotices } from './persist-alerts.ts';
import { peopleOf } from './publish-alerts.ts';
import { publishOperations } from './publish-operations.ts';
import { publishRecords } from './publish-records.ts';

/**
 * Publishes the results of one object, batch by batch: first to the archive, then each message to its topic, then its
 * receipt, and the ledger entry last. Nothing is acknowledged before all of it is done; the next attempt does the rest.
 * @throws DeliveryError, after every topic that works has received its part
 */
export async function deliver(result: ScanResult, ports: DeliverPorts): Promise<Delivered> {
  const { archive, sha256 } = ports;
  const objectId = objectIdOf(sha256, result.object);
  const receipts = archive && receiptsIn(archive, ports);
  const delivered = { published: 0, known: 0, repeats: 0, held: 0, notices: 0 };
  const { isCanary } = result;
  const job: Job = { result, ports, objectId, receipts, delivered };

  const notices = await persistNotices(job, isCanary ? canaryNotices(job) : result.notices);
  const people = peopleOf(job, notices);
  const persisted: PersistedAlert[] = [];
  const failures: unknown[] = [];
  const orLater = (error: unknown): void => void failures.push(error);
  for (const batch of batchesOf(isCanary ? [] : result.incidents)) {
    const part = await persistAlerts(job, batch);
    persisted.push(...part);
    // An unreachable alert topic does not keep the alerts from the archive and from machines.
    if (failures.length === 0) await people.incidents(membersOf(batch, part)).catch(orLater);
    if (part.length < batch.reduce((sum, { alerts }) => sum + alerts.length, 0)) {
      failures.push(outOfTime(job, 'recorded'));
      break;
    }
  }
  if (failures.length === 0) await people.finish().catch(orLater);
  await publishOperations(job, notices).catch(orLater);
  await publishRecords(job, persisted).catch(orLater);
  if (failures.length > 0) throw worstOf(failures);
  if (result.outcome === 'incomplete') throw incomplete(job);
  if (archive) await writeLedger(archive, objectId, entryOf(result, result.outcome));
  return delivered;
}

/** The recorded part of each incident; if the deadline came first, that is less than all of it. */
function membersOf(batch: readonly Incident[], part: readonly PersistedAlert[]): PersistedAlert[][] {
  const byId = new Map(part.map(persisted => [persisted.alert.id, persisted]));
  return batch
    .map(({ alerts }) => alerts.flatMap(({ id }) => byId.get(id) ?? []))
    .filter(members => members.length > 0);
}

/** The alerts found are published; the object is not done, and the second attempt shows that it is too large. */
function incomplete({ result: { object, attempt }, ports }: Job): DeliveryError {
  const code = attempt >= 2 ? 'IncompleteScan' : 'DeadlineGuard';
  if (code === 'IncompleteScan') ports.count(code, 1);
  return new DeliveryError(code, `s3://${object.bucket}/${object.key}: deadline reached while reading`);
}

const SEVERITY: readonly OutcomeClass[] = ['config', 'retry'];

function worstOf(failures: readonly unknown[]): unknown {
  const rank = (error: unknown) =>
    error instanceof DeliveryError ? SEVERITY.indexOf(OUTCOMES[error.code].class) : Number.MAX_SAFE_INTEGER;
  return failures.toSorted((a, b) => rank(a) - rank(b))[0];
}

function entryOf(result: ScanResult, outcome: LedgerEntry['outcome']): LedgerEntry {
  const { object, code, rulesetDigest: basis, counts, exceptedBy, backfill, unwatched } = result;
  return { object, outcome, code, basis, counts, exceptedBy, backfill, ...(unwatched && { unwatched }) };
}
