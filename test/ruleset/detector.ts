import { makeDetector } from '../../functions/alert/detection/index.ts';
import { loadIndicators } from '../../functions/alert/pipeline/load-rules.ts';
import type { Rule } from '../../functions/alert/ruleset/index.ts';
import { deps } from './rule-folder.ts';

/** Compiled once: to do it for each alert takes longer than all else. */
export const INDICATORS = loadIndicators('rules');

/** A detector of these rules with the indicators of the package. */
export function detectorOf(rules: readonly Rule[], more: Partial<Parameters<typeof makeDetector>[1]> = {}) {
  const settings = { dedupScope: 'event', osTypeFallback: [], indicators: INDICATORS } as const;
  return makeDetector(rules, { ...deps, ...settings, ...more });
}
