import type { Overflow } from '../archive/index.ts';
import { hashOf, hostHashOf, noticeIdOf, objectIdOf } from '../archive/index.ts';
import type { Grouping, Incident, Match, ObjectIdentity } from '../detection/index.ts';
import {
  type ArchiveLocation,
  groupOf,
  inOrder,
  type Notice,
  type NoticeBody,
  type NoticeGroup,
  rankOf,
} from '../notification/index.ts';
import type { Rule } from '../ruleset/index.ts';
import { groupIncidents } from './incidents.ts';
import { type Findings, type ScanReport, sha256 } from './scan-log.ts';
import { type Selected, type Selection, select } from './selection-policy.ts';

/**
 * What is published of one object: incidents in the order of the object, the number of alerts, and what they leave out.
 */
type SelectedAlerts = {
  readonly incidents: readonly Incident[];
  readonly alerts: number;
  readonly notices: readonly Notice[];
};

export type AlertSelection = Findings & {
  /** After the object is read: selects, and writes the rest to the archive. */
  readonly finish: (result: ScanReport) => Promise<SelectedAlerts>;
};

/**
 * Selects, for each rule, which alerts of an object are published, groups them, streams the others to `rest` (`null`:
 * no archive) and gives their digest, the damage and the hiding places as data. `rulesetDigest`: of the rules
 * evaluated.
 */
export function selectAlerts(
  object: ObjectIdentity,
  rulesetDigest: string,
  overflow: Overflow | null,
  grouping: Grouping,
): AlertSelection {
  const selections = new Map<Rule, Selection<Match, NoticeGroup>>();
  return {
    match: async match => {
      const selection =
        selections.get(match.rule) ?? select<Match, NoticeGroup>(match.rule.maxSignals, groupOf, rankOf);
      selections.set(match.rule, selection);
      if (!selection.add(match, groupHashOf(match), match.evidence.record)) await overflow?.keep(match);
    },
    excepted: async (match, exception) => overflow?.keepExcepted(match, exception),
    finish: async result => {
      const chosen = [...selections].map(([rule, selection]) => ({ rule, ...selection.result() }));
      for (const { waited } of chosen) for (const match of waited) await overflow?.keep(match);
      const isWhole = result.report.outcome !== 'stopped';
      const place = (isWhole ? await overflow?.finish() : await overflow?.abandon()) ?? null;
      const matches = chosen
        .flatMap(({ told }) => told)
        .sort((a, b) => a.evidence.record - b.evidence.record);
      const alerts = matches.map(match => result.complete(match, null));
      const incidents = groupIncidents(alerts, grouping);
      const digests = chosen.filter(({ told, total }) => isWhole && total > told.length);
      return {
        incidents,
        alerts: alerts.length,
        notices: noticesOf(object, rulesetDigest, [
          ...digests.map(of => digestOf(of, incidents, object, place)),
          ...contentOf(result, object, alerts.length),
        ]),
      };
    },
  };
}

/** Most entries in a list within prose. */
const GROUPS_GIVEN = 25;

type Chosen = Selected<Match, NoticeGroup> & { readonly rule: Rule };

function digestOf(
  of: Chosen,
  incidents: readonly Incident[],
  object: ObjectIdentity,
  overflow: ArchiveLocation | null,
): NoticeBody {
  const { rule, told, total, groups, groupCount, firstRecord, lastRecord, restRecords } = of;
  const given = inOrder(groups.map(({ first, count }) => ({ ...first, count }))).slice(0, GROUPS_GIVEN);
  return {
    kind: 'digest',
    object,
    rule,
    total,
    told: told.length,
    incidents: incidents.filter(({ alerts }) => alerts[0].rule === rule).length,
    groups: given,
    moreGroups: groupCount - given.length,
    firstRecord,
    lastRecord,
    rest: overflow,
    records: overflow === null ? restRecords : [],
  };
}

/** What reading reports besides alerts: damage, skipped records, documents of another index. */
function contentOf({ report, otherIndex }: ScanReport, object: ObjectIdentity, alerts: number): NoticeBody[] {
  const { records, decompressedBytes, detail, suspiciousCount } = report;
  const suspicious = suspiciousCount === 0 ? null : { count: suspiciousCount, records: report.suspicious };
  const bodies: NoticeBody[] = [];
  if (report.outcome === 'quarantined') {
    const code = report.code ?? 'NoReadableRecords';
    bodies.push({
      kind: 'quarantine',
      object,
      code,
      detail,
      records,
      decompressedBytes,
      alerts,
      suspicious,
      place: null,
    });
  }
  if (report.outcome === 'stopped') {
    bodies.push({ kind: 'incomplete-scan', object, records, decompressedBytes, alerts, place: null });
  }
  if (suspicious !== null && report.outcome !== 'quarantined')
    bodies.push({ kind: 'suspicious-record', object, ...suspicious });
  const { count, first, rule } = otherIndex;
  if (first !== null && rule !== null) bodies.push({ kind: 'other-index', object, rule, count, first });
  return bodies;
}

/**
 * The identity of a notice is its kind and its object; what would differ under other rules includes their digest, so
 * that an object read again with fixed rules reports what these find.
 */
function noticesOf(object: ObjectIdentity, rulesetDigest: string, bodies: readonly NoticeBody[]): Notice[] {
  const objectId = objectIdOf(sha256, object);
  return bodies.map(body => ({
    id: noticeIdOf(sha256, body.kind, objectId, ...saidBy(body, rulesetDigest)),
    ...body,
  }));
}

function saidBy(body: NoticeBody, rulesetDigest: string): readonly string[] {
  switch (body.kind) {
    case 'digest':
      return [body.rule.id, rulesetDigest];
    case 'suspicious-record':
    case 'other-index':
      return [rulesetDigest];
    default:
      return [];
  }
}

/** Host, location and requester. */
function groupHashOf({ facts, location }: Match): string {
  const place = String(location?.number ?? '');
  return hashOf(sha256, [
    hostHashOf(sha256, facts),
    place,
    facts.requester.executable ?? facts.requester.name ?? '',
  ]);
}
