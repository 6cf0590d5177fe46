/** The entry point of detection: events in, matches and alerts out. */

export type { Alert, Evidence, Facts, History, Match, ObjectIdentity } from './alert.ts';
export { firesAt } from './assess.ts';
export type { Assessment, AssessmentLevel, FiredIndicator } from './assessment.ts';
export { type Detector, type EventContext, type Explained, makeDetector, type Verdict } from './detector.ts';
export { byTime, type Incident, incidentOf } from './incident.ts';
export type { Address, DecodedLayer, Payload, PayloadCommand } from './payload/index.ts';
export { RelatedMatches } from './related.ts';
