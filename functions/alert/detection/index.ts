/** The only way into this room: rules are read, queries compiled, events judged, alerts made. */

export type { Alert, Draft, Evidence, Facts, History, Lag, Neighbours, Requester } from './alert.ts';
export { type Checked, checkFolder, type Finding } from './check-folder.ts';
export { type Circumstances, type Detector, type Explained, makeDetector, type Verdict } from './detector.ts';
export { compileQuery, evaluateConstant } from './eql/compile.ts';
export { EqlError } from './eql/error.ts';
export type { Clause, Explanation, Query } from './eql/query.ts';
export type { Exception } from './exceptions.ts';
export type { Guide, GuideSection, GuideStep } from './guide.ts';
export type { Sha256 } from './identity.ts';
export type { JsonObject, JsonValue, ReadField, Scalar } from './json.ts';
export { LOCALES, type Locale, type Localized } from './locale.ts';
export { Neighbourhood } from './neighbourhood.ts';
export type { Owner } from './place.ts';
export { type Problem, RuleError } from './problem.ts';
export type { AttackEntry, Certainty, Location, LocationText, Payload, Rule, Threat } from './rule.ts';
export { readRule } from './rule.ts';
