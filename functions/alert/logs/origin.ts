import { readField } from './decoding/read-field.ts';
import type { JsonObject } from './json.ts';

/** The index that a document says it is from; `null` if it says nothing. */
export type Origin = { readonly index: string | null; readonly dataStream: string | null };

const DATASET = readField('data_stream.dataset');
const TYPE = readField('data_stream.type');
const NAMESPACE = readField('data_stream.namespace');
const INDEX = readField('_index');
const MODULE = readField('event.module');
const AGENT = readField('agent.type');

const BACKING = /^\.ds-(.+)-[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9]{6,}$/;

/** Only `_index` (of the envelope or of the document) and `data_stream.*` state where a document is from. */
export function originOf(document: JsonObject, index: string | null): Origin {
  const dataset = firstText(DATASET(document));
  return {
    index: index ?? firstText(INDEX(document)),
    dataStream:
      dataset === null
        ? null
        : `${firstText(TYPE(document)) ?? 'logs'}-${dataset}-${firstText(NAMESPACE(document)) ?? 'default'}`,
  };
}

/**
 * Compares an origin with a rule's index patterns: one matching name is enough; `other` if there are only names that
 * do not match; `unknown` if there are none.
 */
export function fits(patterns: readonly string[], origin: Origin): 'fits' | 'other' | 'unknown' {
  const names: string[] = [];
  if (origin.index !== null) names.push(origin.index, bareIndex(origin.index));
  if (origin.dataStream !== null) names.push(origin.dataStream);
  if (names.length === 0) return 'unknown';
  return names.some(name => patterns.some(pattern => like(pattern, name))) ? 'fits' : 'other';
}

/** If Endgame's streaming has no `host.os.type`, the first of these that is present states it. */
export const OS_TYPE_FALLBACK: readonly string[] = ['observer.os.type', 'host.os.family'];

/** Endgame's documents by any of their marks: the index, the module, the agent or an `endgame` object. */
export function isEndgame(document: JsonObject, index: string | null): boolean {
  const from = index ?? firstText(INDEX(document));
  if (from !== null && bareIndex(from).startsWith('endgame-')) return true;
  if (MODULE(document).includes('endgame') || AGENT(document).includes('endgame')) return true;
  for (const key of Object.keys(document)) {
    if (key.startsWith('endgame.')) return true;
    if (key === 'endgame' && typeof document[key] === 'object' && document[key] !== null) return true;
  }
  return false;
}

/** The data stream or index behind a backing, restored, partly mounted or remote index. */
function bareIndex(index: string): string {
  let name = index.slice(index.indexOf(':') + 1);
  while (name.startsWith('restored-') || name.startsWith('partial-'))
    name = name.slice(name.indexOf('-') + 1);
  return BACKING.exec(name)?.[1] ?? name;
}

/** `*` matches any text; the pieces between are searched for from the left, so the cost is linear. */
function like(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0]!;
  if (pieces.length === 1) return name === pattern;
  const last = pieces[pieces.length - 1]!;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

function firstText(values: readonly unknown[]): string | null {
  const value = values[0];
  return typeof value === 'string' && value !== '' ? value : null;
}
