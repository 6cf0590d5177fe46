import type { Alert } from './alert.ts';
import { suspicionRank } from './assessment.ts';

/** `off`: each alert is a message of its own. */
export type Grouping = 'incident' | 'off';

/** Alerts of one object that are published as one message. */
export type Incident = {
  /** Hex SHA-256 over the sorted ids of its alerts. */
  readonly id: string;
  /** At least one; the most suspicious first, ties by event time, then by id. */
  readonly alerts: readonly [Alert, ...Alert[]];
};

/** The incident that these alerts form; also the rest of one after some of its alerts have been published. */
export function incidentOf(alerts: readonly Alert[], sha256: (text: string) => string): Incident {
  const [first, ...others] = alerts.toSorted(bySuspicion);
  if (first === undefined) throw new RangeError('an incident has at least one alert');
  const ids = alerts.map(({ id }) => id).sort();
  return { id: sha256(`incident\n${ids.join('\n')}`), alerts: [first, ...others] };
}

/** By level, then by score, then by time: what is shown first and cut last. */
function bySuspicion(a: Alert, b: Alert): number {
  return suspicionRank(a.assessment) - suspicionRank(b.assessment) || byTime(a, b);
}

/** By event time, then by id, so that the order in the log is irrelevant. */
export function byTime(a: Alert, b: Alert): number {
  return (a.facts.timestampMs ?? 0) - (b.facts.timestampMs ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
