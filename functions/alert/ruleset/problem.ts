import { type EqlErrorCode, locateIn, visible } from '../eql/index.ts';
import { nearestOf } from './nearest.ts';

/** What can be wrong with the files of a rule; the codes of its query and conditions are those of `EqlError`. */
export type ProblemCode =
  | EqlErrorCode
  | 'TomlSyntax'
  | 'TooLarge'
  | 'RuleMissing'
  | 'MissingFile'
  | 'UnknownFile'
  | 'MissingKey'
  | 'UnknownKey'
  | 'WrongType'
  | 'WrongValue'
  | 'Duplicate'
  | 'NotEqlRule'
  | 'NotEventQuery'
  | 'NotSupported'
  | 'GuideSyntax'
  | 'UnknownPlaceholder'
  | 'MissingStep'
  | 'UnknownStep'
  | 'PatternCoverage'
  | 'ExceptionUnsafe'
  | 'ExceptionTime'
  | 'ExceptionAccepts'
  | 'ExceptionExpires'
  | 'ExceptionExpired'
  | 'EvidenceSyntax'
  | 'EvidenceSilent'
  | 'EvidenceAlerts'
  | 'EvidenceMissing'
  | 'Warning';

/** One problem, with its position. */
export type Problem = {
  readonly code: ProblemCode;
  readonly file: string;
  /** From 1; column in characters. Both 0 for a file as a whole. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The offending line and a caret below it; empty if there is no text to point into. */
  readonly excerpt: string;
};

/**
 * Rules are refused; `problems` lists everything wrong with their files.
 *
 * @example
 * const { problems } = thrownBy(() => readRule('mine', new Map([['rule.toml', '[rule']]), { readField, sha256 }));
 * [problems[0].file, problems[0].line]; // ['mine/rule.toml', 1]
 */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly code = 'RuleRefused';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column: message [Code]` (`file: …` for a directory as a whole), then the offending line and a caret. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, message, code, excerpt } = problem;
  const place = line === 0 ? file : `${file}:${line}:${Math.max(1, column)}`;
  return `${place}: ${message} [${code}]${excerpt === '' ? '' : `\n${excerpt}`}`;
}

/** A text and its origin, so that a problem can point into it. */
export type Source = { readonly file: string; readonly text: string };

/** Collects the problems of one folder; reading continues after each. */
export class Problems {
  readonly found: Problem[] = [];

  at(source: Source, offset: number, code: ProblemCode, message: string): void {
    const problem = { code, file: source.file, message, ...pointAt(source.text, offset) };
    const isKnown = this.found.some(
      other =>
        other.message === message &&
        other.file === source.file &&
        other.line === problem.line &&
        other.column === problem.column,
    );
    if (!isKnown) this.found.push(problem);
  }

  /** About a file as a whole, or a missing one. */
  in(file: string, code: ProblemCode, message: string): void {
    this.found.push({ code, file, line: 1, column: 1, message, excerpt: '' });
  }
}

/** A second rule with an id: both would give each of its alerts. `text` is the rule's file. */
export function duplicateRule(folder: string, text: string, id: string, holder: string): Problem {
  const message = `rule_id ${id} is already used by ${holder}`;
  const at = Math.max(0, text.search(/^rule_id\b/m));
  return { code: 'Duplicate', file: `${folder}/rule.toml`, message, ...pointAt(text, at) };
}

/** Line, column and excerpt of an offset, the excerpt indented by two spaces. */
export function pointAt(text: string, offset: number): Pick<Problem, 'line' | 'column' | 'excerpt'> {
  const { excerpt, ...place } = locateIn(text, { start: offset, end: offset });
  return { ...place, excerpt: excerpt.replace(/^/gm, '  ') };
}

/** `unknown key "sevrity" in [rule]; did you mean severity?` */
export function unknownName(what: string, given: string, known: Iterable<string>, place = ''): string {
  const near = nearestOf(given, known);
  return `unknown ${what} ${quote(given)}${place}${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** A name from a file, truncated and on one line. */
export function quote(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(visible(cut));
}
