import type { Scalar } from '../../functions/alert/eql/document.ts';
import type { Expression, FieldNode } from '../../functions/alert/eql/syntax/ast.ts';
import { calculate, isNumber, javaFold, number, toNumber, toText, type V } from './java-values.ts';
import { order, orderOfNumbers, satisfies, signOf, TURNED } from './slow-comparison.ts';
import { callSlowly } from './slow-functions.ts';

/** The value chosen for each place where a field stands. */
export type Slots = ReadonlyMap<FieldNode, Scalar | null>;

/** An expression inside a script, or without fields: three-valued. */
export function evaluate(node: Expression, slots: Slots): V {
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      if (typeof value === 'number') return { type: 'int', n: value };
      if (typeof value === 'bigint') return { type: 'long', n: value };
      return typeof value === 'object' && value !== null ? { type: 'double', n: value.value } : value;
    }
    case 'field': {
      const value = slots.get(node) ?? null;
      return typeof value === 'number' || typeof value === 'bigint' ? number(value) : value;
    }
    case 'not': {
      const value = truth(node.operand, slots);
      return value === null ? null : value !== true;
    }
    case 'and':
    case 'or': {
      const values = node.terms.map(term => truth(term, slots));
      const winner = node.kind === 'or';
      return values.includes(winner) ? winner : values.includes(null) ? null : !winner;
    }
    case 'compare':
      return compare(node, slots);
    case 'in': {
      const value = evaluate(node.value, slots);
      if (value === null) return null;
      const verdicts = node.list.map(item => {
        const constant = evaluate(item, slots);
        if (constant === null) return null;
        return node.isInsensitive
          ? javaFold(toText(value)) === javaFold(toText(constant))
          : isEqual(value, constant);
      });
      const found = verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;
      return found === null ? null : found !== node.isNegated;
    }
    case 'match': {
      const value = evaluate(node.value, slots);
      if (value === null) return null;
      return node.constants.some(constant =>
        textMatches(toText(value), node.operator, String(constant.value)),
      );
    }
    case 'arithmetic': {
      const [one, other] = [toNumber(evaluate(node.left, slots)), toNumber(evaluate(node.right, slots))];
      return one && other ? calculate(node.operator, one, other) : null;
    }
    case 'sign': {
      const value = toNumber(evaluate(node.operand, slots));
      if (!value || node.operator === '+') return value;
      return value.type === 'double'
        ? { type: 'double', n: -value.n }
        : calculate('-', { type: 'int', n: 0 }, value);
    }
    case 'call':
      return callSlowly(
        node.name.toLowerCase(),
        node.args.map(arg => evaluate(arg, slots)),
        node.isInsensitive,
      );
    default:
      return node satisfies never;
  }
}

function isNull(node: Expression): boolean {
  return node.kind === 'constant' && node.value === null;
}

/** A field alone stands for `field == true`. */
function truth(node: Expression, slots: Slots): V {
  const value = evaluate(node, slots);
  if (node.kind !== 'field' || value === null) return value;
  return value === true || value === 'true';
}

function compare(node: Extract<Expression, { kind: 'compare' }>, slots: Slots): V {
  const { left, right, operator } = node;
  const isEquality = operator === '==' || operator === '!=';
  if (isNull(left) || isNull(right)) {
    if (!isEquality) return null;
    return (evaluate(isNull(left) ? right : left, slots) === null) === (operator === '==');
  }
  const [one, other] = [evaluate(left, slots), evaluate(right, slots)];
  if (one === null || other === null) return null;
  const verdict = (): boolean | null => {
    const plain = operator === '!=' ? '==' : operator;
    if (left.kind === 'field') return satisfies(slots.get(left)!, plain, other);
    if (right.kind === 'field') {
      return satisfies(slots.get(right)!, TURNED[plain], one);
    }
    if (plain === '==') return isEqual(one, other);
    if (isNumber(one) && isNumber(other)) return signOf(orderOfNumbers(one, other), plain);
    if (typeof one === 'boolean' && typeof other === 'boolean')
      return signOf(Number(one) - Number(other), plain);
    if (typeof one !== 'string' || typeof other !== 'string') return null;
    return signOf(order(points(one), points(other)), plain);
  };
  const found = verdict();
  return found === null ? null : found !== (operator === '!=');
}

function isEqual(one: V, other: V): boolean {
  return isNumber(one!) && isNumber(other!) ? orderOfNumbers(one, other) === 0 : one === other;
}

function points(text: string): readonly number[] {
  return [...text].map(point => point.codePointAt(0)!);
}

/** Patterns become expressions of Java's here: no wildcard crosses the end of a line, and only ASCII has case. */
function textMatches(value: string, operator: string, text: string): boolean {
  if (operator === 'regex') return new RegExp(`^(?:${text})$`, 'u').test(value);
  if (operator === 'regex~') return new RegExp(`^(?:${text})$`, 'i').test(value);
  const isInsensitive = operator !== 'like';
  if (!/[*?]/.test(text)) return isInsensitive ? javaFold(value) === javaFold(text) : value === text;
  if (/^\*+$/.test(text)) return true;
  const body = [...text]
    .map(point => {
      if (point === '*') return '[^\\n\\r\\u0085\\u2028\\u2029]*';
      if (point === '?') return '[^\\n\\r\\u0085\\u2028\\u2029]';
      const hex = point.codePointAt(0)!.toString(16);
      return isInsensitive && /[a-z]/i.test(point)
        ? `[${point.toLowerCase()}${point.toUpperCase()}]`
        : `\\u{${hex}}`;
    })
    .join('');
  return new RegExp(`^${body}$`, 'u').test(value);
}
