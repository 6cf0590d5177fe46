import type { ObjectIdentity } from '../detection/index.ts';
import { DeliveryError, type OutcomeCode } from '../observability/index.ts';
import { keys } from './keys.ts';
import { type Archive, addressOf, readEntry } from './store.ts';

/** The answer to "was this object scanned?", written last before the acknowledgement. */
export type LedgerEntry = {
  readonly object: ObjectIdentity;
  readonly outcome: 'complete' | 'quarantined';
  /** What the content, or the reading, ended in; `null`: nothing to say. */
  readonly code: string | null;
  /** Hash of the rules, their exceptions and every setting that can change a match. */
  readonly basis: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Excepted matches by the exception's id. */
  readonly exceptedBy: Readonly<Record<string, number>>;
  /** The backfill that holds what was found under its one notice; `null`: it was told. */
  readonly backfill: string | null;
  /** Candidates of the running rules that came by a published set and have no alarm of their own, by folder. */
  readonly unwatched?: Readonly<Record<string, number>>;
};

const isEntry = (entry: Partial<LedgerEntry>): entry is LedgerEntry =>
  (entry.outcome === 'complete' || entry.outcome === 'quarantined') &&
  typeof entry.basis === 'string' &&
  (entry.code === null || typeof entry.code === 'string');

/** Executions that could each write an entry in between. */
const MOST_RIVALS = 5;

/** These are read again when they come again: somebody may have brought the bytes back. */
const NOT_FINAL: readonly string[] = ['ObjectMissing', 'ObjectArchived'] satisfies OutcomeCode[];

/**
 * Whether an object was finished with the same rules, so that a redelivery has nothing to do. What a quiet backfill holds
 * nobody was told singly, so an object that comes live (`isLive`) is not finished by that.
 */
export async function isFinished(
  archive: Archive,
  objectId: string,
  { rulesetDigest, isLive }: { readonly rulesetDigest: string; readonly isLive: boolean },
  warn: (error: unknown) => void,
): Promise<boolean> {
  const entry = await readLedger(archive, objectId, warn);
  if (entry === null || (isLive && entry.backfill)) return false;
  return entry.basis === rulesetDigest && isFinal(entry);
}

/** What was written of an object; `null`: nothing that can be read, so it counts as never finished. */
export async function readLedger(
  archive: Archive,
  objectId: string,
  warn: (error: unknown) => void,
): Promise<LedgerEntry | null> {
  return readEntry(archive, keys.scanned(objectId), isEntry, warn);
}

/** Whether the entry stands even if the object is there, and can be read, now. */
export function isFinal({ code }: LedgerEntry): boolean {
  return !(code !== null && NOT_FINAL.includes(code));
}

/** Writes the entry; one of other rules is written over, the archive's versions keep it. */
export async function writeLedger(archive: Archive, objectId: string, entry: LedgerEntry): Promise<void> {
  const key = keys.scanned(objectId);
  const text = JSON.stringify(entry);
  for (let rivals = 0; rivals < MOST_RIVALS; rivals++) {
    if ((await archive.put(key, text, 'application/json')) === 'created') return;
    const present = await archive.get(key);
    if (present?.text === text) return;
    if (present && (await archive.replace(key, text, present.etag))) return;
  }
  throw new DeliveryError(
    'ArchiveUnavailable',
    `${addressOf(archive, key)}: it changes whenever it is written`,
  );
}
