import type { JsonObject } from '../eql/index.ts';
import type { EventSource, Evidence } from './alert.ts';

/** What is known of a product's own record besides the document made of it. */
export type RawRecord = {
  /** The document without what was inferred: identity and hashes are made of it. */
  readonly written: JsonObject;
  /** Fields that another record would have told and none did: a query that fails by these alone is undecided. */
  readonly undecided: readonly string[];
};

/** What is known of an event besides its document. */
export type EventContext = {
  /** Asked only for a match: it hashes the record. */
  readonly evidence: () => Evidence;
  /** Whether the document says that it is from one of these index patterns, from another index, or nothing. */
  readonly origin: (patterns: readonly string[]) => 'fits' | 'other' | 'unknown';
  /** The event was a product's own record; `null`: it came in Elastic's form. */
  readonly raw: RawRecord | null;
  /** Asked only for a match. */
  readonly source: () => EventSource;
  /** An Endgame document: its `host.os.type` may stand elsewhere. */
  readonly isEndgame: boolean;
  /** Whether the event of this id was a match before, and counts it; left out: never. */
  readonly isRepeat?: (id: string) => boolean;
  /** The time at which exceptions are judged; `null`: not known, then every one has ended. */
  readonly asOfMs: number | null;
};
