import type { RecordSigns } from '../decoding/record-signs.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { embeddedJson, isSameDocument, mayEmbedJson } from './embedded-json.ts';
import { ENVELOPE_KEYS } from './envelope-detector.ts';
import { ENVELOPE_SIGNS, ENVELOPES, hasKeys, isOnly, textOf, type Unwrapped } from './exporter-envelopes.ts';
import {
  eventsWithin,
  hasCategory,
  hasEventText,
  hasJsonText,
  mayHaveJsonText,
  objectsOf,
} from './hidden-event.ts';

/** The content of a record. */
export type Opened = {
  readonly documents: readonly Unwrapped[];
  /** Text or elements in it that should have been documents but are not. */
  readonly failures: readonly ('InvalidJson' | 'TooDeep' | 'TooWide' | 'NotAnObject')[];
  /** It is neither an event nor contains one, and is recognised as such. */
  readonly isNoEvent: boolean;
  /** A document without an event category contains text that may be an event and was not opened. */
  readonly hasUnopenedText: boolean;
};

/** Parses JSON text found inside a document, within the limits of a record. */
export type ParseText = (
  text: string,
) => { readonly value: JsonValue } | 'InvalidJson' | 'TooDeep' | 'TooWide';

const DEEPEST_TEXT = 2;
const DEEPEST_ENVELOPE = 4;

/**
 * The documents in a record. An object that no envelope fits is itself a document. JSON text in it is another, unless
 * it is the same one again; the carrier is omitted only if it cannot be an event. An object that contains objects with
 * `event.category`, however deep, is an envelope not in the table, and also an event if it has one itself. The record's
 * text and its signs only save time.
 */
export function openEnvelope(
  value: JsonValue,
  index: string | null,
  parse: ParseText,
  record: { readonly text: string; readonly signs: RecordSigns } | null = null,
): Opened {
  const documents: Unwrapped[] = [];
  const failures: Opened['failures'][number][] = [];
  let isNoEvent = false;
  let hasUnopenedText = false;
  /** Of a record in which nothing is hidden behind an escape. */
  const plain = record === null || record.signs.hasEscape ? null : record;

  const visit = (value: JsonValue, index: string | null, texts: number, envelopes: number): void => {
    if (!isObject(value)) {
      failures.push('NotAnObject');
      return;
    }
    if (saysNoEvent(value)) {
      isNoEvent = true;
      return;
    }
    let isEnvelope = false;
    if (envelopes < DEEPEST_ENVELOPE && Object.keys(value).some(key => ENVELOPE_SIGNS.has(key)))
      for (const { open, keys } of ENVELOPES) {
        const inside = open(value);
        if (inside === null) continue;
        for (const each of inside) visit(each.value, each.index ?? index, texts, envelopes + 1);
        if (isOnly(value, keys)) return;
        isEnvelope = true;
        break;
      }
    visitCarrier(value, index, texts, isEnvelope);
  };

  const visitCarrier = (
    outer: JsonObject,
    index: string | null,
    texts: number,
    isEnvelope: boolean,
  ): void => {
    const found: JsonObject[] = [];
    let failure: 'InvalidJson' | 'TooDeep' | 'TooWide' | undefined;
    if (texts < DEEPEST_TEXT)
      for (const text of embeddedJson(outer)) {
        const parsed = parse(text);
        if (typeof parsed === 'string') failure ??= parsed;
        else
          for (const object of objectsOf(parsed.value))
            if (object !== parsed.value || !isSameDocument(outer, object)) found.push(object);
      }
    const isOnlyCarrier = (found.length > 0 || failure !== undefined) && mayEmbedJson(outer);
    const mayHide = found.length === 0 && !isOnlyCarrier && !isEnvelope;
    const isEvent = hasCategory(outer);
    const own = Number(Object.hasOwn(outer, 'event')) + Number(Object.hasOwn(outer, 'event.category'));
    const mayHold = texts > 0 || plain === null || plain.signs.eventKeys > own;
    const within = mayHide && mayHold ? eventsWithin(outer) : [];
    if (!isOnlyCarrier && (isEvent || within.length === 0)) documents.push({ document: outer, index });
    for (const event of within) visit(event, index, texts, DEEPEST_ENVELOPE);
    hasUnopenedText ||=
      mayHide &&
      within.length === 0 &&
      (isEvent ? mayHold && hasEventText(outer) : mayHaveText(texts) && hasJsonText(outer));
    if (failure !== undefined && (isOnlyCarrier || failure !== 'InvalidJson')) failures.push(failure);
    // What text carries is not from the carrier's index.
    for (const value of found) visit(value, null, texts + 1, 0);
  };

  const mayHaveText = (texts: number): boolean =>
    texts > 0 || plain === null || (plain.signs.hasQuote && mayHaveJsonText(plain.text));

  visit(value, index, 0, 0);
  return { documents, failures, isNoEvent: isNoEvent && documents.length === 0, hasUnopenedText };
}

/** Whether an object has only the fields of a response around its documents. */
export function isEnvelope(value: JsonValue): boolean {
  return isObject(value) && isOnly(value, ENVELOPE_KEYS);
}

/** The index in an action line of `_bulk` for the document in the next line; `undefined` if it is not such a line. */
export function bulkAction(value: JsonValue): { readonly index: string | null } | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const action = keys[0];
  if (keys.length !== 1 || !ACTIONS.has(action!)) return undefined;
  const target = value[action!]!;
  if (!isObject(target) || !Object.keys(target).every(key => key.startsWith('_') || ACTION_KEYS.has(key)))
    return undefined;
  // Metadata is short; anything with a document in it is a document.
  if (eventsWithin(value).length > 0 || hasJsonText(target)) return undefined;
  return { index: textOf(target['_index']) };
}

const ACTIONS = new Set(['index', 'create', 'update', 'delete']);
const ACTION_KEYS = new Set([
  'routing',
  'pipeline',
  'version',
  'version_type',
  'require_alias',
  'require_data_stream',
  'list_executed_pipelines',
  'dynamic_templates',
  'if_seq_no',
  'if_primary_term',
  'retry_on_conflict',
  'op_type',
  'parent',
]);

/** Objects that exporters write beside events: errors, mappings, settings. */
function saysNoEvent(object: JsonObject): boolean {
  const keys = Object.keys(object);
  if (keys.length > 2 || eventsWithin(object).length > 0) return false;
  if (keys.length === 2 && isObject(object['error']) && typeof object['status'] === 'number') return true;
  if (
    keys.length === 2 &&
    (object['type'] === 'index' || object['type'] === 'data_stream') &&
    isObject(object['value'])
  )
    return true;
  const alone = keys.length === 1 ? object[keys[0]!] : undefined;
  return hasKeys(alone) && Object.keys(alone).every(key => DEFINITION_KEYS.has(key));
}

const DEFINITION_KEYS = new Set(['mappings', 'settings', 'aliases']);
