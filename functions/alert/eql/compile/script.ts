import type { Scalar } from '../document.ts';
import { calculate, NoValue, negate } from '../match/arithmetic.ts';
import { foldJava } from '../match/case-folding.ts';
import { equalTo, inOrder, mirrored, signTest } from '../match/comparison.ts';
import { fieldKind } from '../match/field-kind.ts';
import { asNumber, callFunction, functionNamed, text } from '../match/functions.ts';
import { invertedComparison } from '../match/inverted-comparison.ts';
import { byUnit } from '../match/order.ts';
import {
  type Call,
  type Compare,
  type Comparison,
  type Expression,
  fieldsOf,
  type In,
  type Junction,
  type Match,
} from '../syntax/ast.ts';
import type { Value } from '../syntax/value.ts';
import { scriptMatch } from './script-match.ts';
import { equality, fieldValue, not, orderOf, settleJunction } from './script-value.ts';

/** One value for each occurrence of a field, `null` if the document has none. */
export type Slots = readonly (Scalar | null)[];
type Evaluate = (slots: Slots) => Value;

export type Script = {
  /** The field of each slot. A field that occurs twice has two, and may take a different value in each. */
  readonly paths: readonly string[];
  readonly evaluate: Evaluate;
  /** The value it has for every document; `undefined`: it depends, or there is none. */
  readonly known: Value | undefined;
};

/** Compiles an expression as Elasticsearch's scripts run it: three-valued, over one value for each slot. */
export function compileScript(node: Expression): Script {
  const paths: string[] = [];
  return { ...compile(node, paths), paths };
}

type Compiled = Pick<Script, 'evaluate' | 'known'>;

/** Nodes without fields: the checker folds each of them and their parents. */
const constants = new WeakMap<Expression, Compiled>();

function compile(node: Expression, paths: string[]): Compiled {
  const folded = constants.get(node);
  if (folded) return folded;
  const before = paths.length;
  const evaluate = build(node, paths);
  if (typeof evaluate !== 'function') {
    paths.length = before;
    return { evaluate: () => evaluate.known, known: evaluate.known };
  }
  if (paths.length > before) return { evaluate, known: undefined };
  const compiled = fold(evaluate);
  constants.set(node, compiled);
  return compiled;
}

function fold(evaluate: Evaluate): Compiled {
  try {
    const known = evaluate([]);
    return { evaluate: () => known, known };
  } catch (error) {
    if (error instanceof NoValue) return { evaluate, known: undefined };
    throw error;
  }
}

function build(node: Expression, paths: string[]): Evaluate | { readonly known: Value } {
  switch (node.kind) {
    case 'constant':
      return () => node.value;
    case 'field': {
      const slot = paths.push(node.path) - 1;
      const isDouble = fieldKind(node.path) === 'double';
      return slots => fieldValue(slots[slot] ?? null, isDouble);
    }
    case 'call':
      return compileCall(node, paths);
    case 'not': {
      const { evaluate, known } = compileCondition(node.operand, paths);
      return known === undefined ? slots => not(evaluate(slots)) : { known: not(known) };
    }
    case 'and':
    case 'or':
      return compileJunction(node, paths);
    case 'compare':
      return compileCompare(node, paths);
    case 'in':
      return compileIn(node, paths);
    case 'match':
      return compileMatch(node, paths);
    case 'arithmetic': {
      const { operator } = node;
      const [left, right] = [compile(node.left, paths).evaluate, compile(node.right, paths).evaluate];
      return slots => {
        const [one, other] = [asNumber(left(slots)), asNumber(right(slots))];
        return one === null || other === null ? null : calculate(operator, one, other);
      };
    }
    case 'sign': {
      const { evaluate } = compile(node.operand, paths);
      const isMinus = node.operator === '-';
      return slots => {
        const value = asNumber(evaluate(slots));
        return value === null || !isMinus ? value : negate(value);
      };
    }
    default:
      return node satisfies never;
  }
}

function compileCall({ name, isInsensitive, args }: Call, paths: string[]): Evaluate {
  const spec = functionNamed(name)!;
  const compiled = args.map(arg => compile(arg, paths).evaluate);
  // With only constants a null start is 0; with fields the checker refuses one that is written.
  if (spec.name === 'substring' && knownValue(args[1]!) === null) compiled[1] = () => 0;
  return slots => {
    const values = compiled.map(arg => arg(slots));
    return callFunction(spec, values, isInsensitive);
  };
}

