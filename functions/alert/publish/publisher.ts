import type { RecordedAlert, RecordedNotice } from './persist-alerts.ts';

/** How one alert or notice is told; with an archive and without. */
export type Desk = {
  /** Looks up what was told of a batch before any of it is told. */
  readonly admit: (alerts: readonly RecordedAlert[], notices: readonly RecordedNotice[]) => Promise<void>;
  readonly tellAlert: (alert: RecordedAlert) => Promise<void>;
  readonly tellNotice: (notice: RecordedNotice) => Promise<void>;
  /** What was held gets its list and its notice. */
  readonly settle: () => Promise<void>;
};
