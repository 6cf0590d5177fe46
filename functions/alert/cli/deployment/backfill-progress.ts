import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ListedObject, ListingMarker } from '../../aws/object-listing.ts';
import { UsageError } from '../io.ts';

/** How far a run has got: everything up to `last` is in the queue. */
export type BackfillProgress = {
  /** Hash of the arguments, so that no other run continues from here. */
  readonly question: string;
  readonly run: string;
  readonly bucket: string;
  /** Where the page that contains `last` begins. */
  readonly page: ListingMarker;
  readonly last: { readonly key: string; readonly versionId: string | null };
  readonly sent: number;
};

/** The progress of an earlier run with the same arguments. @throws UsageError */
export function readProgress(path: string, question: string): BackfillProgress | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const progress = JSON.parse(text) as BackfillProgress;
    if (progress.question === question) return progress;
  } catch {
    // Falls through: the same advice applies to any other file.
  }
  throw new UsageError(
    `${path} is not the progress of this backfill; name another file with --progress, or remove it`,
  );
}

/** Replaces the file atomically, so that a kill leaves the old one or the new one. */
export function writeProgress(path: string, progress: BackfillProgress): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(progress)}\n`);
  renameSync(`${path}.new`, path);
}

export function endProgress(path: string): void {
  rmSync(path, { force: true });
}

/**
 * The part still to be sent of the page on which a run was interrupted; all of it, if its last object has been deleted.
 */
export function restOfPage(
  objects: readonly ListedObject[],
  last: BackfillProgress['last'],
): readonly ListedObject[] {
  return objects.slice(
    1 + objects.findIndex(({ key, versionId }) => key === last.key && versionId === last.versionId),
  );
}
