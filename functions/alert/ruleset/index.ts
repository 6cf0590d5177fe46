/** The entry point of the ruleset: from files to a checked set of rules. */

export { type Checked, checkFolder, type Finding } from './check/check-folder.ts';
export { checkIndicators } from './check/check-indicators.ts';
export { acceptedBy, type Exception } from './exceptions.ts';
export { fieldKnowledge } from './fields.ts';
export { freezeIndicators, freezeRule, thawIndicators, thawRule } from './frozen.ts';
export type { Guide, GuideQuery, GuideSection, GuideStep } from './guide/guide.ts';
export {
  INDICATORS_FILE,
  type Indicator,
  type IndicatorDeps,
  type IndicatorEvidence,
  type IndicatorLevels,
  type Indicators,
  readIndicators,
} from './indicators.ts';
export { LOCALES, type Locale, type Localized } from './locale.ts';
export type { PayloadForm } from './locations.ts';
export { nearestOf } from './nearest.ts';
export { duplicateRule, RuleError } from './problem.ts';
export {
  MOST_SET_LENGTH,
  type Pointer,
  type PointerEntry,
  type PublishedSet,
  pointBack,
  pointerKey,
  pointTo,
  readPointer,
  readSet,
  type SetCode,
  SetError,
  type SetStore,
  setKey,
  writeSet,
} from './published-set.ts';
export { fitsKey, foldAscii, type Owner, parseRegistryPath, type RegistryPath } from './registry-path.ts';
export { type Certainty, type Location, type Rule, readRule } from './rule/rule.ts';
export { isSameQuery, readUpstreamRule, type UpstreamRule, upstreamChanges } from './upstream.ts';
