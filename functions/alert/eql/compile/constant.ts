import { type Expression, fieldsOf } from '../syntax/ast.ts';
import type { Value } from '../syntax/value.ts';
import { compileScript } from './script.ts';
import { not, settleJunction } from './script-value.ts';

/** The value of an expression without fields; throws `NoValue` if it has none. */
export function foldConstant(node: Expression): Value {
  return compileScript(node).evaluate([]);
}

/**
 * The value that a node has for every document; `undefined`: it depends. The checker has refused expressions without
 * one. Called for every node, so scripts are compiled only for those without fields: that of a list of patterns costs
 * as much as the rest of the query.
 */
export function constantOf(node: Expression): Value | undefined {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'and':
    case 'or':
      return settleJunction(node.kind, node.terms.map(constantOf));
    case 'not': {
      const operand = constantOf(node.operand);
      return operand === undefined ? undefined : not(operand);
    }
    case 'compare': {
      const [left, right] = [constantOf(node.left), constantOf(node.right)];
      const isEquality = node.operator === '==' || node.operator === '!=';
      if (!isEquality && (left === null || right === null)) return null;
      return left === undefined || right === undefined ? undefined : fixedValue(node);
    }
    default:
      return fieldsOf(node).length > 0 ? undefined : fixedValue(node);
  }
}

function fixedValue(node: Expression): Value {
  return compileScript(node).known ?? null;
}
