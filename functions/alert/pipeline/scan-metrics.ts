import type { Notice } from '../notification/index.ts';
import type { Telemetry } from '../observability/index.ts';
import type { OpenedObject } from '../source/index.ts';
import type { CandidateCounts } from './coverage.ts';
import type { ScanReport } from './scan-log.ts';
import { isMostlyUnknown } from './unread-records.ts';

/** The counts of one object for its summary line and its entry in the ledger. */
export function countsOf({
  report,
  matches,
  excepted,
  repeated,
  undecidable,
}: ScanReport): Record<string, number> {
  const { bytes, decompressedBytes, records, decoded, events } = report;
  return {
    bytes,
    decompressedBytes,
    records,
    decoded,
    events,
    matches,
    excepted,
    repeated,
    skipped: skippedOf(report.skipped),
    unknown: report.unknown,
    undecidable,
  };
}

function skippedOf(skipped: Readonly<Record<string, number>>): number {
  return Object.values(skipped).reduce((sum, count) => sum + count, 0);
}

/** The metrics of one object; canaries are not counted, so that they cannot mask a silent exporter. */
export function countScan(
  { count }: Telemetry,
  { report, matches, excepted, otherIndex, undecidable, unread }: ScanReport,
  candidates: ReadonlyMap<string, CandidateCounts>,
): void {
  count('ObjectsScanned', 1);
  count('RecordsScanned', report.records);
  count('BytesScanned', report.bytes);
  for (const [rule, { candidates: held, fieldsAbsent }] of candidates) {
    count('CandidateEvents', held, rule);
    count('FieldsAbsent', fieldsAbsent, rule);
  }
  if (matches > 0) count('MatchesFound', matches);
  if (excepted > 0) count('AlertsExcepted', excepted);
  if (otherIndex.count > 0) count('OtherIndex', otherIndex.count);
  const skipped = skippedOf(report.skipped);
  if (skipped > 0) count('RecordsSkipped', skipped);
  if (report.suspiciousCount > 0) count('SuspiciousRecords', report.suspiciousCount);
  if (report.unknown > 0) count('UnknownShape', report.unknown);
  if (isMostlyUnknown(report.unknown, report.records)) count('UnknownObjects', 1);
  if (undecidable > 0) count('Undecidable', undecidable);
  const unreadRecords = unread.otherCategory + report.inventory;
  if (unreadRecords > 0) count('KnownUnread', unreadRecords);
  for (const source of unread.sources.values()) count('UnreadSource', source.count);
  if (report.outcome === 'quarantined') count('ObjectQuarantined', 1);
  if (report.code === 'NoReadableRecords') count('NoReadableRecords', 1);
}

/** What appears only in a digest. Not for a quiet backfill, where it would mean alarms for too many alerts. */
export function countOverflow({ count }: Telemetry, notices: readonly Notice[]): void {
  for (const notice of notices) {
    if (notice.kind === 'digest') count('AlertsOverflow', notice.total - notice.told);
  }
}

/** The metrics of the transfer of one object. */
export function countTransfer({ count }: Telemetry, { transfer, isOverwritten }: OpenedObject): void {
  if (transfer.retries > 0) count('S3Retries', transfer.retries);
  if (transfer.resumes > 0) count('S3Resumed', transfer.resumes);
  if (transfer.stalls > 0) count('S3Stalled', transfer.stalls);
  if (!transfer.hasChecksum) count('UnverifiedObjects', 1);
  if (isOverwritten) count('ObjectOverwritten', 1);
}
