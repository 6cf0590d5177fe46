import type { Expression, FieldNode } from '../../functions/alert/eql/syntax/ast.ts';

/** The places where a field occurs, in the order of the text. */
export function fieldsBelow(node: Expression): readonly FieldNode[] {
  if (node.kind === 'field') return [node];
  const children = Object.values(node).flatMap(member => (Array.isArray(member) ? member : [member]));
  return children.flatMap(child =>
    typeof child === 'object' && child !== null && 'kind' in child ? fieldsBelow(child as Expression) : [],
  );
}
