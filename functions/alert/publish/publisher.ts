import type { PersistedAlert, PersistedNotice } from './persist-alerts.ts';

/** How an incident or a notice is published; with an archive and without. */
export type Publisher = {
  /** Looks up what was told of a batch before any of it is told. */
  readonly admit: (alerts: readonly PersistedAlert[], notices: readonly PersistedNotice[]) => Promise<void>;
  /** What was recorded of one incident, as one message. */
  readonly publishIncident: (members: readonly PersistedAlert[]) => Promise<void>;
  readonly publishNotice: (notice: PersistedNotice) => Promise<void>;
  /** What was held gets its list and its notice. */
  readonly settle: () => Promise<void>;
};
