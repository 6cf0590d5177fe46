import type { JsonObject } from '../json.ts';
import { extended, type Inferred } from './extended.ts';
import { ProcessRecords } from './process-records.ts';
import { recognize } from './recognize.ts';
import { isElastic, type Source, sourceOf } from './sources.ts';

/** `elastic`: as Elastic maps them; `extended`: and what rules need for a reason of form alone. */
export const MAPPINGS = ['extended', 'elastic'] as const;
export type Mapping = (typeof MAPPINGS)[number];

/** An event as the rules see it. */
export type Normalized = {
  readonly source: Source;
  /** `null`: nothing says one. */
  readonly index: string | null;
  readonly document: JsonObject;
  /** The document without what was inferred: what an event's identity is made of. */
  readonly written: JsonObject;
  readonly inferred: readonly Inferred[];
  /** It was a product's own record. */
  readonly isRaw: boolean;
};

export type Normalize = (
  record: JsonObject,
  index: string | null,
) => Normalized | 'inventory' | 'refused' | 'unknown';

/** Makes the reader of one object's documents; it remembers the processes of the object. */
export function makeNormalize(mapping: Mapping): Normalize {
  const processes = new ProcessRecords();
  return (record, index) => {
    const found = recognize(record);
    if (found === 'inventory' || found === 'refused') return found;
    if (found === null) {
      if (!isElastic(record, index)) return 'unknown';
      const source = sourceOf(record, index);
      return { source, index, document: record, written: record, inferred: NONE, isRaw: false };
    }
    const { source, document: written } = found;
    const around = { source, index: index ?? found.index, written, isRaw: true };
    if (mapping === 'elastic') return { ...around, document: written, inferred: NONE };
    const isFdr = source === 'crowdstrike';
    if (isFdr) processes.see(record);
    const isWindowsAlone = source === 'sysmon' || source === 'windows-security' || source === 'windows-event';
    return { ...around, ...extended(written, isWindowsAlone, isFdr ? processes.of(record) : NONE) };
  };
}

const NONE: readonly Inferred[] = [];
