/** The entry point of the pipeline: what happens to one object. */

export { dailyNotices } from './daily-notices.ts';
export { inflateStart } from './inflate-start.ts';
export {
  checkoutRules,
  loadIndicators,
  loadRules,
  ownRules,
  ruleFiles,
  ruleFolders,
  rulesReading,
} from './load-rules.ts';
export { lockedVersions } from './locked-versions.ts';
export { type ObjectOutcome, type ObjectPorts, processObject } from './process-object.ts';
export { type Change, publishedRules, readRuleset } from './published-rules.ts';
export { changeBetween, type Ruleset } from './ruleset-change.ts';
export {
  evaluateEvent,
  eventContextOf,
  type Findings,
  type ScanReport,
  scan,
  sha256,
} from './scan-log.ts';
export { selectAlerts } from './select-alerts.ts';
export { isMostlyUnknown } from './unread-records.ts';
