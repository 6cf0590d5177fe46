import { noticeIdOf, objectIdOf } from './delivery/keys.ts';
import type { Notice, NoticeBody, NoticeObject } from './notification/index.ts';
import { type ObjectFacts, type ScanResult, sha256 } from './scan.ts';

/** What the reading of an object has to say beside its alerts: damage, hiding places, documents of another index. */
export function contentNotices(result: ScanResult, facts: ObjectFacts, alerts: number): Notice[] {
  const { report, otherIndex } = result;
  const { records, decompressedBytes } = report;
  const object = placeOf(facts);
  const bodies: NoticeBody[] = [];
  if (report.outcome === 'quarantined') {
    const code = report.code ?? 'NoReadableRecords';
    const { detail } = report;
    bodies.push({
      kind: 'quarantine',
      object,
      code,
      detail,
      records,
      decompressedBytes,
      alerts,
      place: null,
    });
  }
  if (report.outcome === 'stopped') {
    bodies.push({ kind: 'incomplete-scan', object, records, decompressedBytes, alerts, place: null });
  }
  if (report.suspiciousCount > 0) {
    bodies.push({
      kind: 'suspicious-record',
      object,
      count: report.suspiciousCount,
      records: report.suspicious,
    });
  }
  const { count, first, rule } = otherIndex;
  if (first !== null && rule !== null) bodies.push({ kind: 'other-index', object, rule, count, first });
  const objectId = objectIdOf(sha256, facts);
  return bodies.map(body => ({ id: noticeIdOf(sha256, body.kind, objectId), ...body }));
}

/** An object as a notice names it. */
export function placeOf({ bucket, key, versionId, lastModified }: ObjectFacts): NoticeObject {
  return { bucket, key, versionId, lastModified };
}
