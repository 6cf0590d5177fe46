import type { JsonObject } from '../eql/index.ts';
import type { EventSource, Evidence } from './alert.ts';

/** What is known of a product's own record besides the document made of it. */
export type RawRecord = {
  /** The document without inferred values: identity and hashes are based on it. */
  readonly written: JsonObject;
  /**
   * Fields whose values would be in another record that is missing: if only these make a query false, it is undecided.
   */
  readonly undecided: readonly string[];
};

/** What is known of an event besides its document. */
export type EventContext = {
  /** Called only for a match: it hashes the record. */
  readonly evidence: () => Evidence;
  /** Whether the document says that it is from one of these index patterns, from another index, or nothing. */
  readonly origin: (patterns: readonly string[]) => 'fits' | 'other' | 'unknown';
  /** The event was a product's own record; `null`: it was in Elastic's form. */
  readonly raw: RawRecord | null;
  /** Called only for a match. */
  readonly source: () => EventSource;
  /** An Endgame document: its `host.os.type` may be in another field. */
  readonly isEndgame: boolean;
  /** Whether the event with this id was a match before; counts it. Default: never. */
  readonly isRepeat?: (id: string) => boolean;
  /** The time for the expiry of exceptions; `null`: unknown, then all have expired. */
  readonly asOfMs: number | null;
};
