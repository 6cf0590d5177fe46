import { DeliveryError, type IgnoreCode } from './codes.ts';

/** One object that a notification names. Size and etag are hearsay; only what GetObject answers is believed. */
export type ObjectRef = {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  /** The notification's percent codes were malformed, so `key` is as it came. */
  readonly isKeyRaw: boolean;
  readonly versionId: string | null;
  /** Without quotes. */
  readonly etag: string | null;
  readonly size: number | null;
  readonly sequencer: string | null;
  /** The account that S3 must find as owner of the bucket; `null`: not asked. */
  readonly owner: string | null;
  readonly isCanary: boolean;
};

/** Something acknowledged without being read. */
export type Ignored = {
  readonly code: IgnoreCode;
  readonly bucket: string | null;
  readonly key: string | null;
};

/** What one message of a queue, or one direct invocation, asks for. */
export type MessageRefs = {
  /** `null`: invoked directly. */
  readonly message: QueueMessage | null;
  readonly refs: readonly ObjectRef[];
  readonly ignored: readonly Ignored[];
  /** Code `BadEvent` each: the message is not done, whatever becomes of its other records. */
  readonly problems: readonly DeliveryError[];
};

export type QueueMessage = {
  readonly id: string;
  readonly receiptHandle: string;
  readonly queueArn: string;
  /** From 1. */
  readonly receiveCount: number;
};

/** The settings that decide what is read. */
export type SourceSettings = {
  readonly sourceBuckets: readonly string[];
  readonly sourcePrefix: string;
  readonly sourceAccount: string | null;
  readonly archiveBucket: string | null;
  readonly canaryBucket: string | null;
};

type Json = { readonly [key: string]: unknown };
type Found = { refs: ObjectRef[]; ignored: Ignored[]; problems: DeliveryError[] };

/** SQS, then SNS within SNS at most: nobody wires more, and what nests deeper is not ours. */
const MOST_ENVELOPES = 3;

/**
 * Reads the objects out of an invocation: S3 and EventBridge notifications, directly, in SQS, in SNS, or nested.
 * Nothing that is not understood is passed over: it stands among the problems of its own message.
 */
export function readObjectRefs(event: unknown, settings: SourceSettings): readonly MessageRefs[] {
  const records = recordsOf(event);
  if (records?.some(record => sourceOf(record) === 'aws:sqs')) {
    return records.map(record => messageOf(record, settings));
  }
  return [{ message: null, ...found(into => readEvent(event, 0, into, settings)) }];
}

function messageOf(record: unknown, settings: SourceSettings): MessageRefs {
  const { messageId, receiptHandle, eventSourceARN, body, attributes } = asObject(record) ?? {};
  const message: QueueMessage = {
    id: text(messageId) ?? '',
    receiptHandle: text(receiptHandle) ?? '',
    queueArn: text(eventSourceARN) ?? '',
    receiveCount: Math.max(1, Number(asObject(attributes)?.['ApproximateReceiveCount']) || 1),
  };
  const read = (into: Found) =>
    sourceOf(record) === 'aws:sqs' && message.id !== ''
      ? readText(body, 1, into, settings)
      : void into.problems.push(bad('a record of the batch is no SQS message'));
  return { message, ...found(read) };
}

function found(read: (into: Found) => void): Found {
  const into: Found = { refs: [], ignored: [], problems: [] };
  read(into);
  if (into.refs.length + into.ignored.length + into.problems.length === 0)
    into.problems.push(bad('it names no object'));
  return into;
}

function readText(body: unknown, envelopes: number, into: Found, settings: SourceSettings): void {
  let event: unknown;
  try {
    event = JSON.parse(text(body) ?? '');
  } catch (cause) {
    into.problems.push(bad('the text of the message is not JSON', { cause }));
    return;
  }
  readEvent(event, envelopes, into, settings);
}

function readEvent(event: unknown, envelopes: number, into: Found, settings: SourceSettings): void {
  const { Type, Message, Event, source, detail } = asObject(event) ?? {};
  const records = recordsOf(event);
  if (records) {
    for (const record of records) readRecord(record, envelopes, into, settings);
  } else if (Type === 'Notification' && typeof Message === 'string') {
    unwrap(Message, envelopes, into, settings);
  } else if (Event === 's3:TestEvent') {
    into.ignored.push({ code: 'TestEvent', bucket: text(asObject(event)?.['Bucket']), key: null });
  } else if (source === 'aws.s3' && asObject(detail)) {
    readEventBridge(event as Json, into, settings);
  } else {
    into.problems.push(bad('it is no S3 notification, SNS envelope or EventBridge event of S3'));
  }
}

