import type { Expression } from '../../functions/alert/eql/syntax/ast.ts';
import { fieldsBelow } from './fields-below.ts';
import { simplify } from './simplify.ts';

/**
 * Whether a condition asks what Elasticsearch answers by accident of its translation, or fails on: the rows of the
 * residue that are refused. Of texts, dates and numbers the generator makes no others.
 */
export function isRefused(node: Expression): boolean {
  return childrenOf(node).some(isRefused) || asksOne(node);
}

function asksOne(node: Expression): boolean {
  if (fieldsBelow(node).length === 0) return node.kind === 'call' && isGreedyNull(node);
  switch (node.kind) {
    case 'compare': {
      const sides = [node.left, node.right];
      const isEquality = node.operator === '==' || node.operator === '!=';
      if (!isEquality) return sides.some(isNull) || sides.some(hasNegation);
      return !sides.some(isFlag) && sides.some(hasNegation);
    }
    case 'in':
      return node.list.every(isNull) || hasNegation(node.value);
    case 'match':
      return hasNegation(node.value);
    case 'arithmetic':
      return node.operator === '/' && whole(node) === undefined;
    case 'call': {
      const name = node.name.toLowerCase();
      const [source, second, third] = node.args;
      if (node.args.some(hasNegation) || isGreedyNull(node)) return true;
      if (name === 'divide') return whole(node) === undefined;
      if (name === 'substring') return isNull(second!) && third !== undefined && !isNull(third);
      if (fieldsBelow(source!).length === 0) return false;
      return ['startswith', 'endswith', 'stringcontains'].includes(name) && isNull(second!);
    }
    default:
      return false;
  }
}

function isGreedyNull({ name, args }: Extract<Expression, { kind: 'call' }>): boolean {
  return name.toLowerCase() === 'between' && args.length === 4 && isNull(args[3]!);
}

/** Whether a number is a whole one; `undefined`: nobody knows. The fields are those of the generator. */
function whole(node: Expression): boolean | undefined {
  if (node.kind === 'constant') return typeof node.value !== 'object' || node.value === null;
  if (node.kind === 'field')
    return node.path === 'event.risk_score'
      ? false
      : /^(?:pid|exit_code|mixed\.size)$/.test(node.path) || undefined;
  if (node.kind === 'sign') return whole(node.operand);
  const isCalculation = node.kind === 'call' && /^(?:add|subtract|multiply|divide|modulo)$/i.test(node.name);
  if (node.kind !== 'arithmetic' && !isCalculation) return true;
  const parts = childrenOf(node).map(whole);
  return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
}

function hasNegation(node: Expression): boolean {
  if (fieldsBelow(node).length === 0) return false;
  if (node.kind === 'not' || (node.kind === 'in' && node.isNegated)) return true;
  if (node.kind === 'compare' && node.operator === '!=')
    return (
      ![node.left, node.right].some(side => side.kind === 'constant' && side.value === null) ||
      childrenOf(node).some(hasNegation)
    );
  return childrenOf(node).some(hasNegation);
}

function isNull(node: Expression): boolean {
  return known(node) === null;
}

function isFlag(node: Expression): boolean {
  return typeof known(node) === 'boolean';
}

function known(node: Expression): unknown {
  try {
    const simple = simplify(node);
    return simple.kind === 'constant' ? simple.value : undefined;
  } catch {
    return undefined;
  }
}

function childrenOf(node: Expression): readonly Expression[] {
  return Object.values(node)
    .flatMap(member => (Array.isArray(member) ? member : [member]))
    .filter(
      (member): member is Expression => typeof member === 'object' && member !== null && 'kind' in member,
    );
}
