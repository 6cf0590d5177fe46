/** The only way into this room: rules are read, queries compiled, events judged, alerts made. */

export type { Alert, Draft, Evidence, Facts, History, Lag, Neighbours, Owner, Requester } from './alert.ts';
export { cutEvent, type Detector, makeDetector, type Verdict } from './detector.ts';
export type { Clause, Explanation, Query } from './eql/query.ts';
export type { Exception } from './exceptions.ts';
export type { Guide, GuideSection, GuideStep } from './guide.ts';
export { DistinctIds, type Sha256 } from './identity.ts';
export { type JsonObject, type JsonValue, type ReadField, type Scalar, toJson } from './json.ts';
export { LOCALES, type Locale, type Localized } from './locale.ts';
export { Neighbourhood } from './neighbourhood.ts';
export type { AttackEntry, Certainty, Location, LocationText, Payload, Rule, Threat } from './rule.ts';
