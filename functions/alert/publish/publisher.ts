import type { RecordedAlert, RecordedNotice } from './persist-alerts.ts';

/** How one alert or notice is told; with an archive and without. */
export type Desk = {
  readonly tellAlert: (alert: RecordedAlert) => Promise<void>;
  readonly tellNotice: (notice: RecordedNotice) => Promise<void>;
  /** What was held gets its list and its notice. */
  readonly settle: () => Promise<void>;
};
