import { constantOf } from '../compile/constant.ts';
import { readDate } from '../match/date.ts';
import { fieldKind } from '../match/field-kind.ts';
import { operationOf } from '../match/inverted-comparison.ts';
import { readDecimal } from '../match/number-text.ts';
import type { Expression } from '../syntax/ast.ts';
import { Double } from '../syntax/value.ts';

/** Why a constant cannot be compared with a field; `null`: it can. Dates are parsed, never computed: no scan has a now. */
export function dateFault(field: Expression, constant: Expression, isOrder: boolean): string | null {
  const text = field.kind === 'field' ? constantOf(constant) : undefined;
  if (field.kind !== 'field' || typeof text !== 'string') return null;
  const isMath = /^now(?:$|[-+/|])/.test(text) || /\|\|[-+/]/.test(text);
  const isDate = fieldKind(field.path) === 'date';
  if (isDate && !isMath && readDate(text) === null && readDecimal(text) === null) {
    return `${field.path} is a date; one is written 2026-11, 2026-11-24 or 2026-11-24T09:30:00Z`;
  }
  if (!isMath || !(isDate || isOrder)) return null;
  return 'date math such as now-1d has no meaning for a log that is read later; write the date';
}

/** Why a division has no one answer: 3 / 2 is 1 of whole numbers and 1.5 of others, and nothing says what a field holds. */
export function divisionFault(node: Expression): string | null {
  const operation = operationOf(node);
  if (operation?.operator !== '/' || numbersOf(node) !== 'unknown') return null;
  return 'whether this field holds whole numbers alone is not known, and 3 / 2 is 1 of those and 1.5 of others; divide by a decimal: / 2.0';
}

function numbersOf(node: Expression): 'whole' | 'double' | 'unknown' {
  if (node.kind === 'constant') return node.value instanceof Double ? 'double' : 'whole';
  if (node.kind === 'field') {
    const kind = fieldKind(node.path);
    return kind === 'double' ? 'double' : kind === 'integer' || kind === 'date' ? 'whole' : 'unknown';
  }
  if (node.kind === 'sign') return numbersOf(node.operand);
  const operation = operationOf(node);
  // What other functions give says itself what it is.
  if (!operation) return 'whole';
  const kinds = [numbersOf(operation.left), numbersOf(operation.right)];
  return kinds.includes('double') ? 'double' : kinds.includes('unknown') ? 'unknown' : 'whole';
}
