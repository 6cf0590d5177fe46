import type { Archive } from '../archive/index.ts';
import { isFinished, noticeIdOf, objectIdOf, overflowIn } from '../archive/index.ts';
import type { Detector, ObjectIdentity } from '../detection/index.ts';
import type { ReadLimits } from '../logs/index.ts';
import type { Notice, NoticeBody } from '../notification/index.ts';
import type { Telemetry } from '../observability/index.ts';
import { DeliveryError, type OutcomeCode } from '../observability/index.ts';
import { type DeliverPorts, deliver, type ScanResult, scanReserveMs } from '../publish/index.ts';
import type { ObjectRef } from '../source/index.ts';
import { type GetObject, type OpenedObject, openObject } from '../source/index.ts';
import { type CandidateCounts, countCandidates } from './coverage.ts';
import type { DailyNotices } from './daily-notices.ts';
import { type ScanReport, scan, sha256 } from './scan-log.ts';
import { countOverflow, countScan, countsOf, countTransfer } from './scan-metrics.ts';
import { selectAlerts } from './select-alerts.ts';

/** What processing an object needs; created once for an environment, except the deadline. */
export type ObjectPorts = {
  readonly getObject: GetObject;
  readonly archive: Archive | null;
  readonly detector: Detector;
  readonly limits: ReadLimits;
  /** Hash of everything that can change a match. */
  readonly rulesetDigest: string;
  /** Folders of the rules that no alarm of the template watches. */
  readonly unwatched?: readonly string[];
  readonly telemetry: Telemetry;
  readonly deliver: DeliverPorts;
  /** Published with the next object that is not of a quiet backfill, whatever it contains; emptied afterwards. */
  readonly standing: Notice[];
  /** If absent, what is published once a day goes only to the metrics. */
  readonly daily?: DailyNotices;
  readonly now: () => number;
  readonly remainingMs: () => number;
};

/** The result of one object that is done; for the summary of a direct invocation. */
export type ObjectOutcome = {
  readonly outcome: 'complete' | 'quarantined' | 'known';
  readonly code: string | null;
  readonly counts: Readonly<Record<string, number>>;
};

/**
 * Processes one object: reads, evaluates, publishes, writes receipts and the ledger entry. `attempt` is how often its
 * message has been received. @throws DeliveryError when something is not done
 */
export async function processObject(
  ref: ObjectRef,
  attempt: number,
  ports: ObjectPorts,
): Promise<ObjectOutcome> {
  const { archive, telemetry, rulesetDigest } = ports;
  const startedMs = ports.now();
  const object = { bucket: ref.bucket, key: ref.key, versionId: ref.versionId };
  const knownId = objectIdOf(sha256, { ...object, etag: ref.etag });
  if (
    archive !== null &&
    (ref.versionId ?? ref.etag) !== null &&
    (await isFinished(archive, knownId, { rulesetDigest, isLive: ref.backfill === null }, ports.deliver.warn))
  ) {
    telemetry.count('ObjectsSkipped', 1);
    telemetry.log('info', 'scan.skipped', { object, code: 'AlreadyScanned' satisfies OutcomeCode, attempt });
    return { outcome: 'known', code: 'AlreadyScanned', counts: {} };
  }
  const result = await readObject(ref, attempt, ports);
  const standing = ref.isCanary || ref.backfill !== null ? [] : ports.standing;
  const delivered = await deliver({ ...result, notices: [...result.notices, ...standing] }, ports.deliver);
  standing.length = 0;
  ports.daily?.delivered(result.notices);
  const counts = { ...result.counts, ...delivered };
  telemetry.count('ScanMilliseconds', ports.now() - startedMs);
  telemetry.log('info', 'scan.finished', {
    object: { ...object, versionId: result.object.versionId },
    outcome: result.outcome,
    code: result.code,
    attempt,
    ms: ports.now() - startedMs,
    counts,
    exceptedBy: result.exceptedBy,
  });
  return {
    outcome: result.outcome === 'quarantined' ? 'quarantined' : 'complete',
    code: result.code,
    counts,
  };
}

