import { carriedTexts, isCarrier, isSameDocument } from './carried-text.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { WRAPPER_KEYS } from './wrapper-watch.ts';

/** An event document and the index that its wrapper says it is from. */
export type Unwrapped = { readonly document: JsonObject; readonly index: string | null };

/** What a record turned out to hold. */
export type Opened = {
  readonly documents: readonly Unwrapped[];
  /** Text or elements in it that should have been documents and are not. */
  readonly failures: readonly ('InvalidJson' | 'TooDeep' | 'TooWide' | 'NotAnObject')[];
  /** It is neither an event nor does it hold any, and says so. */
  readonly isNoEvent: boolean;
};

/** Parses JSON text found inside a document, within the limits of a record. */
export type ParseText = (
  text: string,
) => { readonly value: JsonValue } | 'InvalidJson' | 'TooDeep' | 'TooWide';

type Inner = { readonly value: JsonValue; readonly index: string | null };

type Envelope = {
  readonly exporter: string;
  /** The values inside, or `null` when the object is no such envelope. */
  readonly open: (object: JsonObject) => readonly Inner[] | null;
  /** Keys of the envelope, beside those with `_`; an object with others is an event as well. */
  readonly keys: ReadonlySet<string>;
};

const EVENTS_KEY = new Set(['events']);
const RECORDS_KEY = new Set(['Records']);
const HIT_KEYS = new Set([
  'fields',
  'sort',
  'highlight',
  'inner_hits',
  'matched_queries',
  'ignored_field_values',
]);
const ARCHIVED_KEYS = new Set(['id', 'index', 'source', 'type', 'routing', 'version', 'sort']);
const UPDATE_KEYS = new Set(['doc', 'doc_as_upsert', 'upsert', 'detect_noop', 'scripted_upsert']);
const CLOUDWATCH_KEYS = new Set([
  'messageType',
  'owner',
  'logGroup',
  'logStream',
  'subscriptionFilters',
  'logEvents',
]);

/** One line for each exporter; the first that fits opens the object. */
const ENVELOPES: readonly Envelope[] = [
  {
    exporter: 'Elasticsearch hit, elasticdump',
    open: o => (hasKeys(o['_source']) ? [inner(o['_source'], o['_index'])] : null),
    keys: HIT_KEYS,
  },
  {
    exporter: 'Elasticsearch hit with fields',
    open: o => (isHit(o) && isObject(o['fields']) ? [inner(o['fields'], o['_index'])] : null),
    keys: HIT_KEYS,
  },
  {
    exporter: 'Elasticsearch search response',
    open: o => (isObject(o['hits']) ? list(o['hits']['hits']) : null),
    keys: WRAPPER_KEYS,
  },
  { exporter: 'Elasticsearch ES|QL', open: o => rows(o['columns'], o['values']), keys: WRAPPER_KEYS },
  {
    exporter: 'Elasticsearch _bulk update',
    open: o => (isOnly(o, UPDATE_KEYS) && isObject(o['doc']) ? [inner(o['doc'], null)] : null),
    keys: UPDATE_KEYS,
  },
  {
    exporter: 'Kibana es_archiver',
    open: o =>
      isObject(o['value']) && isObject(o['value']['source'])
        ? [inner(o['value']['source'], o['value']['index'])]
        : null,
    keys: new Set(['type', 'value']),
  },
  {
    exporter: 'Kibana es_archiver, value alone',
    open: o =>
      isOnly(o, ARCHIVED_KEYS) && hasKeys(o['source'])
        ? [inner(o['source'], o['index'] ?? o['_index'])]
        : null,
    keys: ARCHIVED_KEYS,
  },
  {
    exporter: 'Data Prepper',
    open: o => (isOnly(o, EVENTS_KEY) ? list(o['events']) : null),
    keys: EVENTS_KEY,
  },
  { exporter: 'Records', open: o => (isOnly(o, RECORDS_KEY) ? list(o['Records']) : null), keys: RECORDS_KEY },
  {
    exporter: 'CloudWatch Logs subscription',
    open: o => (o['messageType'] === 'DATA_MESSAGE' ? list(o['logEvents']) : null),
    keys: CLOUDWATCH_KEYS,
  },
];

const DEEPEST_TEXT = 2;
const DEEPEST_ENVELOPE = 4;

/**
 * The documents in a record. An object that no envelope fits is itself a document. JSON text that it carries is
 * another, unless it is the same one again; the carrier is left out only when it can be no event.
 */
