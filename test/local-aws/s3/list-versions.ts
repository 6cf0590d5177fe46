import type { Reply } from '../reply.ts';
import { encodeListed, numberOf } from './list.ts';
import { xmlReply } from './objects.ts';
import { type Bucket, sortedKeys, type Version } from './store.ts';

type Shown = { readonly version: Version; readonly isLatest: boolean };

/** ListObjectVersions: every version and delete marker, the newest of a key first, a page at a time. */
export function listVersions(bucket: Bucket, query: URLSearchParams): Reply {
  const prefix = query.get('prefix') ?? '';
  const size = Math.min(numberOf(query.get('max-keys') ?? '1000'), 1000);
  const isEncoded = query.get('encoding-type') === 'url';
  const show = (text: string) => (isEncoded ? encodeListed(text) : text);
  const all = after(allOf(bucket, prefix), query.get('key-marker'), query.get('version-id-marker'));
  const page: Shown[] = [];
  for (const one of all) {
    if (page.length > size) break;
    page.push(one);
  }
  const isTruncated = page.length > size;
  if (isTruncated) page.pop();
  const last = page.at(-1)?.version;
  const common = ({ version, isLatest }: Shown) => ({
    Key: show(version.key),
    VersionId: version.versionId,
    IsLatest: isLatest,
    LastModified: new Date(Math.floor(version.lastModified / 1000) * 1000).toISOString(),
  });
  return xmlReply('ListVersionsResult', {
    Name: bucket.name,
    Prefix: show(prefix),
    EncodingType: isEncoded ? 'url' : undefined,
    MaxKeys: size,
    IsTruncated: isTruncated,
    NextKeyMarker: isTruncated && last ? show(last.key) : undefined,
    NextVersionIdMarker: isTruncated && last ? last.versionId : undefined,
    Version: page
      .filter(({ version }) => !version.isDeleteMarker)
      .map(one => ({
        ...common(one),
        ETag: `"${one.version.etag}"`,
        Size: one.version.body.size,
        StorageClass: one.version.storageClass,
      })),
    DeleteMarker: page.filter(({ version }) => version.isDeleteMarker).map(common),
  });
}

function* allOf(bucket: Bucket, prefix: string): Generator<Shown> {
  for (const key of sortedKeys(bucket)) {
    if (!key.startsWith(prefix)) continue;
    for (const [at, version] of bucket.objects.get(key)!.entries()) yield { version, isLatest: at === 0 };
  }
}

/** What follows the markers: a key alone leaves out all its versions, with a version those up to it. */
function* after(all: Iterable<Shown>, key: string | null, versionId: string | null): Generator<Shown> {
  let isPast = false;
  for (const one of all) {
    const order = key === null ? 1 : Buffer.compare(Buffer.from(one.version.key), Buffer.from(key));
    if (order > 0 || (order === 0 && isPast)) yield one;
    else if (order === 0 && versionId !== null && one.version.versionId === versionId) isPast = true;
  }
}
