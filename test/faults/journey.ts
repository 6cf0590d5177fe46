import { hash } from 'node:crypto';
import { noticeIdOf, objectIdOf } from '../../functions/alert/archive/keys.ts';
import type { Alert, Grouping } from '../../functions/alert/detection/index.ts';
import type { Notice } from '../../functions/alert/notification/index.ts';
import { groupIncidents } from '../../functions/alert/pipeline/incidents.ts';
import type { ScanResult } from '../../functions/alert/publish/job.ts';

const hashes = new Map<string, string>();

/** Every run hashes the same texts. */
export function sha256(text: string): string {
  const known = hashes.get(text) ?? hash('sha256', text);
  if (hashes.size < 100_000) hashes.set(text, known);
  return known;
}

/** What delivery reads of an alert, and nothing else. */
export type AlertSketch = {
  readonly name: string;
  readonly host?: string;
  readonly path?: string;
  readonly data?: string;
  readonly requester?: string;
  readonly entityId?: string;
  readonly level?: Alert['assessment']['level'];
  /** Number of its location. */
  readonly location?: number;
};

/** An alert as far as delivery reads one; two sketches with the same name are the same event. */
export function sketchAlert(
  {
    name,
    host = 'H1',
    path = `HKLM\\Run\\${name}`,
    data = `${name}.exe`,
    requester = 'C:\\wmic.exe',
    entityId,
    level = 'unclear',
    location,
  }: AlertSketch,
  lastModified: string,
): Alert {
  const alert = {
    id: sha256(`alert ${name}`),
    writtenHash: sha256(`${path}\n${data}`),
    rule: { id: 'rule-1', folder: 'rule-1', maxSignals: 3 },
    evidence: {
      bucket: 'logs',
      key: 'k',
      versionId: 'v',
      etag: null,
      lastModified,
      record: 1,
      offset: 0,
      sha256: '',
    },
    facts: {
      hostName: host,
      hostId: host,
      agentId: null,
      registry: { path, value: 'v', data: [data] },
      requester: { name: requester, executable: requester, entityId: entityId ?? null },
      writer: { entityId: null },
      timestampMs: Date.parse(lastModified) - 60_000,
    },
    location:
      location === undefined
        ? null
        : { number: location, text: { en: { what: `location ${location}` }, 'zh-CN': { what: '' } } },
    assessment: { level, score: 0, indicators: [] },
    history: null,
  };
  return alert as unknown as Alert;
}

export type JourneySketch = {
  readonly key: string;
  readonly alerts: readonly AlertSketch[];
  readonly lastModified?: string;
  readonly grouping?: Grouping;
  /** More were found than are published. */
  readonly hasDigest?: boolean;
  readonly isDamaged?: boolean;
  readonly outcome?: ScanResult['outcome'];
  readonly attempt?: number;
  readonly isCanary?: boolean;
  readonly backfill?: string;
};

/** What the reading of an object gives, without the reading. */
export function sketchScan(sketch: JourneySketch): ScanResult {
  const { key, lastModified = '2026-11-24T02:48:10.000Z', isDamaged = false } = sketch;
  const object = {
    bucket: 'logs',
    key,
    versionId: 'v1',
    etag: 'e1',
    lastModified,
  };
  const objectId = objectIdOf(sha256, object);
  const notices: Notice[] = [];
  const add = (kind: Notice['kind']): void => {
    notices.push({ id: noticeIdOf(sha256, kind, objectId), kind, object, place: null } as unknown as Notice);
  };
  if (sketch.hasDigest) add('digest');
  if (isDamaged) add('quarantine');
  if (sketch.outcome === 'incomplete') add('incomplete-scan');
  return {
    object,
    isCanary: sketch.isCanary ?? false,
    outcome: sketch.outcome ?? (isDamaged ? 'quarantined' : 'complete'),
    code: isDamaged ? 'GzipTruncated' : null,
    incidents: groupIncidents(
      sketch.alerts.map(alert => sketchAlert(alert, lastModified)),
      sketch.grouping ?? 'off',
    ),
    notices,
    rulesetDigest: 'basis',
    counts: { records: 10 },
    exceptedBy: {},
    attempt: sketch.attempt ?? 1,
    backfill: sketch.backfill ?? null,
  };
}
