import type { Target } from '../calls.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import type { FaultPlan } from '../faults.ts';
import type { Reply } from '../reply.ts';
import { type Door, type Operation, type Request, textOfBody } from '../server.ts';
import { writeXml } from '../xml.ts';
import * as buckets from './buckets.ts';
import { type ChangeName, type Mailboxes, notify, type Place, testEvent } from './events.ts';
import { listObjects } from './list.ts';
import { Uploads } from './multipart.ts';
import { NO_NOTIFICATIONS, type NotificationConfiguration } from './notification.ts';
import * as objects from './objects.ts';
import { readObject } from './read.ts';
import type { Bucket, Store, Version } from './store.ts';

export type S3Parts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly place: Place;
  readonly faults: FaultPlan;
  readonly mailboxes: Mailboxes & { exists(arn: string): boolean };
  readonly mayList: (bucket: string, caller: string) => boolean;
};

/** S3 as it is seen on the wire: which operation a request is, and what it answers. */
export class S3Door implements Door {
  readonly service = 's3';
  readonly notifications = new Map<string, NotificationConfiguration>();
  readonly #parts: S3Parts;
  readonly #uploads = new Uploads();

  constructor(parts: S3Parts) {
    this.#parts = parts;
  }

  route(request: Request): Operation {
    const { bucket: name, key } = addressOf(request);
    if (name === '')
      return { name: 'ListBuckets', target: {}, run: () => buckets.listBuckets(this.#parts.store) };
    const operation = nameOf(request, key);
    const target = targetOf(request, name, key);
    return { name: operation, target, run: () => this.#run(operation, request, name, key) };
  }

  refusal(error: AwsError, requestId: string, isHead: boolean): Reply {
    const isHeader = (name: string) => /^(x-amz-|allow$|retry-after$)/i.test(name);
    const details = Object.entries(error.details);
    const body = writeXml('Error', {
      Code: error.code,
      Message: error.message,
      ...Object.fromEntries(details.filter(([name]) => !isHeader(name))),
      RequestId: requestId,
      HostId: 'local-aws',
    });
    return {
      status: error.status,
      headers: {
        ...(isHead ? {} : { 'content-type': 'application/xml' }),
        ...Object.fromEntries(details.filter(([name]) => isHeader(name))),
      },
      ...(isHead ? {} : { body }),
    };
  }

  /** Tells whoever is configured to be told. */
  changed(bucket: Bucket, name: ChangeName, version: Version): void {
    const { clock, mailboxes, place, faults } = this.#parts;
    const configuration = this.notifications.get(bucket.name) ?? NO_NOTIFICATIONS;
    notify({ name, bucket, version, at: clock.now() }, configuration, mailboxes, place, faults);
  }

  configure(bucket: Bucket, configuration: NotificationConfiguration): void {
    const { mailboxes, clock } = this.#parts;
    for (const { arn } of configuration.destinations) {
      if (mailboxes.exists(arn) && !arn.endsWith('.fifo')) continue;
      throw new AwsError(
        400,
        'InvalidArgument',
        'Unable to validate the following destination configurations',
        {
          ArgumentName: arn,
          ArgumentValue: 'The destination does not exist or may not be sent to',
        },
      );
    }
    this.notifications.set(bucket.name, configuration);
    for (const { kind, arn } of configuration.destinations) {
      mailboxes.send(kind, arn, testEvent(bucket, clock.now()));
    }
  }

  async #run(operation: string, request: Request, name: string, key: string | undefined): Promise<Reply> {
    const { store, clock, place, mayList } = this.#parts;
    if (operation === 'CreateBucket') {
      const { account: owner, region } = place;
      buckets.createBucket(store, name, { owner, region, createdAt: clock.now() });
      return { status: 200, headers: { location: `/${name}` } };
    }
    const bucket = store.bucket(name);
    const owner = request.headers['x-amz-expected-bucket-owner'];
    if (owner !== undefined && owner !== bucket.owner)
      throw new AwsError(403, 'AccessDenied', 'Access Denied');
    const context = {
      store,
      uploads: this.#uploads,
      bucket,
      key: key ?? '',
      request,
      now: () => clock.now(),
      changed: (change: ChangeName, version: Version) => this.changed(bucket, change, version),
      bodyText: () => textOfBody(request),
      mayList: mayList(name, request.caller),
    };
    switch (operation) {
      case 'GetObject':
      case 'HeadObject':
        return readObject(context);
      case 'PutObject':
        return objects.putObject(context);
      case 'CopyObject':
        return objects.copyObject(context);
      case 'DeleteObject':
        return objects.deleteObject(context);
      case 'DeleteObjects':
        return objects.deleteObjects(context);
      case 'CreateMultipartUpload':
        return objects.createUpload(context);
      case 'UploadPart':
        return objects.uploadPart(context);
      case 'CompleteMultipartUpload':
        return objects.completeUpload(context);
      case 'AbortMultipartUpload':
        return objects.abortUpload(context);
      case 'ListParts':
        return objects.listParts(context);
      case 'ListObjectsV2':
        return objects.xmlReply('ListBucketResult', listObjects(bucket, request.query));
      case 'ListObjectVersions':
        return buckets.listVersions(bucket, request.query);
      case 'HeadBucket':
        return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } };
      case 'DeleteBucket':
        return buckets.deleteBucket(store, bucket);
      case 'GetBucketLocation':
        return objects.xmlReply('LocationConstraint', bucket.region);
      case 'GetBucketVersioning':
        return buckets.versioningOf(bucket);
      case 'PutBucketVersioning':
        return buckets.setVersioning(bucket, await context.bodyText());
      case 'GetBucketNotificationConfiguration':
        return buckets.notificationReply(this.notifications.get(name) ?? NO_NOTIFICATIONS);
      case 'PutBucketNotificationConfiguration':
        this.configure(bucket, buckets.notificationOf(await context.bodyText()));
        return { status: 200 };
    }
    throw new AwsError(501, 'NotImplemented', `the stand-in does not know ${operation}`);
  }
}

/** The bucket in the path, or before the host as the SDK puts it where it may. */
function addressOf(request: Request): { bucket: string; key: string | undefined } {
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

function targetOf(request: Request, bucket: string, key: string | undefined): Target {
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

function nameOf({ method, query, headers }: Request, key: string | undefined): string {
  if (key === undefined) {
    const sub = ['notification', 'versioning', 'location', 'versions', 'delete'].find(name =>
      query.has(name),
    );
    return BUCKET_OPERATIONS[`${method} ${sub ?? ''}`] ?? `${method} ${sub ?? ''}`;
  }
  if (query.has('uploadId') || query.has('uploads')) {
    const sub = query.has('uploads') ? 'uploads' : 'uploadId';
    return UPLOAD_OPERATIONS[`${method} ${sub}`] ?? `${method} ?${sub}`;
  }
  if (Buffer.byteLength(key) > 1024) throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
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
  'GET uploadId': 'ListParts',
};

const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  'GET ': 'ListObjectsV2',
  'HEAD ': 'HeadBucket',
  'PUT ': 'CreateBucket',
  'DELETE ': 'DeleteBucket',
  'GET notification': 'GetBucketNotificationConfiguration',
  'PUT notification': 'PutBucketNotificationConfiguration',
  'GET versioning': 'GetBucketVersioning',
  'PUT versioning': 'PutBucketVersioning',
  'GET location': 'GetBucketLocation',
  'GET versions': 'ListObjectVersions',
  'POST delete': 'DeleteObjects',
};
