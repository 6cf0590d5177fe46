import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { ENVELOPE_KEYS } from './envelope-detector.ts';
import { objectsOf } from './hidden-event.ts';

/** An event document and the index that its envelope states. */
export type Unwrapped = { readonly document: JsonObject; readonly index: string | null };

type Inner = { readonly value: JsonValue; readonly index: string | null };

type Envelope = {
  readonly exporter: string;
  /** A key that such an envelope has. */
  readonly sign: string;
  /** The values inside, or `null` if the object is not such an envelope. */
  readonly open: (object: JsonObject) => readonly Inner[] | null;
  /** Keys of the envelope, beside those with `_`; an object with others is an event as well. */
  readonly keys: ReadonlySet<string>;
};

const EVENTS_KEY = new Set(['events']);
const RECORDS_KEY = new Set(['Records']);
const AZURE_KEY = new Set(['records']);
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
export const ENVELOPES: readonly Envelope[] = [
  {
    exporter: 'Elasticsearch hit, elasticdump',
    sign: '_source',
    open: o => (hasKeys(o['_source']) ? [inner(withFields(o['_source'], o['fields']), o['_index'])] : null),
    keys: HIT_KEYS,
  },
  {
    exporter: 'Elasticsearch hit with fields',
    sign: 'fields',
    open: o => (isHit(o) && isObject(o['fields']) ? [inner(o['fields'], o['_index'])] : null),
    keys: HIT_KEYS,
  },
  {
    exporter: 'Elasticsearch search response',
    sign: 'hits',
    open: o => (isObject(o['hits']) ? list(o['hits']['hits']) : null),
    keys: ENVELOPE_KEYS,
  },
  {
    exporter: 'Elasticsearch ES|QL',
    sign: 'columns',
    open: o => rows(o['columns'], o['values']),
    keys: ENVELOPE_KEYS,
  },
  {
    exporter: 'Elasticsearch _bulk update',
    sign: 'doc',
    open: o => (isOnly(o, UPDATE_KEYS) && isObject(o['doc']) ? updated(o['doc'], o['upsert']) : null),
    keys: UPDATE_KEYS,
  },
  {
    exporter: 'Kibana es_archiver',
    sign: 'value',
    open: o =>
      isObject(o['value']) && isObject(o['value']['source'])
        ? [inner(o['value']['source'], o['value']['index'])]
        : null,
    keys: new Set(['type', 'value']),
  },
  {
    exporter: 'Kibana es_archiver, value alone',
    sign: 'source',
    open: o =>
      isOnly(o, ARCHIVED_KEYS) && hasKeys(o['source'])
        ? [inner(o['source'], o['index'] ?? o['_index'])]
        : null,
    keys: ARCHIVED_KEYS,
  },
  {
    exporter: 'Data Prepper',
    sign: 'events',
    open: o => (isOnly(o, EVENTS_KEY) ? list(o['events']) : null),
    keys: EVENTS_KEY,
  },
  {
    exporter: 'Records',
    sign: 'Records',
    open: o => (isOnly(o, RECORDS_KEY) ? list(o['Records']) : null),
    keys: RECORDS_KEY,
  },
  {
    exporter: 'Azure Event Hub, of Defender',
    sign: 'records',
    open: o => (isOnly(o, AZURE_KEY) ? list(o['records']) : null),
    keys: AZURE_KEY,
  },
  {
    exporter: 'CloudWatch Logs subscription',
    sign: 'messageType',
    open: o => (o['messageType'] === 'DATA_MESSAGE' ? list(o['logEvents']) : null),
    keys: CLOUDWATCH_KEYS,
  },
];

export const ENVELOPE_SIGNS: ReadonlySet<string> = new Set(ENVELOPES.map(({ sign }) => sign));

/** A source that a search reduced, completed with fields of the same hit. Multi-fields are not fields of their own. */
function withFields(source: JsonObject, fields: JsonValue | undefined): JsonObject {
  if (!isObject(fields)) return source;
  const known = new Set<string>();
  const name = (value: JsonValue, path: string): void => {
    const objects = [...objectsOf(value)];
    if (objects.length === 0) known.add(path);
    for (const object of objects)
      for (const [key, inner] of Object.entries(object)) name(inner, path === '' ? key : `${path}.${key}`);
  };
  name(source, '');
  const lacking = Object.entries(fields).filter(
    ([field]) => !known.has(field) && !known.has(field.slice(0, field.lastIndexOf('.'))),
  );
  return lacking.length === 0 ? source : { ...source, ...Object.fromEntries(lacking) };
}

/** The documents of ES|QL rows, with dotted keys; cells without a value are omitted. */
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

function list(value: JsonValue | undefined): readonly Inner[] | null {
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(value => ({ value, index: null })) : null;
}

function updated(...documents: readonly (JsonValue | undefined)[]): readonly Inner[] {
  return documents.filter(isObject).map(document => inner(document, null));
}

function inner(value: JsonValue, index: JsonValue | undefined): Inner {
  return { value, index: textOf(index) };
}

function isHit(object: JsonObject): boolean {
  return Object.hasOwn(object, '_index') || Object.hasOwn(object, '_id');
}

/** Whether an object has only these keys, and those with a leading `_`. */
export function isOnly(object: JsonObject, keys: ReadonlySet<string>): boolean {
  return Object.keys(object).every(key => keys.has(key) || key.startsWith('_'));
}

export function hasKeys(value: JsonValue | undefined): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0;
}

/** The first text of a value, unless it is empty. */
export function textOf(value: JsonValue | undefined): string | null {
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' && text !== '' ? text : null;
}
