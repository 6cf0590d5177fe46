import { awsFailureOf } from '../aws/aws-failure.ts';
import { type ListedObject, type ListingMarker, type ListingScope, pagesOf } from '../aws/object-listing.ts';
import { encode } from '../notification/index.ts';

/** Objects written at or after the first and before the second time; milliseconds UTC. */
export type Span = { readonly fromMs: number; readonly toMs: number };

/** A page of what the function would read: objects of the time span, without folder markers. */
export type Page = { readonly from: ListingMarker; readonly objects: readonly ListedObject[] };

/** Pages in key order, including empty ones. @throws AwsFailure */
export async function* objectsIn(
  s3: Parameters<typeof pagesOf>[0],
  scope: ListingScope,
  { fromMs, toMs }: Span,
  from: ListingMarker = null,
): AsyncGenerator<Page> {
  try {
    for await (const page of pagesOf(s3, scope, from)) {
      yield {
        from: page.from,
        objects: page.objects.filter(
          ({ key, size, modifiedMs }) =>
            modifiedMs >= fromMs && modifiedMs < toMs && !(key.endsWith('/') && size === 0),
        ),
      };
    }
  } catch (error) {
    throw awsFailureOf(`s3://${scope.bucket}/${scope.prefix}`, 's3:ListBucketVersions on the bucket', error);
  }
}

/** An object as shown in a line: its key is chosen by whoever writes the logs. */
export function addressShown(bucket: string, { key, versionId }: ListedObject): string {
  return `s3://${bucket}/${encode(key)}${versionId === null ? '' : ` version ${versionId}`}`;
}
