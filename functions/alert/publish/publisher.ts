import type { Alert } from '../detection/index.ts';
import type { Metric } from '../observability/index.ts';
import type { PersistedAlert, PersistedNotice } from './persist-alerts.ts';

/** How an incident or a notice is published; with an archive and without. */
export type Publisher = {
  /** Looks up what was published of a batch before any of it is published. */
  readonly admit: (alerts: readonly PersistedAlert[], notices: readonly PersistedNotice[]) => Promise<void>;
  /** Publishes the recorded part of one incident as one message. */
  readonly publishIncident: (members: readonly PersistedAlert[]) => Promise<void>;
  readonly publishNotice: (notice: PersistedNotice) => Promise<void>;
  /** Writes the list and sends the digest of what was held. */
  readonly settle: () => Promise<void>;
};

const LEVEL_METRICS = {
  suspicious: 'AlertsSuspicious',
  unusual: 'AlertsUnusual',
  unclear: 'AlertsUnclear',
  administration: 'AlertsAdministration',
} as const satisfies Record<Alert['assessment']['level'], Metric>;

/** Counts the alerts of one incident sent to people, in total and by assessment. */
export function countPublished(count: (metric: Metric, by: number) => void, alerts: readonly Alert[]): void {
  count('AlertsPublished', alerts.length);
  for (const { assessment } of alerts) count(LEVEL_METRICS[assessment.level], 1);
  count('IncidentsPublished', 1);
}
