import type { ObjectIdentity } from '../detection/index.ts';
import { DeliveryError, type OutcomeCode } from '../observability/index.ts';
import { keys } from './keys.ts';
import { type Archive, addressOf, readEntry } from './store.ts';

/** The answer to "was this object scanned?", written last before the acknowledgement. */
export type LedgerEntry = {
  readonly object: ObjectIdentity;
  readonly outcome: 'complete' | 'quarantined';
  /** Why the content could not be read, or how reading ended; `null`: nothing to report. */
  readonly code: string | null;
  /** Hash of the rules, their exceptions and every setting that can change a match. */
  readonly basis: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Excepted matches by exception id. */
  readonly exceptedBy: Readonly<Record<string, number>>;
  /** The backfill whose digest covers what was found; `null`: alerts were published individually. */
  readonly backfill: string | null;
  /** Candidates of running rules that come from a published set and have no alarm of their own, by folder. */
  readonly unwatched?: Readonly<Record<string, number>>;
};

const isEntry = (entry: Partial<LedgerEntry>): entry is LedgerEntry =>
  (entry.outcome === 'complete' || entry.outcome === 'quarantined') &&
  typeof entry.basis === 'string' &&
  (entry.code === null || typeof entry.code === 'string');

/** Executions that could each write an entry in between. */
const MOST_RIVALS = 5;

/** These are read again on redelivery: the bytes may have been restored. */
const NOT_FINAL: readonly string[] = ['ObjectMissing', 'ObjectArchived'] satisfies OutcomeCode[];

/**
 * Whether an object was finished with the same rules, so that a redelivery has nothing to do. Alerts that a quiet
 * backfill held were not sent individually, so an object that arrives live (`isLive`) is not finished by that.
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

/** The entry of an object; `null`: there is none, or it cannot be read, so the object counts as never finished. */
export async function readLedger(
  archive: Archive,
  objectId: string,
  warn: (error: unknown) => void,
): Promise<LedgerEntry | null> {
  return readEntry(archive, keys.scanned(objectId), isEntry, warn);
}

/** Whether the entry is final even if the object can be read now. */
export function isFinal({ code }: LedgerEntry): boolean {
  return !(code !== null && NOT_FINAL.includes(code));
}

/** Writes the entry, replacing one made with other rules; the archive's versions keep that. */
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
    `${addressOf(archive, key)}: it changed at every attempt to write it`,
  );
}
