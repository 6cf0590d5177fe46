import { AwsError } from '../error.ts';
import type { XmlValue } from '../xml.ts';
import { type Bucket, sortedKeys } from './store.ts';

/** ListObjectsV2: the page that the query asks for. */
export function listObjects(bucket: Bucket, query: URLSearchParams): XmlValue {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const startAfter = query.get('start-after') ?? '';
  const token = query.get('continuation-token');
  const size = Math.min(numberOf(query.get('max-keys') ?? '1000'), 1000);
  const isEncoded = query.get('encoding-type') === 'url';
  const show = (text: string) => (isEncoded ? encodeListed(text) : text);
  const after = Buffer.from(token === null ? startAfter : decodeToken(token));

  const contents: XmlValue[] = [];
  const prefixes = new Set<string>();
  let last = '';
  let isTruncated = false;
  for (const key of sortedKeys(bucket)) {
    if (!key.startsWith(prefix) || Buffer.compare(Buffer.from(key), after) <= 0) continue;
    const version = bucket.objects.get(key)![0]!;
    if (version.isDeleteMarker) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = cut === -1 ? null : key.slice(0, cut + delimiter.length);
    if (common !== null && (prefixes.has(common) || after.toString().startsWith(common))) continue;
    if (contents.length + prefixes.size >= size) {
      isTruncated = size > 0;
      break;
    }
    last = common === null ? key : `${common}\u{10ffff}`;
    if (common !== null) prefixes.add(common);
    else {
      contents.push({
        Key: show(key),
        LastModified: new Date(Math.floor(version.lastModified / 1000) * 1000).toISOString(),
        ETag: `"${version.etag}"`,
        Size: version.body.size,
        StorageClass: version.storageClass,
      });
    }
  }
  return {
    Name: bucket.name,
    Prefix: show(prefix),
    Delimiter: delimiter === '' ? undefined : show(delimiter),
    StartAfter: startAfter === '' ? undefined : show(startAfter),
    EncodingType: isEncoded ? 'url' : undefined,
    KeyCount: contents.length + prefixes.size,
    MaxKeys: size,
    IsTruncated: isTruncated,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: isTruncated ? Buffer.from(last).toString('base64url') : undefined,
    Contents: contents,
    CommonPrefixes: [...prefixes].map(one => ({ Prefix: show(one) })),
  };
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(text).toString('base64url') === token) return text;
  throw new AwsError(400, 'InvalidArgument', 'The continuation token provided is incorrect');
}

export function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new AwsError(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range');
}

export function encodeListed(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}
