import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';

/** One version of an object as listed; a bucket without versions has one for each key. */
export type ListedObject = {
  readonly key: string;
  /** `null`: the bucket has no versions, or had none when this was written. */
  readonly versionId: string | null;
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  /** Milliseconds UTC, whole seconds. */
  readonly modifiedMs: number;
  /** It has to be restored before it can be read. */
  readonly isInArchiveClass: boolean;
};

/** Where a page of the listing begins; `null`: at the first key. */
export type ListingMarker = { readonly key: string; readonly versionId: string | null } | null;

export type ListingPage = {
  readonly from: ListingMarker;
  readonly objects: readonly ListedObject[];
};

export type ListingScope = {
  readonly bucket: string;
  readonly prefix: string;
  /** The account that must own the bucket; `null`: not checked. */
  readonly owner: string | null;
};

const ARCHIVE_CLASSES: readonly (string | undefined)[] = ['GLACIER', 'DEEP_ARCHIVE'];

/**
 * Every version under a prefix, in key order, a thousand at a time. Versions, not only the newest: each of
 * them had its own notification, and its ledger entry is found by its version. Keys are encoded, since XML
 * cannot represent all of them.
 */
export async function* pagesOf(
  client: S3Client,
  { bucket, prefix, owner }: ListingScope,
  from: ListingMarker = null,
): AsyncGenerator<ListingPage> {
  for (let marker = from; ; ) {
    const answer = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        EncodingType: 'url',
        ...(marker === null ? {} : { KeyMarker: marker.key }),
        ...(marker?.versionId ? { VersionIdMarker: marker.versionId } : {}),
        ...(owner === null ? {} : { ExpectedBucketOwner: owner }),
      }),
    );
    const objects = (answer.Versions ?? []).map(version => ({
      key: decodeListed(version.Key ?? ''),
      versionId: version.VersionId === undefined || version.VersionId === 'null' ? null : version.VersionId,
      etag: version.ETag?.replaceAll('"', '') ?? '',
      size: version.Size ?? 0,
      modifiedMs: version.LastModified?.getTime() ?? 0,
      isInArchiveClass: ARCHIVE_CLASSES.includes(version.StorageClass),
    }));
    yield { from: marker, objects };
    if (answer.IsTruncated !== true || answer.NextKeyMarker === undefined) return;
    marker = { key: decodeListed(answer.NextKeyMarker), versionId: answer.NextVersionIdMarker ?? null };
  }
}

function decodeListed(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
