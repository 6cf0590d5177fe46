import { readsOneField } from '../compile/field-test.ts';
import { scriptWildcard } from '../compile/script-wildcard.ts';
import { checkRegex } from '../match/regex/regex.ts';
import { isTooLong, readPattern, TOO_LONG } from '../match/wildcard/wildcard-pattern.ts';
import type { Match } from '../syntax/ast.ts';
import type { Span } from '../syntax/span.ts';
import type { Checker } from './checker.ts';
import { NOUNS, typeOfValue } from './static-type.ts';

/** Checks `:`, `like`, `regex` and their patterns. */
export function checkMatch(node: Match, checker: Checker): void {
  const type = checker.typeOf(node.value);
  const { operator } = node;
  if (type === 'boolean' || type === 'integer' || type === 'number') {
    const message = `${operator} needs text; this is ${NOUNS[type]}; compare it with ==`;
    checker.wrong('Type', node.value.span, message);
  }
  checker.refuseNegation(node.value);
  if (operator.startsWith('regex') && node.constants.length > 1) {
    const empty = node.constants.find(({ value }) => value === '');
    if (empty) checker.wrong('Regex', empty.span, 'an empty expression in a list; test it with == ""');
  }
  for (const { value, span } of node.constants) {
    if (typeof value === 'string') checkPattern(node, value, span, checker);
    else
      checker.wrong('Type', span, `${operator} takes strings; compare ${NOUNS[typeOfValue(value)]} with ==`);
  }
}

function checkPattern({ operator, value }: Match, pattern: string, span: Span, checker: Checker): void {
  const isField = readsOneField(value);
  const isInsensitive = operator !== 'like' && operator !== 'regex';
  if (operator === 'regex' || operator === 'regex~') {
    const dialect = isField ? 'lucene' : 'java';
    checker.compiles(span, () => checkRegex(pattern, { dialect, isInsensitive }));
  } else if (!isField) checker.compiles(span, () => scriptWildcard(pattern, isInsensitive));
  else if (isTooLong(pattern, readPattern)) checker.wrong('TooLarge', span, TOO_LONG);
}
