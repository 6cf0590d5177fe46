import { inParallel } from '../archive/index.ts';
import type { Alert } from '../detection/index.ts';
import type { Message } from '../notification/index.ts';
import type { Metric } from '../observability/index.ts';
import type { Job } from './job.ts';
import { AT_ONCE, type PersistedAlert, type PersistedNotice } from './persist-alerts.ts';

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

/**
 * The only order that loses nothing: a receipt is written after SNS has accepted the message. `ids`: of its alerts, or
 * its notice.
 */
export async function publishWithReceipt(
  { ports, receipts }: Pick<Job, 'ports' | 'receipts'>,
  to: keyof Job['ports']['topics'],
  message: Message,
  pointer: string | null,
  ids: readonly string[],
  incident?: string,
): Promise<void> {
  const topic = ports.topics[to]!;
  const messageId = await ports.publish(topic, message, { isPaced: to !== 'records', pointer });
  const carrier = { ...(incident !== undefined && { incident }), message: messageId };
  await inParallel(ids, AT_ONCE, async id => receipts?.write(id, topic, carrier));
}

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
