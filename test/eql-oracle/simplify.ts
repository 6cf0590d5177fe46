import type { Expression } from '../../functions/alert/eql/syntax/ast.ts';
import { Double } from '../../functions/alert/eql/syntax/value.ts';
import { fieldsBelow } from './fields-below.ts';
import { isNumber, type V } from './java-values.ts';
import { evaluate } from './script-interpreter.ts';

/**
 * What an optimizer sees before any document: constants are computed, `null` takes `and` with it unless something is
 * false, and leaves `or`; nothing is more or less than `null`.
 */
export function simplify(node: Expression): Expression {
  const constant = (value: V): Expression => ({
    kind: 'constant',
    value: toConstant(value),
    span: node.span,
  });
  if (node.kind === 'constant' || node.kind === 'field') return node;
  const simple = withChildren(node, simplify);
  if (simple.kind === 'and' || simple.kind === 'or') {
    const winner = simple.kind === 'or';
    const has = (value: boolean | null) =>
      simple.terms.some(term => term.kind === 'constant' && term.value === value);
    if (has(winner)) return constant(winner);
    if (simple.kind === 'and' && has(null)) return constant(null);
    const open = simple.terms.filter(term => term.kind !== 'constant');
    if (open.length === 0) return constant(has(null) ? null : !winner);
    return { ...simple, terms: open };
  }
  if (simple.kind === 'compare' && [simple.left, simple.right].some(isNull)) {
    if (simple.operator !== '==' && simple.operator !== '!=') return constant(null);
  }
  return fieldsBelow(simple).length === 0 ? constant(evaluate(simple, new Map())) : simple;
}

function isNull(node: Expression): boolean {
  return node.kind === 'constant' && node.value === null;
}

function toConstant(value: V): Extract<Expression, { kind: 'constant' }>['value'] {
  if (!isNumber(value)) return value;
  return value.type === 'double'
    ? new Double(Number(value.n))
    : value.type === 'int'
      ? Number(value.n)
      : BigInt(value.n);
}

function withChildren(node: Expression, change: (child: Expression) => Expression): Expression {
  const isNode = (member: unknown): member is Expression =>
    typeof member === 'object' && member !== null && 'kind' in member;
  const changed = Object.entries(node).map(([key, member]) => {
    if (isNode(member)) return [key, change(member)];
    return [
      key,
      Array.isArray(member) ? member.map(child => (isNode(child) ? change(child) : child)) : member,
    ];
  });
  return Object.fromEntries(changed) as Expression;
}
