/** The entry point of observability: outcome codes, metrics, log lines. */

export type { Metric } from './metrics.ts';
export {
  codeOf,
  DeliveryError,
  type IgnoreCode,
  OUTCOMES,
  type OutcomeClass,
  type OutcomeCode,
} from './outcome-codes.ts';
export { makeTelemetry, type Telemetry, writerTo } from './telemetry.ts';
