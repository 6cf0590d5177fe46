import { type Exception, stateOf } from '../exceptions.ts';
import { type Problem, type ProblemCode, Problems } from '../problem.ts';
import type { Rule } from '../rule/rule.ts';
import type { EvidenceLine } from './evidence-lines.ts';

/** An exception accepts the events of the evidence that it lists, and no others. */
export function checkAccepts(
  rule: Rule,
  exception: Exception,
  files: ReadonlyMap<string, string>,
  lines: readonly EvidenceLine[],
  problems: Problems,
): void {
  const { source, at } = positionOfException(rule, exception, files);
  const report = (code: ProblemCode, message: string) => problems.at(source, at, code, message);
  const name = `exception ${exception.id}`;
  for (const { number, document } of lines) {
    const isListed = exception.accepts.includes(number);
    const isAccepted = exception.condition.accepts(document);
    if (isAccepted && !isListed) {
      report(
        'ExceptionAccepts',
        `${name} accepts event ${number} of match.ndjson, which its accepts does not list`,
      );
    } else if (isListed && !isAccepted) {
      report('ExceptionAccepts', `${name} lists event ${number} of match.ndjson and does not accept it`);
    }
  }
  for (const number of exception.accepts) {
    if (!lines.some(line => line.number === number)) {
      report('ExceptionAccepts', `${name} lists event ${number}; match.ndjson has no such event`);
    }
  }
}

/** Reports exceptions that have expired, expire soon, or are dated in the future. */
export function checkEnds(
  rule: Rule,
  files: ReadonlyMap<string, string>,
  { asOfMs, isStrict }: { readonly asOfMs: number; readonly isStrict: boolean },
): (Problem & { readonly severity: 'unsound' | 'warning' })[] {
  return rule.exceptions.flatMap(exception => {
    const state = stateOf(exception, asOfMs);
    if (state === 'valid') return [];
    const { code, says, isUnsound } = SAYINGS[state];
    const problems = new Problems();
    const { source, at } = positionOfException(rule, exception, files);
    problems.at(source, at, code, `exception ${exception.id} (owner: ${exception.owner}) ${says(exception)}`);
    const severity = isUnsound(isStrict) ? 'unsound' : 'warning';
    return problems.found.map(problem => ({ ...problem, severity }));
  });
}

type Saying = {
  readonly code: ProblemCode;
  readonly says: (exception: Exception) => string;
  readonly isUnsound: (isStrict: boolean) => boolean;
};

const SAYINGS: Readonly<Record<Exclude<ReturnType<typeof stateOf>, 'valid'>, Saying>> = {
  'ends-soon': {
    code: 'ExceptionExpires',
    says: ({ expires }) => `expires ${expires}`,
    isUnsound: () => false,
  },
  expired: {
    code: 'ExceptionExpired',
    says: ({ expires }) => `expired ${expires}; its events alert again`,
    isUnsound: isStrict => isStrict,
  },
  'not-yet-created': {
    code: 'ExceptionTime',
    says: ({ created }) => `was created ${created}, in the future; write the day on which it was reviewed`,
    isUnsound: () => true,
  },
};

function positionOfException(rule: Rule, { line }: Exception, files: ReadonlyMap<string, string>) {
  const text = files.get('exceptions.toml') ?? '';
  const before = text.split('\n').slice(0, line - 1);
  const at = before.reduce((offset, written) => offset + written.length + 1, 0);
  return { source: { file: `${rule.folder}/exceptions.toml`, text }, at };
}
