import { isOf } from '../calls.ts';
import type { FaultPlan } from '../faults.ts';
import { type Destination, doesCover, type NotificationConfiguration } from './notification.ts';
import type { Bucket, Version } from './store.ts';

export type ChangeName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated';

export type Change = {
  readonly name: ChangeName;
  readonly bucket: Bucket;
  readonly version: Version;
  readonly at: number;
};

/** Where words of changes go; the parts behind are the other services. */
export type Mailboxes = {
  send(destination: Pick<Destination, 'kind' | 'arn'>, body: string, bucket: Bucket): void;
  putEvent(event: unknown): void;
  /** Whether the destination exists and its policy lets this bucket send to it. */
  accepts(arn: string, bucket: Bucket): boolean;
};

export type Place = { readonly region: string; readonly account: string };

/** Sends word of a change to every destination that wants it. */
export function notify(
  change: Change,
  configuration: NotificationConfiguration,
  mailboxes: Mailboxes,
  place: Place,
  faults: FaultPlan,
): void {
  const { bucket, version } = change;
  const call = {
    service: 's3' as const,
    operation: 'Notify',
    caller: 's3.amazonaws.com',
    at: change.at,
    number: 0,
    bucket: bucket.name,
    key: version.key,
  };
  const due = configuration.destinations.filter(one => wants(one, change));
  if (due.length === 0 && !configuration.isEventBridgeOn) return;
  const planned = faults.take(call).filter(fault => isOf(call, fault.op));
  if (planned.some(({ kind }) => kind === 'drop')) return;
  for (let times = planned.some(({ kind }) => kind === 'duplicate') ? 2 : 1; times > 0; times--) {
    for (const destination of due) {
      const body = JSON.stringify({ Records: [recordOf(change, destination.id, place)] });
      mailboxes.send(destination, body, bucket);
    }
    if (configuration.isEventBridgeOn) mailboxes.putEvent(bridgeEventOf(change, place));
  }
}

function wants(destination: Destination, { name, version }: Change): boolean {
  return (
    destination.events.some(event => doesCover(event, `s3:${name}`)) &&
    version.key.startsWith(destination.prefix) &&
    version.key.endsWith(destination.suffix)
  );
}

/** What a destination gets when it is configured. */
export function testEvent(bucket: Bucket, at: number): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(at).toISOString(),
    Bucket: bucket.name,
    RequestId: requestId(),
    HostId: 'local-aws',
  });
}

function recordOf({ name, bucket, version, at }: Change, configurationId: string, place: Place): unknown {
  const isCreated = name.startsWith('ObjectCreated');
  return {
    eventVersion: '2.5',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(at).toISOString(),
    eventName: name,
    userIdentity: { principalId: `AWS:${place.account}` },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': 'local-aws' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: bucket.owner },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        key: encodeKey(version.key),
        ...(isCreated ? { size: version.body.size, eTag: version.etag } : {}),
        ...(version.versionId === 'null' ? {} : { versionId: version.versionId }),
        sequencer: version.sequencer,
      },
    },
  };
}

function bridgeEventOf({ name, bucket, version, at }: Change, place: Place): unknown {
  const isCreated = name.startsWith('ObjectCreated');
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': isCreated ? 'Object Created' : 'Object Deleted',
    source: 'aws.s3',
    account: place.account,
    time: new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    region: bucket.region,
    resources: [`arn:aws:s3:::${bucket.name}`],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(isCreated ? { size: version.body.size, etag: version.etag } : {}),
        ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
        sequencer: version.sequencer,
      },
      'request-id': requestId(),
      requester: place.account,
      'source-ip-address': '127.0.0.1',
      reason: REASONS[name],
      ...(isCreated ? {} : { 'deletion-type': DELETIONS[name] }),
    },
  };
}

const REASONS: Readonly<Record<ChangeName, string>> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload',
  'ObjectRemoved:Delete': 'DeleteObject',
  'ObjectRemoved:DeleteMarkerCreated': 'DeleteObject',
};

const DELETIONS: Readonly<Partial<Record<ChangeName, string>>> = {
  'ObjectRemoved:Delete': 'Permanently Deleted',
  'ObjectRemoved:DeleteMarkerCreated': 'Delete Marker Created',
};

/** As an HTML form encodes: a space becomes `+`; the slashes of a key stay. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function requestId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
}