export function openEnvelope(value: JsonValue, index: string | null, parse: ParseText): Opened {
  const documents: Unwrapped[] = [];
  const failures: Opened['failures'][number][] = [];
  let isNoEvent = false;

  const visit = (value: JsonValue, index: string | null, texts: number, envelopes: number): void => {
    if (!isObject(value)) {
      failures.push('NotAnObject');
      return;
    }
    if (saysNoEvent(value)) {
      isNoEvent = true;
      return;
    }
    if (envelopes < DEEPEST_ENVELOPE)
      for (const { open, keys } of ENVELOPES) {
        const inside = open(value);
        if (inside === null) continue;
        for (const each of inside) visit(each.value, each.index ?? index, texts, envelopes + 1);
        if (isOnly(value, keys)) return;
        break;
      }
    visitCarrier(value, index, texts);
  };

  const visitCarrier = (outer: JsonObject, index: string | null, texts: number): void => {
    const found: JsonValue[] = [];
    let failure: 'InvalidJson' | 'TooDeep' | 'TooWide' | undefined;
    if (texts < DEEPEST_TEXT)
      for (const text of carriedTexts(outer)) {
        const parsed = parse(text);
        if (typeof parsed === 'string') failure ??= parsed;
        else if (Array.isArray(parsed.value))
          for (const element of parsed.value as readonly JsonValue[]) {
            if (isObject(element)) found.push(element);
          }
        else if (isObject(parsed.value) && !isSameDocument(outer, parsed.value)) found.push(parsed.value);
      }
    const isOnlyCarrier = (found.length > 0 || failure !== undefined) && isCarrier(outer);
    if (!isOnlyCarrier) documents.push({ document: outer, index });
    if (failure !== undefined && (isOnlyCarrier || failure !== 'InvalidJson')) failures.push(failure);
    // What text carries is not from the carrier's index.
    for (const value of found) visit(value, null, texts + 1, 0);
  };

  visit(value, index, 0, 0);
  return { documents, failures, isNoEvent: isNoEvent && documents.length === 0 };
}

/** Whether an object has no field but those of an answer around its documents. */
export function isWrapper(value: JsonValue): boolean {
  return isObject(value) && isOnly(value, WRAPPER_KEYS);
}

/** The index of an action line of `_bulk` for the document in the next line; `undefined` when it is no such line. */
export function bulkAction(value: JsonValue): { readonly index: string | null } | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const action = keys[0];
  if (keys.length !== 1 || !ACTIONS.has(action!)) return undefined;
  const target = value[action!]!;
  if (!isObject(target) || !Object.keys(target).every(key => key.startsWith('_') || ACTION_KEYS.has(key)))
    return undefined;
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

/** The documents of ES|QL rows, with dotted keys; cells without a value are left out. */
export function rowDocument(columns: readonly JsonValue[], row: JsonValue): Unwrapped | null {
  if (!Array.isArray(row)) return null;
  const cells = (row as readonly JsonValue[]).flatMap((cell, at): [string, JsonValue][] => {
    const column = columns[at];
    const name = isObject(column) ? column['name'] : undefined;
    return typeof name === 'string' && cell !== null ? [[name, cell]] : [];
  });
  const document: JsonObject = Object.fromEntries(cells);
  return { document, index: textOf(document['_index']) };
}

function rows(columns: JsonValue | undefined, values: JsonValue | undefined): readonly Inner[] | null {
  if (!Array.isArray(columns) || !Array.isArray(values)) return null;
  return (values as readonly JsonValue[]).map(row => {
    const opened = rowDocument(columns as readonly JsonValue[], row);
    return { value: opened?.document ?? row, index: opened?.index ?? null };
  });
}

/** Objects that exporters write beside events: errors, mappings, settings. */
function saysNoEvent(object: JsonObject): boolean {
  const keys = Object.keys(object);
  if (keys.length > 2) return false;
  if (keys.length === 2 && isObject(object['error']) && typeof object['status'] === 'number') return true;
  if (
    keys.length === 2 &&
    (object['type'] === 'index' || object['type'] === 'data_stream') &&
    isObject(object['value'])
  )
    return true;
  const alone = keys.length === 1 ? object[keys[0]!] : undefined;
  return isObject(alone) && isOnly(alone, DEFINITION_KEYS) && hasKeys(alone);
}

const DEFINITION_KEYS = new Set(['mappings', 'settings', 'aliases']);

function list(value: JsonValue | undefined): readonly Inner[] | null {
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(value => ({ value, index: null })) : null;
}

function inner(value: JsonValue, index: JsonValue | undefined): Inner {
  return { value, index: textOf(index) };
}

function isHit(object: JsonObject): boolean {
  return Object.hasOwn(object, '_index') || Object.hasOwn(object, '_id');
}

function isOnly(object: JsonObject, keys: ReadonlySet<string>): boolean {
  return Object.keys(object).every(key => keys.has(key) || key.startsWith('_'));
}

function hasKeys(value: JsonValue | undefined): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0;
}

function textOf(value: JsonValue | undefined): string | null {
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' && text !== '' ? text : null;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
