import { type Compare, type Expression, fieldsOf, operandsOf } from '../syntax/ast.ts';

/** The first negation in an expression that reads a field. A test for null is none. */
export function negationIn(node: Expression): Expression | undefined {
  if (fieldsOf(node).length === 0) return undefined;
  if (node.kind === 'not' || (node.kind === 'in' && node.isNegated)) return node;
  if (node.kind === 'compare' && node.operator === '!=' && !isNullTest(node)) return node;
  for (const operand of operandsOf(node)) {
    const found = negationIn(operand);
    if (found) return found;
  }
  return undefined;
}

function isNullTest({ left, right }: Compare): boolean {
  return [left, right].some(side => side.kind === 'constant' && side.value === null);
}
