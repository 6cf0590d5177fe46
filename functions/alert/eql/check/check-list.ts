import { fieldsOf, type In } from '../syntax/ast.ts';
import { dateFault } from './check-fields.ts';
import type { Checker } from './checker.ts';
import { NOUNS } from './static-type.ts';

/** Checks `in`, `in~` and their lists. */
export function checkList(node: In, checker: Checker): void {
  const before = checker.faults.length;
  const isSound = () => checker.faults.length === before;
  checker.typeOf(node.value);
  let first: string | undefined;
  for (const item of node.list) {
    const type = checker.typeOf(item);
    if (type === 'wrong') continue;
    if (fieldsOf(item).length > 0) {
      const message = 'a list contains constants; Elasticsearch does not compare two fields';
      checker.wrong('Unsupported', item.span, message);
      continue;
    }
    if (node.isInsensitive && type !== 'text' && type !== 'null') {
      checker.wrong('Type', item.span, `in~ compares texts; this is ${NOUNS[type]}`);
    }
    const family = type === 'integer' ? 'number' : type;
    if (family === 'null') continue;
    first ??= family;
    if (family !== first) {
      checker.wrong('Type', item.span, `a list contains constants of one type; this is ${NOUNS[type]}`);
    }
  }
  if (isSound()) {
    for (const item of node.list) {
      const fault = dateFault(node.value, item, false);
      if (fault !== null) checker.wrong('Value', item.span, fault);
    }
  }
  checker.refuseNegation(node.value);
  if (first === undefined && isSound() && fieldsOf(node.value).length > 0) {
    const message = 'a list of only null; to test whether there is a value, use == null';
    checker.wrong('Unsupported', node.span, message);
  }
}
