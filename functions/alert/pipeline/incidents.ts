import { type Alert, byTime, type Grouping, type Incident, incidentOf } from '../detection/index.ts';
import { sha256 } from './scan-log.ts';

/** Longest time between two neighbouring alerts of one incident, in event time. */
const GAP_MS = 10 * 60_000;

/** Most alerts in a message, whatever `max_signals` a rule has: this many fit every size limit. */
const MOST_ALERTS = 100;

/**
 * Groups the alerts of one object into incidents: same rule, host and initiating process, each at most ten minutes after
 * the previous one in event time, whatever their order in the log. An alert whose host or time is unknown stays alone;
 * more than a hundred are split into parts of a hundred, the most suspicious first. Depends only on the alerts and
 * `grouping`; incidents are in the order of their first records.
 */
export function groupIncidents(alerts: readonly Alert[], grouping: Grouping): readonly Incident[] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = (grouping === 'incident' && groupKeyOf(alert)) || `alone ${alert.id}`;
    const group = groups.get(key);
    if (group) group.push(alert);
    else groups.set(key, [alert]);
  }
  return [...groups.values()]
    .flatMap(splitAtGaps)
    .flatMap(partsOf)
    .sort((a, b) => firstRecordOf(a) - firstRecordOf(b))
    .map(members => incidentOf(members, sha256));
}

/**
 * Where Effective_process.entity_id is missing, the writing process counts as the initiator; where that has none either,
 * only the host decides. `null`: host or time is unknown. Lengths keep the parts apart, since their text is from events.
 */
function groupKeyOf({ rule, facts }: Alert): string | null {
  const { hostId, hostName, agentId, requester, writer, timestampMs } = facts;
  const host = hostId ?? hostName ?? agentId;
  if (host === null || timestampMs === null) return null;
  const process =
    requester.entityId !== null
      ? ['initiator', requester.entityId]
      : writer.entityId !== null
        ? ['writer', writer.entityId]
        : [];
  return [rule.id, host, ...process].map(part => `${part.length}:${part}`).join('');
}

function splitAtGaps(group: readonly Alert[]): Alert[][] {
  const parts: Alert[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const alert of group.toSorted(byTime)) {
    const at = alert.facts.timestampMs ?? lastMs;
    if (at - lastMs <= GAP_MS) parts.at(-1)?.push(alert);
    else parts.push([alert]);
    lastMs = at;
  }
  return parts;
}

function partsOf(group: readonly Alert[]): (readonly Alert[])[] {
  const { alerts } = incidentOf(group, sha256);
  const parts = Math.ceil(alerts.length / MOST_ALERTS);
  return Array.from({ length: parts }, (_, at) => alerts.slice(at * MOST_ALERTS, (at + 1) * MOST_ALERTS));
}

const firstRecordOf = (alerts: readonly Alert[]): number =>
  Math.min(...alerts.map(({ evidence }) => evidence.record));
