import { readField } from '../decoding/read-field.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';

const CATEGORY = readField('event.category');

/** Whether a rule with a category can evaluate the document at all. */
export function hasCategory(document: JsonObject): boolean {
  return CATEGORY(document).length > 0;
}

/**
 * The outermost objects with an `event.category` within another: what a collector put under a key of its own,
 * such as Splunk's `event`, `payload` or `data` of a queue, `upsert` of a bulk update.
 */
export function eventsWithin(outer: JsonObject): readonly JsonObject[] {
  const events: JsonObject[] = [];
  const seek = (value: JsonValue): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isObject(value) && hasCategory(value)) events.push(value);
    else for (const inner of Object.values(value)) seek(inner as JsonValue);
  };
  for (const inner of Object.values(outer)) seek(inner);
  return events;
}

/** The value if it is an object, or the objects of an array, however nested; scalars are ignored. */
export function* objectsOf(value: JsonValue): Generator<JsonObject> {
  if (Array.isArray(value)) for (const element of value as readonly JsonValue[]) yield* objectsOf(element);
  else if (isObject(value)) yield value;
}

/** An object with a key, as text at any depth of quoting: `{"`, `{ \\"`. */
const JSON_TEXT = /\{\s*\\*"/;

/**
 * An `event` group, or its category, as a key in text. Each match begins at a letter that cannot repeat within it:
 * linear.
 */
const EVENT_TEXT = /"event(?:\.category)?\\*"\s*:/;

/** Such an object in the record's own bytes, where text has more escapes than its value. */
const RAW_JSON_TEXT = /\{(?:\s|\\+[nrtf])*\\+"/;

/** Whether JSON may be in text of a record with a quote in a text. */
export function mayHaveJsonText(record: string): boolean {
  return RAW_JSON_TEXT.test(record);
}

/** Whether any text in the document contains a JSON object, at its start or after something else. */
export function hasJsonText(value: JsonValue): boolean {
  return hasText(value, JSON_TEXT);
}

/** Whether that object looks like an event: programs in an event have JSON in their command lines, too. */
export function hasEventText(value: JsonValue): boolean {
  return hasText(value, EVENT_TEXT);
}

function hasText(value: JsonValue, pattern: RegExp): boolean {
  if (typeof value === 'string') return pattern.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(inner => hasText(inner as JsonValue, pattern));
}
