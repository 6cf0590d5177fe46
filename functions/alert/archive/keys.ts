import type { ObjectIdentity } from '../detection/index.ts';
import type { Notice } from '../notification/index.ts';

/** Hex SHA-256 of UTF-8 text. */
export type Sha256 = (text: string) => string;

/**
 * Hash over a list of texts, each preceded by its length, so that no two lists collide. In UTF-8 all unpaired
 * surrogates become the same character, so text with one is hashed by its escapes, under a separate mark.
 */
export function hashOf(sha256: Sha256, parts: readonly string[]): string {
  return sha256(
    parts.map(part => (part.isWellFormed() ? framed(part, ':') : framed(JSON.stringify(part), '!'))).join(''),
  );
}

const framed = (text: string, form: ':' | '!'): string => `${text.length}${form}${text}`;

/**
 * Names an object in the archive: bucket, key, and version, or its ETag where the bucket has no versions.
 * `audit` finds the ledger entry of a listed object by the same name.
 */
export function objectIdOf(sha256: Sha256, object: Omit<ObjectIdentity, 'lastModified'>): string {
  const version = object.versionId === 'null' ? null : object.versionId;
  const etag = object.etag?.replaceAll('"', '') ?? '';
  return hashOf(sha256, ['object', object.bucket ?? '', object.key, version ?? etag]);
}

/** The identity of a notice: its kind and what makes two of them the same. */
export function noticeIdOf(sha256: Sha256, kind: Notice['kind'], ...parts: readonly string[]): string {
  return hashOf(sha256, ['notice', kind, ...parts]);
}

/** The topic's part of a receipt's key. */
export function topicHashOf(sha256: Sha256, topicArn: string): string {
  return sha256(topicArn).slice(0, 16);
}

const under = (folder: string, id: string): string => `${folder}/${id.slice(0, 2)}/${id}`;

const HELD_HOURS = 'told/held-hours/';

/** All keys of the archive; built only from ids, hours, days and names of backfills, never from text of an event. */
export const keys = {
  alert: (id: string) => `${under('alerts', id)}.json`,
  report: (id: string) => `${under('reports', id)}.html`,
  receipt: (id: string, topicHash: string) => `${under('receipts', id)}/${topicHash}`,
  excepted: (objectId: string, rulesetDigest: string) =>
    `${under('excepted', objectId)}-${rulesetDigest.slice(0, 16)}.ndjson.gz`,
  overflow: (objectId: string, rulesetDigest: string) =>
    `${under('overflow', objectId)}-${rulesetDigest.slice(0, 16)}.ndjson.gz`,
  quarantine: (objectId: string) => `${under('quarantine', objectId)}.json`,
  notice: (id: string) => `${under('quarantine', id)}.notice.json`,
  /** Not sharded: `audit` knows the id. */
  scanned: (objectId: string) => `scanned/${objectId}.json`,
  slot: (hour: string, series: 'any' | 'new' | 'notice', slot: number) =>
    `told/${hour}/slots/${series}-${String(slot).padStart(7, '0')}`,
  /** The slot of the hour that a message holds. */
  claim: (hour: string, id: string) => `told/${hour}/claims/${id}`,
  toldHost: (hour: string, host: string) => `told/${hour}/hosts/${host}`,
  /** Takes the place of an hour for what a backfill holds. No hour looks like this. */
  heldRun: (run: string) => `backfill-${run}`,
  /** The list of what was held of an object in an hour or a backfill. */
  held: (hour: string, objectId: string, part: number) => `told/${hour}/held/${objectId}-${part}.json`,
  heldFolder: (hour: string) => `told/${hour}/held/`,
  /** Hours in which something was held; `order` sorts the newest first. */
  heldHours: (order: string, hour: string) => `${HELD_HOURS}${order}-${hour}`,
  heldHoursFolder: () => HELD_HOURS,
  /** What was held of one object, for the digest of an hour; `name` begins with its rank, most suspicious first. */
  summary: (hour: string, name: string) => `told/${hour}/summary/${name}.json`,
  summaryFolder: (hour: string) => `told/${hour}/summary/`,
  /** Which execution sends the digest of an hour. */
  digestClaim: (hour: string) => `told/${hour}/digest.json`,
  /** The hour that an object's held alerts were assigned to; found without knowing the hour. */
  heldHour: (objectId: string, part: number) => `${under('overflow', objectId)}.held-${part}.json`,
  told: (day: string, host: string, print: string) => `told/${day}/${host}/${print}`,
  /** One of the day's notices of unknown record shapes. */
  shapeSlot: (day: string, slot: number) => `told/${day}/shapes/${slot}.json`,
  toldFolder: (day: string, host: string) => `told/${day}/${host}/`,
  seen: (data: string, host: string) => `seen/${data}/${host}`,
  /** The messages about one initiator; `order` sorts the newest first. */
  thread: (thread: string, order: string) => `seen/thread-${thread}/${order}`,
  threadFolder: (thread: string) => `seen/thread-${thread}/`,
  seenFolder: (data: string) => `seen/${data}/`,
} as const;
