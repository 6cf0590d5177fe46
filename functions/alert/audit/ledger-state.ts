import { inParallel, isFinal, objectIdOf, readLedger } from '../archive/index.ts';
import { asking } from '../aws/aws-failure.ts';
import type { ListedObject } from '../aws/object-listing.ts';
import { archiveIn } from '../aws/s3-archive.ts';
import { sha256 } from '../pipeline/index.ts';

/** What the ledger says about a listed object. `code`: why it is in quarantine. */
export type LedgerState = {
  readonly state: 'scanned' | 'quarantined' | 'missing';
  readonly code: string | null;
  /** Candidates of rules without an alarm of their own, by folder. */
  readonly unwatched: Readonly<Record<string, number>>;
};

/** The states of a page of objects, in its order. @throws AwsFailure */
export type ReadStates = (bucket: string, objects: readonly ListedObject[]) => Promise<LedgerState[]>;

/** Within the fifty sockets of a client. */
const AT_ONCE = 50;

/**
 * One GET for each listed object, rather than one listing of `scanned/`: the cost grows with what is asked about, not
 * with the age of the archive (about 0.40 dollars and five minutes per million), it holds only a page in memory,
 * and only the entry distinguishes what was scanned from what was put in quarantine.
 */
export function ledgerIn(s3: Parameters<typeof archiveIn>[0], archiveBucket: string): ReadStates {
  const archive = archiveIn(s3, archiveBucket, ms => new Promise(resolve => setTimeout(resolve, ms)));
  const stateOf = async (bucket: string, object: ListedObject): Promise<LedgerState> => {
    // A damaged entry means that the object is missing.
    const entry = await readLedger(archive, objectIdOf(sha256, { bucket, ...object }), () => {});
    if (entry === null) return { state: 'missing', code: null, unwatched: {} };
    const { code, unwatched = {} } = entry;
    if (entry.outcome === 'complete') return { state: 'scanned', code, unwatched };
    // It could not be read then. It exists now, so it has not been read yet, unless it still needs a restore.
    if (!isFinal(entry) && !object.isInArchiveClass) return { state: 'missing', code, unwatched };
    return { state: 'quarantined', code, unwatched };
  };
  return (bucket, objects) =>
    asking(
      `s3://${archiveBucket}/scanned/`,
      's3:GetObject on the archive, and s3:ListBucket, without which a missing entry looks forbidden',
      () => inParallel(objects, AT_ONCE, object => stateOf(bucket, object)),
    );
}
