import { type Expression, fieldsOf } from './ast.ts';
import { compileScript } from './script.ts';
import type { Value } from './value.ts';

/** The value of an expression without fields; throws `NoValue` where it has none. */
export function foldConstant(node: Expression): Value {
  return compileScript(node).evaluate([]);
}

/** The value of a node without fields; `undefined`: it has fields. The checker has refused what has no value. */
export function constantOf(node: Expression): Value | undefined {
  if (node.kind === 'constant') return node.value;
  // Asked of every node: the script of a list of patterns on a field costs as much as the rest of the query.
  if (fieldsOf(node).length > 0) return undefined;
  return compileScript(node).known ?? null;
}
