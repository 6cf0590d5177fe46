import {
  type Indicator,
  type IndicatorDeps,
  type IndicatorEvidence,
  type Indicators,
  readIndicators,
} from '../indicators.ts';
import { Problems, quote, RuleError, type Source } from '../problem.ts';
import type { Finding } from './check-folder.ts';
import { isUntranslated } from './check-translation.ts';

/** Whether an indicator fires for a write; passed in, since the payload is parsed in `detection/`. */
export type Fires = (indicator: Indicator, evidence: IndicatorEvidence) => boolean;

/** Checks `indicators.toml`: everything that reading it checks, and that each indicator fires on its evidence only. */
export function checkIndicators(
  source: Source,
  deps: IndicatorDeps,
  fires: Fires,
): { readonly indicators: Indicators | null; readonly findings: readonly Finding[] } {
  let indicators: Indicators;
  try {
    indicators = readIndicators(source, deps);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return {
      indicators: null,
      findings: error.problems.map(problem => ({ ...problem, severity: 'refused' as const })),
    };
  }
  const problems = new Problems();
  for (const indicator of indicators.list) {
    for (const evidence of indicator.fires) {
      if (fires(indicator, evidence)) continue;
      const message = `${indicator.id} does not fire for ${quote(evidence.data.join(' '))}`;
      problems.at(source, evidence.at, 'EvidenceSilent', message);
    }
    for (const evidence of indicator.quiet) {
      if (!fires(indicator, evidence)) continue;
      const message = `${indicator.id} fires for ${quote(evidence.data.join(' '))}, though it is listed as quiet`;
      problems.at(source, evidence.at, 'EvidenceAlerts', message);
    }
  }
  const texts = new Problems();
  for (const { id, text } of indicators.list) {
    const at = source.text.indexOf(`"${id}"`);
    const stopped = Object.values(text).find(text => /[.。]$/.test(text));
    if (stopped !== undefined) texts.at(source, at, 'Warning', `${id}: a full stop ends ${quote(stopped)}`);
    if (isUntranslated(text['zh-CN'])) texts.at(source, at, 'Warning', `${id}: zh-CN is not in Chinese`);
  }
  return {
    indicators,
    findings: [
      ...problems.found.map(problem => ({ ...problem, severity: 'unsound' as const })),
      ...texts.found.map(problem => ({ ...problem, severity: 'warning' as const })),
    ],
  };
}
