import { Double, type Value } from '../syntax/value.ts';

/** What is known of a node without a document: only a mapping could say what a field contains. */
export type StaticType = 'boolean' | 'integer' | 'number' | 'text' | 'null' | 'field' | 'wrong';

export const NOUNS: Readonly<Record<StaticType, string>> = {
  boolean: 'a boolean',
  integer: 'an integer',
  number: 'a number',
  text: 'a string',
  null: 'null',
  field: 'a field',
  wrong: 'wrong',
};

export function typeOfValue(value: Value): StaticType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'text';
  return value instanceof Double ? 'number' : 'integer';
}
