import type { Clock } from '../clock.ts';
import { AwsError } from '../error.ts';
import type { FaultPlan } from '../faults.ts';
import type { Reply } from '../reply.ts';
import { type Endpoint, type Operation, type Request, textOfBody } from '../server.ts';
import { writeXml } from '../xml.ts';
import * as buckets from './buckets.ts';
import { type ChangeName, type Mailboxes, notify, type Place, testEvent } from './events.ts';
import { listObjects } from './list.ts';
import { listVersions } from './list-versions.ts';
import { Uploads } from './multipart.ts';
import { NO_NOTIFICATIONS, type NotificationConfiguration } from './notification.ts';
import * as objects from './objects.ts';
import { readObject } from './read.ts';
import { addressOf, nameOf, targetOf } from './route.ts';
import type { Bucket, Store, Version } from './store.ts';

export type S3Parts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly place: Place;
  readonly faults: FaultPlan;
  readonly mailboxes: Mailboxes;
  readonly mayList: (bucket: string, caller: string) => boolean;
};

/** S3 as it is seen on the wire: which operation a request is, and what it answers. */
export class S3Endpoint implements Endpoint {
  readonly service = 's3';
  readonly notifications = new Map<string, NotificationConfiguration>();
  readonly #parts: S3Parts;
  readonly #uploads = new Uploads();

  constructor(parts: S3Parts) {
    this.#parts = parts;
  }

  route(request: Request): Operation {
    const { bucket: name, key } = addressOf(request);
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

  /** Sends the configured notifications. */
  changed(bucket: Bucket, name: ChangeName, version: Version): void {
    const { clock, mailboxes, place, faults } = this.#parts;
    const configuration = this.notifications.get(bucket.name) ?? NO_NOTIFICATIONS;
    notify({ name, bucket, version, at: clock.now() }, configuration, mailboxes, place, faults);
  }

  configure(bucket: Bucket, configuration: NotificationConfiguration): void {
    const { mailboxes, clock } = this.#parts;
    for (const { arn } of configuration.destinations) {
      if (mailboxes.accepts(arn, bucket) && !arn.endsWith('.fifo')) continue;
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
    for (const destination of configuration.destinations) {
      mailboxes.send(destination, testEvent(bucket, clock.now()), bucket);
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
      case 'ListObjectsV2':
        return objects.xmlReply('ListBucketResult', listObjects(bucket, request.query));
      case 'ListObjectVersions':
        return listVersions(bucket, request.query);
      case 'HeadBucket':
        return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } };
      case 'GetBucketNotificationConfiguration':
        return buckets.notificationReply(this.notifications.get(name) ?? NO_NOTIFICATIONS);
      case 'PutBucketNotificationConfiguration':
        this.configure(bucket, buckets.notificationOf(await context.bodyText()));
        return { status: 200 };
    }
    throw new AwsError(501, 'NotImplemented', `the local AWS does not know ${operation}`);
  }
}
