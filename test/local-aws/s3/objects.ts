import { AwsError } from '../error.ts';
import type { Reply } from '../reply.ts';
import type { Request } from '../server.ts';
import { childrenOf, readXml, textOf, writeXml } from '../xml.ts';
import type { ChangeName } from './events.ts';
import { complete, type Part, type Uploads } from './multipart.ts';
import type { Bucket, Store, Version } from './store.ts';
import { keptHeaders, receive, WriteCondition } from './write.ts';

export type ObjectContext = {
  readonly store: Store;
  readonly uploads: Uploads;
  readonly bucket: Bucket;
  readonly key: string;
  readonly request: Request;
  readonly now: () => number;
  readonly changed: (name: ChangeName, version: Version) => void;
  readonly bodyText: () => Promise<string>;
};

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlReply(root: string, content: Parameters<typeof writeXml>[1], status = 200): Reply {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: writeXml(root, content, NAMESPACE),
  };
}

export async function putObject(context: ObjectContext): Promise<Reply> {
  const { store, bucket, key, request, changed } = context;
  const condition = new WriteCondition(request, store, bucket, key);
  const received = await receive(request, store);
  condition.commit();
  const version = store.write(bucket, key, {
    ...received,
    headers: keptHeaders(request),
    storageClass: request.headers['x-amz-storage-class']?.toString() ?? 'STANDARD',
  });
  changed('ObjectCreated:Put', version);
  return { status: 200, headers: writtenHeaders(bucket, version) };
}

export function deleteObject(context: ObjectContext): Reply {
  const { store, bucket, key, request, changed } = context;
  const versionId = request.query.get('versionId') ?? undefined;
  const gone = store.remove(bucket, key, versionId);
  if (gone) {
    const isMarked = gone.isDeleteMarker && versionId === undefined;
    changed(isMarked ? 'ObjectRemoved:DeleteMarkerCreated' : 'ObjectRemoved:Delete', gone);
  }
  const headers: Record<string, string> = {};
  if (gone && bucket.versioning !== 'Off') headers['x-amz-version-id'] = gone.versionId;
  if (gone?.isDeleteMarker) headers['x-amz-delete-marker'] = 'true';
  return { status: 204, headers };
}

export async function deleteObjects(context: Omit<ObjectContext, 'key'>): Promise<Reply> {
  const request = readXml(await context.bodyText());
  const isQuiet = textOf(request, 'Quiet') === 'true';
  const deleted = childrenOf(request, 'Object').map(object => {
    const key = textOf(object, 'Key') ?? '';
    const query = new URLSearchParams();
    const versionId = textOf(object, 'VersionId');
    if (versionId !== undefined) query.set('versionId', versionId);
    deleteObject({ ...context, key, request: { ...context.request, query } });
    return { Key: key, VersionId: versionId };
  });
  return xmlReply('DeleteResult', { Deleted: isQuiet ? [] : deleted });
}

export function createUpload({ uploads, bucket, key, request, now }: ObjectContext): Reply {
  const upload = uploads.create(request, bucket.name, key, now());
  return {
    ...xmlReply('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: key, UploadId: upload.id }),
  };
}

export async function uploadPart({ store, uploads, bucket, key, request }: ObjectContext): Promise<Reply> {
  const upload = uploads.of(request.query.get('uploadId')!, bucket.name, key);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new AwsError(
      400,
      'InvalidArgument',
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  }
  const part: Part = { ...(await receive(request, store)), number };
  upload.parts.set(number, part);
  return {
    status: 200,
    headers: { etag: `"${part.etag}"`, [`x-amz-checksum-${part.checksum.name}`]: part.checksum.value },
  };
}

export async function completeUpload(context: ObjectContext): Promise<Reply> {
  const { store, uploads, bucket, key, request, changed } = context;
  const upload = uploads.of(request.query.get('uploadId')!, bucket.name, key);
  const condition = new WriteCondition(request, store, bucket, key);
  const made = await complete(upload, readXml(await context.bodyText()));
  condition.commit();
  const version = store.write(bucket, key, made);
  uploads.end(upload);
  changed('ObjectCreated:CompleteMultipartUpload', version);
  const reply = xmlReply('CompleteMultipartUploadResult', {
    Bucket: bucket.name,
    Key: key,
    ETag: `"${version.etag}"`,
  });
  const { etag: _, ...headers } = writtenHeaders(bucket, version);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

export function abortUpload({ uploads, bucket, key, request }: ObjectContext): Reply {
  uploads.end(uploads.of(request.query.get('uploadId')!, bucket.name, key));
  return { status: 204 };
}

function writtenHeaders(bucket: Bucket, version: Version): Record<string, string> {
  const { checksum } = version;
  return {
    etag: `"${version.etag}"`,
    ...(checksum
      ? { [`x-amz-checksum-${checksum.name}`]: checksum.value, 'x-amz-checksum-type': checksum.type }
      : {}),
    ...(bucket.versioning === 'Off' ? {} : { 'x-amz-version-id': version.versionId }),
  };
}
