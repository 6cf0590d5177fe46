import type { Scalar } from '../../functions/alert/eql/document.ts';
import type { Expression, FieldNode } from '../../functions/alert/eql/syntax/ast.ts';
import { fieldsBelow } from './fields-below.ts';
import { calculate, isNumber, javaFold, type Num, number, toNumber, toText, type V } from './java-values.ts';
import { javaOrder, satisfies, signOf, TURNED } from './slow-comparison.ts';
import { callSlowly } from './slow-functions.ts';

/** The value chosen for each place where a field occurs. */
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
      if (typeof value !== 'number' && typeof value !== 'bigint') return value;
      return node.path === 'event.risk_score' ? { type: 'double', n: Number(value) } : number(value);
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
      // What matches every text is a test for a value.
      if (node.operator.startsWith('regex') && node.constants.some(constant => constant.value === '.*'))
        return true;
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
        node.args.map(
          (arg, at) => evaluate(arg, slots) ?? (at === 1 && isFoldedSubstring(node) ? ZERO : null),
        ),
        node.isInsensitive,
      );
    default:
      return node satisfies never;
  }
}

const ZERO: V = { type: 'int', n: 0 };

/** Where a null start is the beginning: of constants alone. */
function isFoldedSubstring(node: Extract<Expression, { kind: 'call' }>): boolean {
  return node.name.toLowerCase() === 'substring' && fieldsBelow(node).length === 0;
}

function isNull(node: Expression): boolean {
  return node.kind === 'constant' && node.value === null;
}

/** A field alone means `field == true`. */
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
  let one: V;
  let other: V;
  try {
    [one, other] = [evaluate(left, slots), evaluate(right, slots)];
  } catch (error) {
    // What overflows is compared once the constant beside it has been moved to the other side.
    const turned = operator === '!=' ? operator : TURNED[operator];
    const moved = move(left, operator, right) ?? move(right, turned, left);
    if (!(error instanceof RangeError) || !moved) throw error;
    return compare({ ...node, ...moved }, slots);
  }
  if (one === null || other === null) return null;
  const verdict = (): boolean | null => {
    const plain = operator === '!=' ? '==' : operator;
    if (left.kind === 'field') return satisfies(slots.get(left)!, plain, other, left.path, true);
    if (right.kind === 'field') return satisfies(slots.get(right)!, TURNED[plain], one, right.path, true);
    if (plain === '==') return isEqual(one, other);
    if (isNumber(one) && isNumber(other)) return signOf(javaOrder(one, other), plain);
    if (typeof one === 'boolean' && typeof other === 'boolean')
      return signOf(Number(one) - Number(other), plain);
    if (typeof one !== 'string' || typeof other !== 'string') return null;
    return signOf(one < other ? -1 : one > other ? 1 : 0, plain);
  };
  const found = verdict();
  return found === null ? null : found !== (operator === '!=');
}

type Moved = Pick<Extract<Expression, { kind: 'compare' }>, 'left' | 'operator' | 'right'>;

function move(side: Expression, operator: Moved['operator'], bound: Expression): Moved | null {
  const turned = operator === '!=' ? operator : TURNED[operator];
  const known = (node: Expression) => (isWhole(node) ? (evaluate(node, new Map()) as Num) : null);
  const limit = known(bound);
  if (!limit) return null;
  const as = (left: Expression, how: Moved['operator'], sign: string, one: Num, other: Num): Moved | null => {
    try {
      const { type, n } = calculate(sign, one, other);
      return {
        left,
        operator: how,
        right: { kind: 'constant', value: type === 'int' ? Number(n) : BigInt(n), span: left.span },
      };
    } catch {
      return null;
    }
  };
  if (side.kind === 'sign')
    return side.operator === '+'
      ? move(side.operand, operator, bound)
      : as(side.operand, turned, '-', { type: 'int', n: 0 }, limit);
  const names: Record<string, string> = { add: '+', subtract: '-', multiply: '*' };
  const [sign, parts] =
    side.kind === 'arithmetic'
      ? [side.operator, [side.left, side.right]]
      : side.kind === 'call'
        ? [names[side.name.toLowerCase()], side.args]
        : [undefined, []];
  const [first, second] = parts;
  if (!first || !second) return null;
  const [before, after] = [known(first), known(second)];
  if ((before && after) || !(before ?? after)) return null;
  const open = before ? second : first;
  const constant = (before ?? after)!;
  if (sign === '+') return as(open, operator, '-', limit, constant);
  if (sign === '-')
    return before ? as(open, turned, '-', before, limit) : as(open, operator, '+', limit, constant);
  if (sign !== '*' || BigInt(constant.n) === 0n || BigInt(limit.n) % BigInt(constant.n) !== 0n) return null;
  return as(open, Number(constant.n) < 0 ? turned : operator, '/', limit, constant);
}

function isWhole(node: Expression): boolean {
  return node.kind === 'constant' && (typeof node.value === 'number' || typeof node.value === 'bigint');
}

function isEqual(one: V, other: V): boolean {
  return isNumber(one!) && isNumber(other!) ? javaOrder(one, other) === 0 : one === other;
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
