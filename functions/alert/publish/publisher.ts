import type { PersistedAlert, PersistedNotice } from './persist-alerts.ts';

/** How one alert or notice is told; with an archive and without. */
export type Publisher = {
  /** Looks up what was told of a batch before any of it is told. */
  readonly admit: (alerts: readonly PersistedAlert[], notices: readonly PersistedNotice[]) => Promise<void>;
  readonly publishAlert: (alert: PersistedAlert) => Promise<void>;
  readonly publishNotice: (notice: PersistedNotice) => Promise<void>;
  /** What was held gets its list and its notice. */
  readonly settle: () => Promise<void>;
};
