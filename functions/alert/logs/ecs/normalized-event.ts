import type { JsonObject } from '../json.ts';
import { extended, type Inferred } from './extended.ts';
import { ProcessRecords } from './process-records.ts';
import { recognize } from './recognize.ts';
import { isElastic, type RawSource } from './sources.ts';

/** `elastic`: as Elastic maps them; `extended`: plus what rules need for purely formal reasons. */
export const MAPPINGS = ['extended', 'elastic'] as const;
export type Mapping = (typeof MAPPINGS)[number];

/** An event as the rules see it. */
export type Normalized = {
  /** The product whose own record it was; `null`: it was already in Elastic's form. */
  readonly source: RawSource | null;
  /** From the envelope, or the one that Elastic gives a product's own record; `null`: unknown. */
  readonly index: string | null;
  readonly document: JsonObject;
  /** The document without inferred values: the basis of an event's identity. */
  readonly written: JsonObject;
  readonly inferred: readonly Inferred[];
};

export type Normalize = (
  record: JsonObject,
  index: string | null,
) => Normalized | 'inventory' | 'refused' | 'unknown';

/** Creates the reader of one object's documents; it remembers the processes of the object. */
export function makeNormalize(mapping: Mapping): Normalize {
  const processes = new ProcessRecords();
  return (record, index) => {
    const found = recognize(record);
    if (found === 'inventory' || found === 'refused') return found;
    if (found === null) {
      if (!isElastic(record, index)) return 'unknown';
      return { source: null, index, document: record, written: record, inferred: NONE };
    }
    const { source, document: written } = found;
    const around = { source, index: index ?? found.index, written };
    if (mapping === 'elastic') return { ...around, document: written, inferred: NONE };
    const isFdr = source === 'crowdstrike';
    if (isFdr) processes.see(record);
    const isWindowsAlone = source === 'sysmon' || source === 'windows-security' || source === 'windows-event';
    return { ...around, ...extended(written, isWindowsAlone, isFdr ? processes.of(record) : NONE) };
  };
}

/** The document that the last of some records of one object becomes; if it is not an event, it stays unchanged. */
export function lastDocument(records: readonly JsonObject[]): JsonObject {
  const normalize = makeNormalize('extended');
  const [found] = records.map(record => normalize(record, null)).slice(-1);
  return typeof found === 'object' ? found.document : (records.at(-1) ?? {});
}

const NONE: readonly Inferred[] = [];
