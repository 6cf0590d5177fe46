import type { Match } from '../detection/index.ts';
import type { JsonObject, JsonValue } from '../eql/index.ts';
import { toJson } from '../logs/index.ts';
import type { ArchiveLocation } from '../notification/index.ts';
import type { Exception } from '../ruleset/index.ts';
import { keys } from './keys.ts';
import { type NdjsonUpload, ndjsonUpload } from './ndjson-upload.ts';
import type { Archive } from './store.ts';

/** Streams into the archive, while an object is read, the matches that get no alert of their own and those excepted. */
export type Overflow = {
  readonly keep: (match: Match) => Promise<void>;
  readonly keepExcepted: (match: Match, exception: Exception) => Promise<void>;
  /**
   * The object was read to its end or to permanent damage. Returns where `keep`'s lines are; `null`: there are none.
   */
  readonly finish: () => Promise<ArchiveLocation | null>;
  /** The object was not read to its end: nothing is stored, since the next attempt writes all of it. */
  readonly abandon: () => Promise<void>;
};

/** `rulesetDigest`: see the ledger; other rules give another overflow. */
export function overflowIn(archive: Archive, objectId: string, rulesetDigest: string): Overflow {
  let overflow: NdjsonUpload | null = null;
  let excepted: NdjsonUpload | null = null;
  const key = keys.overflow(objectId, rulesetDigest);
  return {
    keep: match => {
      overflow ??= ndjsonUpload(archive, key);
      return overflow.write(lineOf(match));
    },
    keepExcepted: (match, exception) => {
      excepted ??= ndjsonUpload(archive, keys.excepted(objectId, rulesetDigest));
      return excepted.write(lineOf(match, exception));
    },
    finish: async () => {
      await overflow?.finish();
      await excepted?.finish();
      return overflow && { bucket: archive.bucket, key };
    },
    abandon: async () => {
      await overflow?.abandon();
      await excepted?.abandon();
    },
  };
}

/** What is needed to rebuild the alert: the event as it was, and its location. */
function lineOf({ id, rule, event, evidence, eventCut }: Match, exception?: Exception): string {
  const line: { [key: string]: JsonValue } = {
    id,
    rule: { id: rule.id, folder: rule.folder, version: rule.version },
    evidence: { ...evidence } satisfies JsonObject,
    ...(eventCut ? { eventCut } : {}),
    ...(exception ? { exception: exception.id } : {}),
    event,
  };
  return toJson(line);
}
