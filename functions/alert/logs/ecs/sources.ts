import { readField } from '../decoding/read-field.ts';
import type { JsonObject } from '../json.ts';

/** Products whose own records are read here; `windows-event`: a Windows channel that nothing maps. */
export type RawSource =
  | 'sysmon'
  | 'windows-security'
  | 'windows-event'
  | 'defender-xdr'
  | 'crowdstrike'
  | 'sentinelone';

/** Which product an event is from; `other`: unknown, or another one. */
export type Source = RawSource | 'elastic-defend' | 'endgame' | 'other';

/** Parts of the data set, module or index that Elastic gives each product's events. */
const NAMES: readonly (readonly [part: string, source: Source])[] = [
  ['endgame', 'endgame'],
  ['endpoint', 'elastic-defend'],
  ['sysmon', 'sysmon'],
  ['system.security', 'windows-security'],
  ['m365_defender', 'defender-xdr'],
  ['crowdstrike', 'crowdstrike'],
  ['sentinel_one_cloud_funnel', 'sentinelone'],
];

const NAMED_IN = ['data_stream.dataset', 'event.dataset', 'event.module', 'agent.type', 'winlog.channel'].map(
  readField,
);

/** The product of a document that is already in Elastic's form. */
export function sourceOf(document: JsonObject, index: string | null): Source {
  const names = [index ?? '', ...NAMED_IN.flatMap(read => read(document).map(String))].map(name =>
    name.toLowerCase(),
  );
  for (const [part, source] of NAMES) if (names.some(name => name.includes(part))) return source;
  return 'other';
}

const ELASTIC = [
  'event.category',
  'event.kind',
  'event.dataset',
  'event.module',
  'event.action',
  'ecs.version',
  'data_stream.dataset',
  'agent.type',
  'event_type_full',
].map(readField);

/** Whether a document is in Elastic's form at all; otherwise, unless of a known product, it is of unknown shape. */
export function isElastic(document: JsonObject, index: string | null): boolean {
  return (
    index !== null || ELASTIC.some(read => read(document).length > 0) || Object.hasOwn(document, 'endgame')
  );
}
