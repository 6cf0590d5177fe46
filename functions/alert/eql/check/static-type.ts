import { Double, type Value } from '../syntax/value.ts';

/** What is known of a node before any document is: nothing but a mapping could say what a field holds. */
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
