import type { JsonObject } from '../../eql/index.ts';
import { type Problem, Problems, quote, RuleError, type Source } from '../problem.ts';
import { type Rule, type RuleDeps, readRule } from '../rule/rule.ts';
import { checkAccepts, checkEnds } from './check-exceptions.ts';
import { translationGaps } from './check-translation.ts';
import { type EvidenceLine, evidenceLines, type LastDocument } from './evidence-lines.ts';
import { queryGaps } from './query-gaps.ts';

/** The result of `check` for a rule. A refused rule cannot run at all; one with problems does not do what it says. */
export type Finding = Problem & { readonly severity: 'refused' | 'unsound' | 'warning' };

export type CheckOptions = RuleDeps & {
  /** The time for the expiry of exceptions, milliseconds UTC. */
  readonly asOfMs: number;
  /** An expired exception is an error and not only a warning. */
  readonly isStrict: boolean;
  /** The document that rules see for the last of some records of one object; default: that record itself. */
  readonly lastDocument?: LastDocument;
};

export type Checked = {
  /** `null`: refused. */
  readonly rule: Rule | null;
  readonly findings: readonly Finding[];
  /** Number of lines of `match.ndjson` and `quiet.ndjson` that were evaluated. */
  readonly matchLines: number;
  readonly quietLines: number;
};

/**
 * Checks one rule folder, given the texts of its files by name: everything that reading it checks, and its evidence.
 *
 * @example
 * const broken = new Map([...files, ['locations.toml', '']]);
 * const { findings } = checkFolder('wmi', broken, { readField, sha256, asOfMs: 0, isStrict: true });
 * findings.length > 0; // true
 */
export function checkFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
  options: CheckOptions,
): Checked {
  let rule: Rule;
  try {
    rule = readRule(folder, files, options);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const findings = error.problems.map(problem => ({ ...problem, severity: 'refused' as const }));
    return { rule: null, findings, matchLines: 0, quietLines: 0 };
  }
  const warnings = [...rule.warnings, ...queryGaps(rule), ...translationGaps(rule)].map(
    (warning): Finding => {
      const [, file = 'rule.toml', message = ''] = /^(?:([\w.-]+\.(?:toml|md)): )?(.*)$/s.exec(warning) ?? [];
      const place = { file: `${folder}/${file}`, line: 0, column: 0, excerpt: '' };
      return { ...place, severity: 'warning', code: 'Warning', message };
    },
  );
  const evidence = checkEvidence(rule, files, options.lastDocument);
  return {
    rule,
    findings: [
      ...nameFindings(folder),
      ...evidence.findings,
      ...checkEnds(rule, files, options),
      ...warnings,
    ],
    matchLines: evidence.matchLines,
    quietLines: evidence.quietLines,
  };
}

/** `RULES` and the parameter `Rules` name rules by their folders, and CloudWatch takes only ASCII as a dimension. */
function nameFindings(folder: string): Finding[] {
  if (/^(?:.*\/)?\w[\w-]*$/.test(folder)) return [];
  const problems = new Problems();
  const message = `the folder of a rule is named with letters, digits, - and _; not ${quote(folder)}`;
  problems.in(`${folder}/rule.toml`, 'WrongValue', message);
  return problems.found.map(problem => ({ ...problem, severity: 'unsound' }));
}

function checkEvidence(rule: Rule, files: ReadonlyMap<string, string>, lastDocument?: LastDocument) {
  const problems = new Problems();
  const read = (name: string) => evidenceLines(rule, name, files.get(name), problems, lastDocument);
  const match = read('match.ndjson');
  const quiet = read('quiet.ndjson');
  for (const { number, at, document } of match.lines) {
    if (!rule.query.matches(document)) {
      const message = `event ${number} does not alert: ${whyNot(rule, document)}`;
      problems.at(match.source, at, 'EvidenceSilent', message);
    }
  }
  for (const { number, at, document } of quiet.lines) {
    if (rule.query.matches(document)) {
      problems.at(quiet.source, at, 'EvidenceAlerts', `event ${number} alerts, though it is listed as quiet`);
    }
  }
  if (rule.whole && match.lines.length > 0) checkPatternsSeen(rule, match, problems);
  for (const exception of rule.exceptions) checkAccepts(rule, exception, files, match.lines, problems);
  const isExcused = (problem: Problem) => problem.code === 'EvidenceMissing' && !rule.whole;
  const findings = problems.found.map(
    (problem): Finding => ({ ...problem, severity: isExcused(problem) ? 'warning' : 'unsound' }),
  );
  return { findings, matchLines: match.lines.length, quietLines: quiet.lines.length };
}

function whyNot(rule: Rule, document: JsonObject): string {
  const { clauses, decidedBy } = rule.query.explain(document);
  const clause = clauses[decidedBy];
  if (!clause) return 'the query is not true';
  const source = quote(clause.source.replaceAll(/\s+/g, ' '));
  return clause.result === 'missing' ? `${source} finds no value` : `${source} is not true`;
}

/** A pattern that matches no event of the evidence may be misspelt, and nobody would notice. */
function checkPatternsSeen(
  rule: Rule,
  match: { readonly source: Source; readonly lines: readonly EvidenceLine[] },
  problems: Problems,
): void {
  const seen = new Set(
    match.lines.flatMap(({ document }) =>
      rule.query
        .explain(document)
        .clauses.filter(clause => clause.field === 'registry.path')
        .flatMap(clause => clause.matched.map(({ position }) => position)),
    ),
  );
  const unseen = rule.patterns.map((_, index) => index + 1).filter(position => !seen.has(position));
  if (unseen.length > 0) {
    problems.in(
      match.source.file,
      'EvidenceMissing',
      `no event matches pattern ${unseen.join(', ')} of the query`,
    );
  }
}
