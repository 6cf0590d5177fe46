import type { Compare, Comparison, Expression } from '../syntax/ast.ts';
import type { NumberValue, Value } from '../syntax/value.ts';
import { type ArithmeticOperator, calculate, NoValue, negate } from './arithmetic.ts';
import { mirrored } from './comparison.ts';
import { functionNamed, operatorOf } from './functions.ts';

/**
 * `x + c > k` as `x > k - c`, for integers: what Elasticsearch's optimizer (`SimplifyComparisonsArithmetics`)
 * evaluates, so that a sum beyond `long` has an answer. `null`: there is no such form.
 */
export function invertedComparison(
  { operator, left, right, span }: Compare,
  constantValue: ValueOf,
): Compare | null {
  const form =
    invert(left, operator, right, constantValue) ?? invert(right, mirrored(operator), left, constantValue);
  if (!form) return null;
  const [subject, turned, constant] = form;
  const operand: Expression =
    subject.kind === 'field' ? { kind: 'sign', operator: '+', operand: subject, span } : subject;
  return {
    kind: 'compare',
    operator: turned,
    left: operand,
    right: { kind: 'constant', value: constant, span },
    span,
  };
}

/** The value of an expression without fields. */
type ValueOf = (node: Expression) => Value | undefined;
type Form = readonly [subject: Expression, operator: Comparison, bound: NumberValue];

function invert(
  node: Expression,
  comparison: Comparison,
  other: Expression,
  constantValue: ValueOf,
): Form | null {
  const bound = wholeNumber(constantValue(other));
  if (bound === null) return null;
  if (node.kind === 'sign' && node.operator === '+')
    return invert(node.operand, comparison, other, constantValue);
  try {
    return inverse(node, comparison, bound, constantValue);
  } catch (error) {
    if (error instanceof NoValue) return null;
    throw error;
  }
}

function inverse(
  node: Expression,
  comparison: Comparison,
  bound: number | bigint,
  constantValue: ValueOf,
): Form | null {
  if (node.kind === 'sign') return [node.operand, mirrored(comparison), negate(bound)];
  const operation = operationOf(node);
  if (!operation) return null;
  const { operator, left, right } = operation;
  const [first, second] = [wholeNumber(constantValue(left)), wholeNumber(constantValue(right))];
  const constant = second ?? first;
  if (constant === null || (first !== null && second !== null)) return null;
  const subject = second === null ? right : left;
  if (operator === '+') return [subject, comparison, calculate('-', bound, constant)];
  if (operator === '-' && second === null)
    return [subject, mirrored(comparison), calculate('-', constant, bound)];
  if (operator === '-') return [subject, comparison, calculate('+', bound, constant)];
  if (operator !== '*' || BigInt(constant) === 0n || BigInt(bound) % BigInt(constant) !== 0n) return null;
  return [subject, constant < 0 ? mirrored(comparison) : comparison, calculate('/', bound, constant)];
}

type Operation = {
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
};

/** `+`, or `add`, which is the same. */
export function operationOf(node: Expression): Operation | null {
  if (node.kind === 'arithmetic') return node;
  const operator = node.kind === 'call' ? operatorOf(functionNamed(node.name)) : undefined;
  if (node.kind !== 'call' || !operator) return null;
  const [left, right] = node.args;
  return left && right ? { operator, left, right } : null;
}

function wholeNumber(value: Value | undefined): number | bigint | null {
  return typeof value === 'number' || typeof value === 'bigint' ? value : null;
}