function readRecord(record: unknown, envelopes: number, into: Found, settings: SourceSettings): void {
  const { s3, Sns, body } = asObject(record) ?? {};
  const source = sourceOf(record);
  if (source === 'aws:sns') unwrap(asObject(Sns)?.['Message'], envelopes, into, settings);
  else if (source === 'aws:sqs') unwrap(body, envelopes, into, settings);
  else if (asObject(s3) && (source === 'aws:s3' || source === null)) readS3(record as Json, into, settings);
  else into.problems.push(bad('a record is of neither S3, SNS nor SQS'));
}

function unwrap(inner: unknown, envelopes: number, into: Found, settings: SourceSettings): void {
  if (envelopes >= MOST_ENVELOPES) into.problems.push(bad(`it is wrapped more than ${MOST_ENVELOPES} times`));
  else readText(inner, envelopes + 1, into, settings);
}

/** Any 2.x: since 2.4 one version counts for all kinds of event, and a minor one only adds members. */
const VERSION = /^2\.\d{1,4}$/;

function readS3(record: Json, into: Found, settings: SourceSettings): void {
  const { eventVersion, eventName, s3 } = record;
  const bucket = text(asObject(asObject(s3)?.['bucket'])?.['name']);
  const object = asObject(asObject(s3)?.['object']);
  const key = text(object?.['key']);
  if (eventVersion !== undefined && !VERSION.test(String(eventVersion))) {
    into.problems.push(bad('the version of the notification is not 2.x'));
  } else if (eventName !== undefined && !/^(s3:)?ObjectCreated(:|$)/.test(String(eventName))) {
    into.problems.push(
      bad('it tells of something else than a new object; subscribe to s3:ObjectCreated:* alone'),
    );
  } else if (!bucket || !key || !object) {
    into.problems.push(bad('a record names no bucket or no key'));
  } else {
    take(
      { bucket, ...decodeKey(key), ...versionOf(object, 'versionId', 'eTag'), account: null },
      into,
      settings,
    );
  }
}

function readEventBridge(event: Json, into: Found, settings: SourceSettings): void {
  const detail = asObject(event['detail']);
  const bucket = text(asObject(detail?.['bucket'])?.['name']);
  const object = asObject(detail?.['object']);
  const key = text(object?.['key']);
  if (event['detail-type'] !== 'Object Created') {
    into.problems.push(
      bad('it tells of something else than a new object; match detail-type "Object Created"'),
    );
  } else if (!bucket || !key || !object) {
    into.problems.push(bad('the event names no bucket or no key'));
  } else {
    const account = text(event['account']);
    take(
      { bucket, key, isKeyRaw: false, ...versionOf(object, 'version-id', 'etag'), account },
      into,
      settings,
    );
  }
}

type Named = Omit<ObjectRef, 'owner' | 'isCanary'> & { readonly account: string | null };

function take({ account, ...named }: Named, into: Found, settings: SourceSettings): void {
  const { sourceBuckets, sourcePrefix, sourceAccount, archiveBucket, canaryBucket } = settings;
  const { bucket, key, size } = named;
  const isCanary = bucket === canaryBucket;
  const owner = isCanary ? null : sourceAccount;
  const ignore = (code: IgnoreCode) => void into.ignored.push({ code, bucket, key });

  if (bucket === archiveBucket) ignore('RecursionGuard');
  else if (!isCanary && sourceBuckets.length > 0 && !sourceBuckets.includes(bucket))
    ignore('UnexpectedSource');
  else if (owner !== null && account !== null && account !== owner) ignore('UnexpectedSource');
  else if (!isCanary && !key.startsWith(sourcePrefix)) ignore('OtherPrefix');
  else if (key.endsWith('/') && size === 0) ignore('FolderMarker');
  else into.refs.push({ ...named, owner, isCanary });
}

/** S3 encodes a key as a form does: a space is `+`. Malformed codes leave the whole key as it came. */
function decodeKey(key: string): { readonly key: string; readonly isKeyRaw: boolean } {
  try {
    return { key: decodeURIComponent(key.replaceAll('+', ' ')), isKeyRaw: false };
  } catch {
    return { key, isKeyRaw: true };
  }
}

function versionOf(object: Json, version: string, etag: string) {
  const size = object['size'];
  return {
    versionId: text(object[version]),
    etag: text(object[etag])?.replaceAll('"', '') ?? null,
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
    sequencer: text(object['sequencer']),
  };
}

function bad(what: string, options?: ErrorOptions): DeliveryError {
  return new DeliveryError('BadEvent', `the notification cannot be read: ${what}`, options);
}

function sourceOf(record: unknown): string | null {
  const { eventSource, EventSource } = asObject(record) ?? {};
  return text(eventSource) ?? text(EventSource);
}

function recordsOf(event: unknown): readonly unknown[] | null {
  const records = asObject(event)?.['Records'];
  return Array.isArray(records) ? records : null;
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
