import type { Scalar } from '../json.ts';
import { calculate, NoValue, negate } from './arithmetic.ts';
import type { Compare, Expression, In, Match } from './ast.ts';
import { foldJava } from './case-folding.ts';
import { equalTo, inOrder, mirrored, order, signTest } from './comparison.ts';
import { asNumber, callFunction, functionNamed, text } from './functions.ts';
import { byCodePoint } from './order.ts';
import { compileRegex } from './regex.ts';
import { scriptWildcard } from './script-wildcard.ts';
import { Double, isNumber, LONG_MAX, LONG_MIN, plain, type Value } from './value.ts';

/** One value of each field that the expression reads, `null` where the document has none. */
export type Slots = readonly (Scalar | null)[];
export type Evaluate = (slots: Slots) => Value;

/** Compiles an expression as Elasticsearch's scripts run it: three-valued, one value of each field at a time. */
export function compileScript(node: Expression, paths: readonly string[]): Evaluate {
  const inner = (child: Expression): Evaluate => compileScript(child, paths);
  switch (node.kind) {
    case 'constant':
      return () => node.value;
    case 'field': {
      const slot = paths.indexOf(node.path);
      return slots => fieldValue(slots[slot] ?? null);
    }
    case 'call':
      return compileCall(node.name, node.isInsensitive, node.args.map(inner));
    case 'not': {
      const operand = compileCondition(node.operand, paths);
      return slots => not(operand(slots));
    }
    case 'and':
      return junction(
        node.terms.map(term => compileCondition(term, paths)),
        false,
      );
    case 'or':
      return junction(
        node.terms.map(term => compileCondition(term, paths)),
        true,
      );
    case 'compare':
      return compileCompare(node, paths);
    case 'in':
      return compileIn(node, paths);
    case 'match':
      return compileMatch(node, inner(node.value));
    case 'arithmetic': {
      const [left, right, { operator }] = [inner(node.left), inner(node.right), node];
      return slots => {
        const [one, other] = [asNumber(left(slots)), asNumber(right(slots))];
        return one === null || other === null ? null : calculate(operator, one, other);
      };
    }
    case 'sign': {
      const operand = inner(node.operand);
      const isMinus = node.operator === '-';
      return slots => {
        const value = asNumber(operand(slots));
        return value === null || !isMinus ? value : negate(value);
      };
    }
    default:
      return node satisfies never;
  }
}

/** The value of an expression without fields. */
export function foldConstant(
  node: Expression,
): { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: compileScript(node, [])([]) };
  } catch (error) {
    if (error instanceof NoValue) return { ok: false, message: error.message };
    throw error;
  }
}

function compileCall(name: string, isInsensitive: boolean, args: readonly Evaluate[]): Evaluate {
  const spec = functionNamed(name)!;
  return slots =>
    callFunction(
      spec,
      args.map(arg => arg(slots)),
      isInsensitive,
    );
}

/** A field that stands where a condition is due means that it is true. */
function compileCondition(node: Expression, paths: readonly string[]): Evaluate {
  const evaluate = compileScript(node, paths);
  if (node.kind !== 'field') return evaluate;
  return slots => {
    const value = evaluate(slots);
    return value === null ? null : value === true || value === 'true';
  };
}

function not(value: Value): Value {
  return value === null ? null : value !== true;
}

/** `and` is settled by false, `or` by true; a term without a value leaves the rest in doubt. */
function junction(terms: readonly Evaluate[], settles: boolean): Evaluate {
  return slots => {
    let result: Value = !settles;
    for (const term of terms) {
      const value = term(slots);
      if (value === settles) return settles;
      if (value === null) result = null;
    }
    return result;
  };
}

function compileCompare(node: Compare, paths: readonly string[]): Evaluate {
  const { left, right, operator } = node;
  if (isNull(left) || isNull(right)) {
    const tested = compileScript(isNull(left) ? right : left, paths);
    if (operator === '==') return slots => tested(slots) === null;
    if (operator === '!=') return slots => tested(slots) !== null;
    return () => null;
  }
  if (operator === '!=') {
    const equals = compileCompare({ ...node, operator: '==' }, paths);
    return slots => not(equals(slots));
  }
  if (left.kind === 'constant' && right.kind === 'field') {
    return compileCompare({ ...node, operator: mirrored(operator), left: right, right: left }, paths);
  }
  const [one, other] = [compileScript(left, paths), compileScript(right, paths)];
  if (left.kind === 'field') {
    // The other side is constant: two fields are not compared.
    const constant = other([]);
    const test = operator === '==' ? equalTo(constant) : inOrder(operator, constant);
    const slot = paths.indexOf(left.path);
    return slots => {
      const value = slots[slot] ?? null;
      return value === null || constant === null ? null : test(value);
    };
  }
  if (operator === '==') return slots => equality(one(slots), other(slots));
  const holds = signTest(operator);
  return slots => {
    const sign = orderOf(one(slots), other(slots));
    return sign === null ? null : holds(sign);
  };
}

function isNull(node: Expression): boolean {
  return node.kind === 'constant' && node.value === null;
}

function equality(left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  return isNumber(left) && isNumber(right) ? order(plain(left), plain(right)) === 0 : left === right;
}

function orderOf(left: Value, right: Value): number | null {
  if (isNumber(left) && isNumber(right)) return order(plain(left), plain(right));
  if (typeof left === 'string' && typeof right === 'string') return byCodePoint(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return null;
}

function compileIn({ value, list, isInsensitive, isNegated }: In, paths: readonly string[]): Evaluate {
  const constants = list.map(item => compileScript(item, [])([]));
  const evaluate = compileScript(value, paths);
  const isEqual = isInsensitive
    ? (one: Value, other: Value) => (other === null ? null : foldJava(text(one)) === foldJava(text(other)))
    : equality;
  return slots => {
    const found = evaluate(slots);
    if (found === null) return null;
    let result: Value = false;
    for (const constant of constants) {
      const verdict = isEqual(found, constant);
      if (verdict === true) return !isNegated;
      if (verdict === null) result = null;
    }
    return isNegated ? not(result) : result;
  };
}

function compileMatch({ operator, constants }: Match, evaluate: Evaluate): Evaluate {
  const patterns = constants.map(({ value }) => value as string);
  const tests = patterns.map(pattern => {
    if (operator === 'regex' || operator === 'regex~')
      return compileRegex(pattern, { dialect: 'java', isInsensitive: operator === 'regex~' });
    return scriptWildcard(pattern, operator !== 'like');
  });
  return slots => {
    const value = evaluate(slots);
    if (value === null) return null;
    const whole = text(value);
    return tests.some(test => test(whole));
  };
}

/** A value of a field as a script sees it: every integer of a document is a `long`. */
function fieldValue(value: Scalar | null): Value {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : new Double(value);
  if (typeof value === 'bigint')
    return value >= LONG_MIN && value <= LONG_MAX ? value : new Double(Number(value));
  return value;
}