/** Reads and evaluates; what no retry can fix becomes an outcome, everything else is thrown. */
async function readObject(ref: ObjectRef, attempt: number, ports: ObjectPorts): Promise<ScanResult> {
  const reserveMs = scanReserveMs(ports.remainingMs());
  const stop = (): boolean => ports.remainingMs() < reserveMs;
  let opened: OpenedObject;
  try {
    opened = await openObject(ports.getObject, ref, stop);
  } catch (error) {
    if (error instanceof DeliveryError && error.class === 'quarantine')
      return goneObject(ref, attempt, error, ports);
    throw error;
  }
  const object = opened.identity;
  const overflow =
    ports.archive === null
      ? null
      : overflowIn(ports.archive, objectIdOf(sha256, object), ports.rulesetDigest);
  const selection = selectAlerts(object, ports.rulesetDigest, overflow, ports.deliver.grouping);
  const candidates = countCandidates(ports.detector);
  const options = {
    detector: ports.detector,
    limits: ports.limits,
    audit: false,
    asOfMs: object.lastModified === null ? null : Date.parse(object.lastModified),
    stop,
  };
  let result: ScanReport;
  try {
    result = await scan(opened.bytes, object, options, { ...selection, event: candidates.see });
    if (result.report.outcome === 'stopped') await opened.close();
  } catch (error) {
    await Promise.allSettled([opened.close(), overflow?.abandon()]);
    throw error;
  }
  const told = await selection.finish(result);
  const daily = ref.isCanary || ref.backfill !== null ? undefined : await ports.daily?.of(object, result);
  if (!ref.isCanary) countScan(ports.telemetry, result, candidates.counts());
  if (!ref.isCanary && ref.backfill === null) countOverflow(ports.telemetry, told.notices);
  countTransfer(ports.telemetry, opened);
  const overwritten = opened.isOverwritten
    ? [noticeOf(object, overwrittenBody(ref, object, told.alerts))]
    : [];
  const { report } = result;
  return {
    object,
    isCanary: ref.isCanary,
    outcome:
      report.outcome === 'stopped' ? 'incomplete' : opened.isOverwritten ? 'quarantined' : report.outcome,
    code: report.code ?? (opened.isOverwritten ? ('ObjectOverwritten' satisfies OutcomeCode) : null),
    incidents: told.incidents,
    notices: [...overwritten, ...told.notices, ...(daily ?? [])],
    rulesetDigest: ports.rulesetDigest,
    counts: countsOf(result),
    exceptedBy: Object.fromEntries(result.exceptedBy),
    ...unwatchedOf(ports.unwatched ?? [], candidates.counts()),
    attempt,
    backfill: ref.backfill,
  };
}

function unwatchedOf(
  folders: readonly string[],
  counted: ReadonlyMap<string, CandidateCounts>,
): Pick<ScanResult, 'unwatched'> {
  if (folders.length === 0) return {};
  const of = [...counted].filter(([folder]) => folders.includes(folder));
  return { unwatched: Object.fromEntries(of.map(([folder, { candidates }]) => [folder, candidates])) };
}

function goneObject(
  ref: ObjectRef,
  attempt: number,
  { code }: DeliveryError,
  { rulesetDigest, telemetry }: ObjectPorts,
): ScanResult {
  const { bucket, key, versionId, etag, isCanary } = ref;
  const object: ObjectIdentity = { bucket, key, versionId, etag, lastModified: null };
  const body: NoticeBody =
    code === 'ObjectArchived'
      ? { kind: 'object-archived', object, storageClass: null, place: null }
      : { kind: 'object-missing', object, place: null };
  telemetry.count(code === 'ObjectArchived' ? 'ObjectArchived' : 'ObjectMissing', 1);
  return {
    object,
    isCanary,
    outcome: 'quarantined',
    code,
    incidents: [],
    notices: [noticeOf(object, body)],
    rulesetDigest,
    counts: {},
    exceptedBy: {},
    attempt,
    backfill: ref.backfill,
  };
}

function overwrittenBody(ref: ObjectRef, object: ObjectIdentity, alerts: number): NoticeBody {
  return {
    kind: 'object-overwritten',
    object,
    expectedEtag: ref.etag,
    foundEtag: object.etag,
    alerts,
    place: null,
  };
}

function noticeOf(object: ObjectIdentity, body: NoticeBody): Notice {
  return { id: noticeIdOf(sha256, body.kind, objectIdOf(sha256, object)), ...body };
}
