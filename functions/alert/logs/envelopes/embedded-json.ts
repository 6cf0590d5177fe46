import { readField } from '../decoding/read-field.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** Where collectors put a document that they did not parse: Filebeat and Kafka, Fluent Bit, Cribl, Logstash. */
const TEXT_FIELDS = ['message', 'log', '_raw', 'event.original'].map(readField);

const CATEGORY = readField('event.category');

/** JSON text in a document, each text once. */
export function embeddedJson(document: JsonObject): readonly string[] {
  let texts: string[] | undefined;
  for (const read of TEXT_FIELDS)
    for (const value of read(document))
      if (typeof value === 'string' && /^\s*[{[]/.test(value)) {
        texts ??= [];
        if (!texts.includes(value)) texts.push(value);
      }
  return texts ?? NONE;
}

const NONE: readonly string[] = [];

/** Fields that collectors add around a document carried as text. */
const CARRIER_KEYS = new Set(
  `@timestamp @version @metadata message log _raw event tags type host agent ecs input fields source stream time date
  timestamp id index sourcetype offset topic partition key kubernetes container docker cloud service fileset data_stream
  elastic_agent labels kafka logstash path logtag _p _time _source breaker channel account owner region`.split(
    /\s+/,
  ),
);

const CARRIED_EVENT_KEYS = new Set([
  'original',
  'created',
  'ingested',
  'dataset',
  'module',
  'timezone',
  'agent_id_status',
  'kind',
]);

/** Whether a document can only be the envelope of its text: no category, and no field of its own. */
export function mayEmbedJson(document: JsonObject): boolean {
  if (CATEGORY(document).length > 0) return false;
  for (const key of Object.keys(document)) {
    const [group, ...rest] = key.split('.');
    if (!CARRIER_KEYS.has(group!) && !group!.startsWith('cribl')) return false;
    if (group !== 'event') continue;
    const keys = rest.length > 0 ? [rest[0]!] : keysOf(document[key]);
    if (!keys.every(name => CARRIED_EVENT_KEYS.has(name.split('.')[0]!))) return false;
  }
  return true;
}

/**
 * Whether text is the document that carries it, once more: then the carrier has all its groups of fields, two names
 * deep, the same identity where both have one, and no less text. A collector that parses a document and keeps the
 * original writes that.
 */
export function isSameDocument(carrier: JsonObject, carried: JsonObject): boolean {
  for (const read of IDENTITY) {
    const [one] = read(carrier);
    const [other] = read(carried);
    if (one !== undefined && other !== undefined && String(one) !== String(other)) return false;
  }
  // A pipeline that changed or trimmed what rules read must not hide the original.
  for (const read of EVALUATED) if (read(carried).join('\0') !== read(carrier).join('\0')) return false;
  const texts = embeddedJson(carrier);
  if (!embeddedJson(carried).every(text => texts.includes(text))) return false;
  const has = groupsOf(carrier);
  return [...groupsOf(carried)].every(group => has.has(group) || ADDED.has(group));
}

const IDENTITY = ['event.id', 'host.name', 'process.entity_id', 'registry.path'].map(readField);

const EVALUATED = [
  'event.category',
  'event.type',
  'host.os.type',
  'process.name',
  'registry.data.strings',
].map(readField);

const ADDED = new Set(['@version', 'tags', 'event.original']);

function groupsOf(document: JsonObject): Set<string> {
  const groups = new Set<string>();
  for (const [key, value] of Object.entries(document)) {
    const [first, second] = key.split('.');
    if (second !== undefined) groups.add(`${first}.${second}`);
    else if (keysOf(value).length > 0)
      for (const name of keysOf(value)) groups.add(`${first}.${name.split('.')[0]}`);
    else groups.add(first!);
  }
  return groups;
}

function keysOf(value: JsonValue | undefined): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
