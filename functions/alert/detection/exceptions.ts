import type { Condition } from './eql/query.ts';

/** One `[[exception]]`: an accepted benign true positive. Times are ISO 8601 UTC dates. */
export type Exception = {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly created: string;
  /** The first moment at which it no longer excepts, milliseconds UTC. */
  readonly expiresMs: number;
  readonly expires: string;
  readonly allHosts: boolean;
  readonly accepts: readonly number[];
  readonly conditionText: string;
  readonly condition: Condition;
};
