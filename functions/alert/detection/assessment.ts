import type { Localized } from '../ruleset/index.ts';

/**
 * How an alert looks, from the most suspicious on. Never "benign": lowering affects order and wording, and hides no
 * alert.
 */
export type AssessmentLevel = (typeof ASSESSMENT_LEVELS)[number];

const ASSESSMENT_LEVELS = ['suspicious', 'unusual', 'unclear', 'administration'] as const;

/** The combined result of the indicators. It never suppresses an alert, and is not part of its identity. */
export type Assessment = {
  readonly level: AssessmentLevel;
  /** The sum of the weights; below 0 where the lowering ones prevail. */
  readonly score: number;
  /** Those that fired, from the weightiest raising one to the weightiest lowering one. */
  readonly indicators: readonly FiredIndicator[];
};

/** The smaller, the more suspicious: by level, then by score. Below 400,000. */
export function suspicionRank({ level, score }: Pick<Assessment, 'level' | 'score'>): number {
  const within = Math.min(Math.max(LEVEL_SPAN / 2 - score, 0), LEVEL_SPAN - 1);
  return ASSESSMENT_LEVELS.indexOf(level) * LEVEL_SPAN + within;
}

/** More than the weights of all indicators together, either way. */
const LEVEL_SPAN = 100_000;

/** An indicator whose condition is true for the event. Its texts are ours. */
export type FiredIndicator = {
  readonly id: string;
  /** -100 to 100; above 0 it raises. */
  readonly weight: number;
  /** From ATT&CK, such as `T1218.011`; `null`: a lowering one without. */
  readonly technique: string | null;
  /** One sentence without a full stop: "rundll32.exe loads a DLL without a path". */
  readonly text: Localized;
  /** Where the fact is documented: a URL. */
  readonly source: string;
};
