import { type Mapping, makeNormalize } from '../../../functions/alert/logs/ecs/index.ts';
import { readField } from '../../../functions/alert/logs/index.ts';
import type { JsonObject, JsonValue } from '../../../functions/alert/logs/json.ts';

/** One record by itself: its document, or what it is instead. */
export const normalize = (record: JsonObject, mapping: Mapping = 'elastic') =>
  makeNormalize(mapping)(record, null);

export function fieldsOf(record: JsonObject, mapping: Mapping = 'elastic') {
  const found = normalize(record, mapping);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

export const read = (record: JsonObject, field: string, mapping: Mapping = 'elastic') =>
  readField(field)(fieldsOf(record, mapping).document);

/** Every field with its dotted name; a list is one value. */
export const leaves = (value: JsonValue, path = ''): [field: string, value: JsonValue][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, member]) => leaves(member!, path ? `${path}.${name}` : name))
    : [[path, value]];
