import type { ListedObject, pagesOf } from '../aws/object-listing.ts';
import { ledgerIn } from './ledger-state.ts';
import { addressShown, objectsIn, type Span } from './listed-objects.ts';
import type { SilentRules } from './silent-rules.ts';

/** What is compared: the objects of a time span in the buckets, and the ledger in the archive. */
export type Audit = {
  readonly buckets: readonly string[];
  readonly prefix: string;
  /** The account that must own the buckets; `null`: not checked. */
  readonly owner: string | null;
  readonly span: Span;
  readonly archive: string;
  readonly silent?: SilentRules;
};

/** A page of the listing, compared. */
export type AuditedPage = {
  readonly bucket: string;
  readonly listed: number;
  readonly bytes: number;
  readonly scanned: number;
  /** The code of each object in quarantine; empty: unknown. */
  readonly quarantined: readonly string[];
  readonly missing: readonly ListedObject[];
};

/**
 * Compares the buckets with the ledger, page by page, so that memory is bounded.
 * @throws AwsFailure
 */
export async function* auditBuckets(
  s3: Parameters<typeof pagesOf>[0],
  { buckets, prefix, owner, span, archive, silent }: Audit,
): AsyncGenerator<AuditedPage> {
  const states = ledgerIn(s3, archive);
  for (const bucket of buckets) {
    for await (const { objects } of objectsIn(s3, { bucket, prefix, owner }, span)) {
      const found = await states(bucket, objects);
      silent?.see(
        objects.map(({ modifiedMs }) => modifiedMs),
        found,
      );
      yield {
        bucket,
        listed: objects.length,
        bytes: objects.reduce((sum, { size }) => sum + size, 0),
        scanned: found.filter(({ state }) => state === 'scanned').length,
        quarantined: found.flatMap(({ state, code }) => (state === 'quarantined' ? [code ?? ''] : [])),
        missing: objects.filter((_, at) => found[at]!.state === 'missing'),
      };
    }
  }
}

/** One line about a missing object. */
export function missingLine(bucket: string, object: ListedObject): string {
  const when = new Date(object.modifiedMs).toISOString();
  const remark = object.isInArchiveClass ? ', in an archive storage class' : '';
  return `missing  ${addressShown(bucket, object)}  ${when}, ${object.size} bytes${remark}`;
}
