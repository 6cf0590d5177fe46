import { AwsError } from '../error.ts';
import type { Reply } from '../reply.ts';
import { readXml } from '../xml.ts';
import { type NotificationConfiguration, readConfiguration, writeConfiguration } from './notification.ts';
import { xmlReply } from './objects.ts';
import type { Bucket, Store } from './store.ts';

export type NewBucket = {
  readonly versioning?: boolean;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
};

export function createBucket(store: Store, name: string, options: NewBucket): Bucket {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
  if (store.buckets.has(name)) {
    throw new AwsError(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    );
  }
  const bucket: Bucket = {
    name,
    owner: options.owner,
    region: options.region,
    createdAt: options.createdAt,
    versioning: options.versioning ? 'Enabled' : 'Off',
    objects: new Map(),
    changes: new Map(),
    sortedKeys: undefined,
    policy: undefined,
  };
  store.buckets.set(name, bucket);
  return bucket;
}

export function notificationReply(configuration: NotificationConfiguration): Reply {
  return xmlReply('NotificationConfiguration', writeConfiguration(configuration));
}

export function notificationOf(document: string): NotificationConfiguration {
  return readConfiguration(parsed(document));
}

function parsed(document: string): ReturnType<typeof readXml> {
  try {
    return readXml(document);
  } catch {
    throw new AwsError(
      400,
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
}
