import type { Query } from '../../eql/index.ts';
import { type Expression, operandsOf, parseQuery } from '../../eql/index.ts';

/** Constants of the query's only condition on `registry.path`, in order; empty: it has none, or several. */
export function pathPatterns(query: Query): readonly string[] {
  if (!query.fields.includes('registry.path')) return [];
  const lists = listsBelow(parseQuery(query.source).condition);
  return lists.length === 1 ? lists[0]! : [];
}

/** The constants of each condition on `registry.path` below a node. */
function listsBelow(node: Expression): (readonly string[])[] {
  const constants = node.kind === 'match' ? node.constants : node.kind === 'in' ? node.list : [];
  if ((node.kind === 'match' || node.kind === 'in') && isPath(node.value)) return [constants.flatMap(textOf)];
  if (node.kind === 'compare' && (isPath(node.left) || isPath(node.right))) {
    return [[node.left, node.right].flatMap(textOf)];
  }
  return operandsOf(node).flatMap(listsBelow);
}

function isPath(node: Expression): boolean {
  return node.kind === 'field' && node.path === 'registry.path';
}

function textOf(node: Expression): string[] {
  return node.kind === 'constant' && typeof node.value === 'string' ? [node.value] : [];
}
