import { AwsError } from '../error.ts';
import type { Reply } from '../reply.ts';
import type { Request } from '../server.ts';
import type { Bucket, Store, Version } from './store.ts';

export type ReadContext = {
  readonly store: Store;
  readonly bucket: Bucket;
  readonly key: string;
  readonly request: Request;
  /** Without the right to list a bucket a caller does not learn that a key is missing. */
  readonly mayList: boolean;
};

/** GetObject and HeadObject: they differ in the body alone. */
export function readObject(context: ReadContext): Reply {
  const { request } = context;
  const version = versionOf(context);
  const failed = condition(request, version);
  const headers = headersOf(version, context.bucket);
  if (failed === 304) return { status: 304, headers };
  if (failed === 412) {
    throw new AwsError(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  }
  const isHead = request.method === 'HEAD';
  if (!isHead && isArchived(version)) {
    throw new AwsError(
      403,
      'InvalidObjectState',
      "The operation is not valid for the object's storage class",
      {
        StorageClass: version.storageClass,
      },
    );
  }
  const size = version.body.size;
  const range = rangeOf(request, version);
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end - 1}/${size}`;
  else if (request.headers['x-amz-checksum-mode']?.toString().toUpperCase() === 'ENABLED') {
    const { checksum } = version;
    if (checksum) {
      headers[`x-amz-checksum-${checksum.name}`] = checksum.value;
      headers['x-amz-checksum-type'] = checksum.type;
    }
  }
  const { start, end } = range ?? { start: 0, end: size };
  headers['content-length'] = String(end - start);
  return {
    status: range ? 206 : 200,
    headers,
    body: isHead ? '' : { size: end - start, chunks: version.body.open(start, end) },
  };
}

function versionOf({ store, bucket, key, request, mayList }: ReadContext): Version {
  const versionId = request.query.get('versionId');
  if (versionId === null) {
    const latest = store.latest(bucket, key);
    if (latest && !latest.isDeleteMarker) return latest;
    if (!mayList) throw new AwsError(403, 'AccessDenied', 'Access Denied');
    const marker = latest ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': latest.versionId } : {};
    throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key, ...marker });
  }
  const version = bucket.objects.get(key)?.find(one => one.versionId === versionId);
  if (!version) {
    if (versionId !== 'null' && !/^[\w.-]{20,}$/.test(versionId)) {
      throw new AwsError(400, 'InvalidArgument', 'Invalid version id specified', {
        ArgumentName: 'versionId',
        ArgumentValue: versionId,
      });
    }
    if (!mayList) throw new AwsError(403, 'AccessDenied', 'Access Denied');
    throw new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.', {
      Key: key,
      VersionId: versionId,
    });
  }
  if (version.isDeleteMarker) {
    throw new AwsError(
      405,
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      {
        'x-amz-delete-marker': 'true',
        Allow: 'DELETE',
      },
    );
  }
  return version;
}

function condition(request: Request, version: Version): 304 | 412 | null {
  const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
  if (match !== undefined && !names(match, version)) return 412;
  if (noneMatch !== undefined && names(noneMatch, version)) return 304;
  return null;
}

/** S3 takes an entity tag with or without its quotes. */
function names(header: string, version: Version): boolean {
  return header.split(',').some(tag => ['*', version.etag].includes(tag.trim().replaceAll('"', '')));
}

function headersOf(version: Version, bucket: Bucket): Record<string, string> {
  return {
    ...version.headers,
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    ...(bucket.versioning === 'Off' ? {} : { 'x-amz-version-id': version.versionId }),
    ...(version.storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': version.storageClass }),
  };
}

function isArchived(version: Version): boolean {
  return version.storageClass === 'GLACIER' || version.storageClass === 'DEEP_ARCHIVE';
}

/** S3 answers one range; a header that it does not understand is as good as none. */
function rangeOf(request: Request, version: Version): { start: number; end: number } | null {
  const size = version.body.size;
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, first, last] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable', {
      RangeRequested: request.headers.range!,
      ActualObjectSize: String(size),
    });
  }
  return end > start ? { start, end } : null;
}
