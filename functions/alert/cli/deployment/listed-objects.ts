import {
  type ListedObject,
  type ListingMarker,
  type ListingScope,
  pagesOf,
} from '../../aws/object-listing.ts';
import { encode } from '../../notification/index.ts';
import type { clients } from '../clients.ts';
import { readTime } from '../flags.ts';
import { UsageError } from '../io.ts';
import { awsFailureOf } from './aws-failure.ts';

/** Times from which, and before which, objects were written; milliseconds UTC. */
export type Span = { readonly fromMs: number; readonly toMs: number };

/** @throws UsageError */
export function spanOf(from: string | undefined, to: string | undefined, otherwiseToMs: number | null): Span {
  if (from === undefined) throw new UsageError('--from is missing; it takes a time such as 2026-11-24');
  if (to === undefined && otherwiseToMs === null)
    throw new UsageError('--to is missing; it takes a time such as 2026-11-25');
  const fromMs = readTime('from', from);
  const toMs = to === undefined ? otherwiseToMs! : readTime('to', to);
  if (fromMs < toMs) return { fromMs, toMs };
  throw new UsageError(
    `there is no time between ${new Date(fromMs).toISOString()} and ${new Date(toMs).toISOString()}`,
  );
}

/** A page of what the function would read: objects of the span, folder markers left out. */
export type Page = { readonly from: ListingMarker; readonly objects: readonly ListedObject[] };

/** Pages in the order of keys, empty ones too. @throws AwsFailure */
export async function* objectsIn(
  s3: Awaited<ReturnType<typeof clients.s3>>,
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

/** An object as a line may show it: whoever writes logs chooses the key. */
export function addressShown(bucket: string, { key, versionId }: ListedObject): string {
  return `s3://${bucket}/${encode(key)}${versionId === null ? '' : ` version ${versionId}`}`;
}

/** `1,234 objects, 5.6 GB`. */
export function amount(objects: number, bytes: number): string {
  return `${counted(objects, 'object')}, ${size(bytes)}`;
}

export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const at = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return at === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** at).toFixed(1)} ${units[at]}`;
}

/** `about 3 h 20 min`. */
export function spell(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
