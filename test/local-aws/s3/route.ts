import type { Target } from '../calls.ts';
import { AwsError } from '../error.ts';
import type { Request } from '../server.ts';

/** The bucket in the path, or before the host as the SDK puts it where it may. */
export function addressOf(request: Request): { bucket: string; key: string | undefined } {
  const hosted = /^(.+?)\.(?:localhost|s3[.-][\w.-]+)(?::\d+)?$/.exec(request.host)?.[1];
  const path = hosted === undefined ? request.path.slice(1) : `${hosted}${request.path}`;
  const slash = path.indexOf('/');
  if (slash === -1 || slash === path.length - 1) return { bucket: path.replace('/', ''), key: undefined };
  try {
    return { bucket: path.slice(0, slash), key: decodeURIComponent(path.slice(slash + 1)) };
  } catch {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

export function targetOf(request: Request, bucket: string, key: string | undefined): Target {
  const versionId = request.query.get('versionId');
  const prefix = request.query.get('prefix');
  const range = request.headers.range;
  const condition = ['if-match', 'if-none-match'].find(name => request.headers[name] !== undefined);
  return {
    bucket,
    ...(key === undefined ? {} : { key }),
    ...(versionId === null ? {} : { versionId }),
    ...(prefix === null ? {} : { prefix }),
    ...(range === undefined ? {} : { range }),
    ...(condition === undefined ? {} : { condition }),
  };
}

export function nameOf({ method, query, headers }: Request, key: string | undefined): string {
  if (key === undefined) {
    const sub = ['notification', 'versioning', 'versions', 'delete'].find(name => query.has(name));
    return BUCKET_OPERATIONS[`${method} ${sub ?? ''}`] ?? `${method} ${sub ?? ''}`;
  }
  if (query.has('uploadId') || query.has('uploads')) {
    const sub = query.has('uploads') ? 'uploads' : 'uploadId';
    return UPLOAD_OPERATIONS[`${method} ${sub}`] ?? `${method} ?${sub}`;
  }
  if (Buffer.byteLength(key) > 1024) throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
  if (headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
  const other = ['acl', 'tagging', 'attributes', 'retention', 'restore'].find(name => query.has(name));
  if (other) return `${method} ?${other}`;
  return OBJECT_OPERATIONS[method] ?? method;
}

const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};

const UPLOAD_OPERATIONS: Readonly<Record<string, string>> = {
  'POST uploads': 'CreateMultipartUpload',
  'PUT uploadId': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
};

const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  'GET ': 'ListObjectsV2',
  'HEAD ': 'HeadBucket',
  'PUT ': 'CreateBucket',
  'GET notification': 'GetBucketNotificationConfiguration',
  'PUT notification': 'PutBucketNotificationConfiguration',
  'GET versions': 'ListObjectVersions',
  'POST delete': 'DeleteObjects',
};
