import { constantOf } from '../compile/constant.ts';
import { readDate } from '../match/date.ts';
import { fieldKind } from '../match/field-kind.ts';
import { operationOf } from '../match/inverted-comparison.ts';
import { readDecimal } from '../match/number-text.ts';
import type { Expression } from '../syntax/ast.ts';
import { Double } from '../syntax/value.ts';

/**
 * Why a constant cannot be compared with a field; `null`: it can. Dates are parsed, never computed: no scan has a now.
 */
export function dateFault(field: Expression, constant: Expression, isOrder: boolean): string | null {
  const text = field.kind === 'field' ? constantOf(constant) : undefined;
  if (field.kind !== 'field' || typeof text !== 'string') return null;
  const isMath = /^now(?:$|[-+/|])/.test(text) || /\|\|[-+/]/.test(text);
  const isDate = fieldKind(field.path) === 'date';
  if (isDate && !isMath && readDate(text) === null && readDecimal(text) === null) {
    return `${field.path} is a date; write 2026-11, 2026-11-24 or 2026-11-24T09:30:00Z`;
  }
  if (!isMath || !(isDate || isOrder)) return null;
  return 'date math such as now-1d has no meaning for a log that is read later; write the date';
}

/** Why a division is ambiguous: 3 / 2 is 1 for integers and 1.5 otherwise, and nothing says which a field contains. */
export function divisionFault(node: Expression): string | null {
  const operation = operationOf(node);
  if (operation?.operator !== '/' || numbersOf(node) !== 'unknown') return null;
  return 'whether this field contains only integers is unknown, and 3 / 2 is 1 for those and 1.5 otherwise; divide by a decimal: / 2.0';
}

function numbersOf(node: Expression): 'whole' | 'double' | 'unknown' {
  if (node.kind === 'constant') return node.value instanceof Double ? 'double' : 'whole';
  if (node.kind === 'field') {
    const kind = fieldKind(node.path);
    return kind === 'double' ? 'double' : kind === 'integer' || kind === 'date' ? 'whole' : 'unknown';
  }
  if (node.kind === 'sign') return numbersOf(node.operand);
  const operation = operationOf(node);
  // Other functions determine the type of their results.
  if (!operation) return 'whole';
  const kinds = [numbersOf(operation.left), numbersOf(operation.right)];
  return kinds.includes('double') ? 'double' : kinds.includes('unknown') ? 'unknown' : 'whole';
}
