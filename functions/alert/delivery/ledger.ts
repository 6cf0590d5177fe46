import type { NoticeObject } from '../notification/index.ts';
import type { Archive } from './archive.ts';
import type { OutcomeCode } from './codes.ts';
import { keys } from './keys.ts';

/** The answer to "was this object scanned?", written last before the acknowledgement. */
export type LedgerEntry = {
  readonly object: NoticeObject & { readonly etag: string | null };
  readonly outcome: 'complete' | 'quarantined';
  /** What the content, or the reading, ended in; `null`: nothing to say. */
  readonly code: string | null;
  /** Hash of the rules, their exceptions and every setting that can change a match. */
  readonly basis: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Excepted matches by the exception's id. */
  readonly exceptedBy: Readonly<Record<string, number>>;
};

/** These are read again when they come again: somebody may have brought the bytes back. */
const NOT_FINAL: readonly string[] = ['ObjectMissing', 'ObjectArchived'] satisfies OutcomeCode[];

/** Whether an object was finished with the same rules, so that a redelivery has nothing to do. */
export async function isFinished(archive: Archive, objectId: string, basis: string): Promise<boolean> {
  const entry = await readLedger(archive, objectId);
  return entry !== null && entry.basis === basis && isFinal(entry);
}

/** What was written of an object; `null`: nothing, it was never finished. */
export async function readLedger(archive: Archive, objectId: string): Promise<LedgerEntry | null> {
  const entry = await archive.get(keys.scanned(objectId));
  return entry === null ? null : (JSON.parse(entry.text) as LedgerEntry);
}

/** Whether the entry stands even if the object is there, and can be read, now. */
export function isFinal({ code }: LedgerEntry): boolean {
  return !(code !== null && NOT_FINAL.includes(code));
}

/** Writes the entry; one of other rules is written over, the archive's versions keep it. */
export async function writeLedger(archive: Archive, objectId: string, entry: LedgerEntry): Promise<void> {
  const key = keys.scanned(objectId);
  const text = JSON.stringify(entry);
  while ((await archive.put(key, text, 'application/json')) === 'exists') {
    const present = await archive.get(key);
    if (present?.text === text) return;
    if (present && (await archive.replace(key, text, present.etag))) return;
  }
}
