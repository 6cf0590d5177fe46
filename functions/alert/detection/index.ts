/** The entry point of detection: events in, matches and alerts out. */

export type { Alert, Draft, Evidence, Facts, History } from './alert.ts';
export type { Assessment, AssessmentLevel, FiredIndicator } from './assessment.ts';
export { type Circumstances, type Detector, type Explained, makeDetector, type Verdict } from './detector.ts';
export type { Address, DecodedLayer, Payload, PayloadCommand } from './payload/index.ts';
export { Neighbourhood } from './related.ts';
