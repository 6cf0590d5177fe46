import type { Comparison, Constant, Expression, PatternOperator } from './ast.ts';
import { refuse } from './error.ts';
import { parsePrimary, readConstant } from './parse-primary.ts';
import type { Span } from './span.ts';
import type { Reader } from './token-reader.ts';

/** Reads a boolean expression: `or` binds loosest, then `and`, then `not`, then one comparison. */
export function parseExpression(reader: Reader): Expression {
  return reader.deeper(() =>
    readJunction(reader, 'or', () => readJunction(reader, 'and', () => readNot(reader))),
  );
}

function readJunction(reader: Reader, kind: 'and' | 'or', readTerm: () => Expression): Expression {
  const first = readTerm();
  const terms = [first];
  while (reader.takeKeyword(kind)) terms.push(readTerm());
  return terms.length === 1 ? first : { kind, terms, span: spanOf(first, terms.at(-1)!) };
}

function readNot(reader: Reader): Expression {
  const { start } = reader.peek.span;
  if (!reader.takeKeyword('not')) return readComparison(reader);
  const operand = reader.deeper(() => readNot(reader));
  return { kind: 'not', operand, span: { start, end: operand.span.end } };
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function readComparison(reader: Reader): Expression {
  const left = readSum(reader);
  const { kind, text, span } = reader.peek;
  if (kind !== 'symbol' || !COMPARISONS.has(text)) {
    if (kind === 'symbol' && text === '=')
      refuse('Syntax', span, '= is not an operator; write == for equality');
    return left;
  }
  reader.next();
  const right = readSum(reader);
  const after = reader.peek;
  if (after.kind === 'symbol' && COMPARISONS.has(after.text)) {
    refuse('Syntax', after.span, 'comparisons cannot be chained; write `a < b and b < c`');
  }
  return { kind: 'compare', operator: text as Comparison, left, right, span: spanOf(left, right) };
}

function readSum(reader: Reader): Expression {
  return readChain(reader, ['+', '-'], () => readChain(reader, ['*', '/', '%'], () => readSigned(reader)));
}

function readChain(reader: Reader, operators: readonly string[], readOperand: () => Expression): Expression {
  let left = readOperand();
  for (let depth = 1; ; depth++) {
    const { kind, text } = reader.peek;
    if (kind !== 'symbol' || !operators.includes(text)) return left;
    reader.checkDepth(depth);
    reader.next();
    const right = readOperand();
    left = { kind: 'arithmetic', operator: text as '+', left, right, span: spanOf(left, right) };
  }
}

function readSigned(reader: Reader): Expression {
  const { start } = reader.peek.span;
  if (!reader.isSymbol('-') && !reader.isSymbol('+')) return readPredicate(reader);
  const operator = reader.next().text as '+' | '-';
  const operand = reader.deeper(() => readSigned(reader));
  return { kind: 'sign', operator, operand, span: { start, end: operand.span.end } };
}

/** A predicate applies only to the primary at its left: `a + b in (1)` is `a + (b in (1))`. */
function readPredicate(reader: Reader): Expression {
  const value = parsePrimary(reader, parseExpression);
  const negation = reader.peek;
  const isNegated = reader.isKeyword('not');
  if (isNegated) {
    reader.next();
    if (!reader.isKeyword('in') && !reader.isKeyword('in~')) {
      refuse(
        'Syntax',
        negation.span,
        'only `not in` stands between; elsewhere `not` comes first: not a : "b"',
      );
    }
  }
  const { kind, text } = reader.peek;
  if (kind === 'keyword' && (text === 'in' || text === 'in~')) return readIn(reader, value, isNegated);
  if ((kind === 'symbol' && text === ':') || (kind === 'keyword' && PATTERNS.has(text))) {
    return readMatch(reader, value);
  }
  return value;
}

const PATTERNS: ReadonlySet<string> = new Set(['like', 'like~', 'regex', 'regex~']);

function readIn(reader: Reader, value: Expression, isNegated: boolean): Expression {
  const isInsensitive = reader.next().text === 'in~';
  if (!reader.takeSymbol('(')) reader.unexpected('`in` takes a list in parentheses: a in ("b", "c")');
  const list: Expression[] = [];
  do list.push(parseExpression(reader));
  while (reader.takeSymbol(','));
  if (!reader.takeSymbol(')')) reader.unexpected('a list ends with )');
  return {
    kind: 'in',
    isInsensitive,
    isNegated,
    value,
    list,
    span: { start: value.span.start, end: reader.lastEnd },
  };
}

function readMatch(reader: Reader, value: Expression): Expression {
  const operator = reader.next().text as PatternOperator;
  const constants: Constant[] = [];
  if (reader.takeSymbol('(')) {
    do constants.push(readConstant(reader, operator));
    while (reader.takeSymbol(','));
    if (!reader.takeSymbol(')')) reader.unexpected('a list of constants ends with )');
  } else constants.push(readConstant(reader, operator));
  return {
    kind: 'match',
    operator,
    value,
    constants,
    span: { start: value.span.start, end: reader.lastEnd },
  };
}

function spanOf(first: { readonly span: Span }, last: { readonly span: Span }): Span {
  return { start: first.span.start, end: last.span.end };
}
