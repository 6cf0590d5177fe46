/** The entry point of detection: events in, matches and alerts out. */

export type {
  Alert,
  EventSource,
  Evidence,
  Facts,
  History,
  InferredValue,
  Match,
  ObjectIdentity,
  Product,
  Repeated,
} from './alert.ts';
export { firesAt } from './assess.ts';
export { type Assessment, type AssessmentLevel, type FiredIndicator, suspicionRank } from './assessment.ts';
export { type Detector, type Explained, makeDetector, type Verdict } from './detector.ts';
export type { EventContext } from './event-context.ts';
export { byTime, type Grouping, type Incident, incidentOf } from './incident.ts';
export {
  type Address,
  type DecodedLayer,
  interpretedFiles,
  isOwnShell,
  isTopLevelDomain,
  type Payload,
  type PayloadCommand,
  type SeenRunning,
  seenRunning,
} from './payload/index.ts';
export { literalsWith, type RecordMapping } from './record-literals.ts';
export { RelatedMatches } from './related.ts';