function knownValue(node: Expression): Value | undefined {
  return fieldsOf(node).length > 0 ? undefined : compile(node, []).known;
}

/** A field used as a condition means that it is true. */
function compileCondition(node: Expression, paths: string[]): Compiled {
  const compiled = compile(node, paths);
  if (node.kind !== 'field') return compiled;
  const evaluate: Evaluate = slots => {
    const value = compiled.evaluate(slots);
    return value === null ? null : value === true || value === 'true';
  };
  return { evaluate, known: undefined };
}

/** `and` is settled by false, `or` by true; a term without a value leaves the result unknown. */
function compileJunction({ kind, terms }: Junction, paths: string[]): Evaluate | { readonly known: Value } {
  const compiled = terms.map(term => compileCondition(term, paths));
  const known = settleJunction(
    kind,
    compiled.map(term => term.known),
  );
  if (known !== undefined) return { known };
  const settles = kind === 'or';
  const open = compiled.filter(term => term.known === undefined).map(({ evaluate }) => evaluate);
  return slots => {
    let result: Value = !settles;
    for (const term of open) {
      const value = term(slots);
      if (value === settles) return settles;
      if (value === null) result = null;
    }
    return result;
  };
}

function compileCompare(node: Compare, paths: string[]): Evaluate | { readonly known: Value } {
  const { left, right, operator } = node;
  const before = paths.length;
  const [one, other] = [compile(left, paths), compile(right, paths)];
  if (one.known === null || other.known === null) {
    const { evaluate, known } = one.known === null ? other : one;
    if (operator !== '==' && operator !== '!=') return { known: null };
    const isNull = operator === '==';
    return known === undefined
      ? slots => (evaluate(slots) === null) === isNull
      : { known: (known === null) === isNull };
  }
  const [field, constant] = left.kind === 'field' ? [left, other.known] : [right, one.known];
  if (field.kind === 'field' && constant !== undefined) {
    const turned = field === left ? operator : mirrored(operator);
    const ofField = { kind: fieldKind(field.path), orderOfTexts: byUnit };
    const test =
      turned === '==' || turned === '!=' ? equalTo(constant, ofField) : inOrder(turned, constant, ofField);
    return slots => {
      const value = slots[before] ?? null;
      return value === null ? null : test(value) === (turned !== '!=');
    };
  }
  const evaluate = compareValues(operator, one.evaluate, other.evaluate);
  const inverted = invertedComparison(node, knownValue);
  if (!inverted) return evaluate;
  // It reads the same fields in the same order, hence the same slots.
  let again: Evaluate | undefined;
  return slots => {
    try {
      return evaluate(slots);
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      again ??= compile(inverted, paths.slice(0, before)).evaluate;
      return again(slots);
    }
  };
}

function compareValues(operator: Comparison, one: Evaluate, other: Evaluate): Evaluate {
  if (operator === '==') return slots => equality(one(slots), other(slots));
  if (operator === '!=') return slots => not(equality(one(slots), other(slots)));
  const holds = signTest(operator);
  return slots => {
    const sign = orderOf(one(slots), other(slots));
    return sign === null ? null : holds(sign);
  };
}

function compileIn({ value, list, isInsensitive, isNegated }: In, paths: string[]): Evaluate {
  const fold = (one: Value): Value => (isInsensitive && one !== null ? foldJava(text(one)) : one);
  const constants = list.map(item => fold(compile(item, []).known ?? null));
  const { evaluate } = compile(value, paths);
  return slots => {
    const found = fold(evaluate(slots));
    if (found === null) return null;
    let result: Value = false;
    for (const constant of constants) {
      const isEqual = equality(found, constant);
      if (isEqual === true) return !isNegated;
      if (isEqual === null) result = null;
    }
    return isNegated ? not(result) : result;
  };
}

function compileMatch(node: Match, paths: string[]): Evaluate {
  const { evaluate } = compile(node.value, paths);
  const matches = scriptMatch(node);
  return slots => {
    const found = evaluate(slots);
    return found === null ? null : matches(text(found));
  };
}
