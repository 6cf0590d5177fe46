import { DeliveryError, type IgnoreCode } from '../observability/index.ts';
import { quietRunOf } from './backfill-mark.ts';
import { isFdrNotification, namedByFdr } from './fdr-notification.ts';
import type { NamedObject, ObjectRef } from './object-ref.ts';
import { asObject, badEvent, type Json, namedByEventBridge, namedByS3, text } from './s3-notification.ts';

/** Something acknowledged without being read. */
type Ignored = {
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
  /** Code `BadEvent` each: the message fails, whatever the result of its other records. */
  readonly problems: readonly DeliveryError[];
  /** The refs are files of one FDR batch: each should get a message of its own. */
  readonly isBatch: boolean;
};

export type QueueMessage = {
  readonly id: string;
  readonly receiptHandle: string;
  readonly queueArn: string;
  /** From 1. */
  readonly receiveCount: number;
  readonly body: string;
};

/** The settings that decide what is read. */
export type SourceSettings = {
  readonly sourceBuckets: readonly string[];
  readonly sourcePrefix: string;
  readonly sourceAccount: string | null;
  readonly archiveBucket: string | null;
  readonly canaryBucket: string | null;
};

type Found = {
  refs: ObjectRef[];
  ignored: Ignored[];
  problems: DeliveryError[];
  backfill: string | null;
  isBatch: boolean;
};

/** SQS, then SNS within SNS at most: no one nests deeper, and anything deeper is refused. */
const MOST_ENVELOPES = 3;

/**
 * Reads the objects named by an invocation: notifications of S3, EventBridge and FDR, directly, in SQS, in SNS, or
 * nested. Nothing that is not understood is ignored: it is among the problems of its message.
 */
export function parseNotification(event: unknown, settings: SourceSettings): readonly MessageRefs[] {
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
    body: text(body) ?? '',
  };
  const read = (into: Found) =>
    sourceOf(record) === 'aws:sqs' && message.id !== ''
      ? readText(body, 1, into, settings, message.queueArn)
      : void into.problems.push(badEvent('a record of the batch is not an SQS message'));
  return { message, ...found(read) };
}

function found(read: (into: Found) => void): Omit<MessageRefs, 'message'> {
  const into: Found = { refs: [], ignored: [], problems: [], backfill: null, isBatch: false };
  read(into);
  if (into.refs.length + into.ignored.length + into.problems.length === 0)
    into.problems.push(badEvent('it names no object'));
  const { refs, ignored, problems, isBatch } = into;
  return { refs, ignored, problems, isBatch };
}

/** `queueArn`: of the queue that the message came from; a message wrapped in another has none. */
function readText(
  body: unknown,
  envelopes: number,
  into: Found,
  settings: SourceSettings,
  queueArn = '',
): void {
  let event: unknown;
  try {
    event = JSON.parse(text(body) ?? '');
  } catch (cause) {
    into.problems.push(badEvent('the text of the message is not JSON', { cause }));
    return;
  }
  if (envelopes === 1) into.backfill = quietRunOf(event, queueArn);
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
    take(() => namedByEventBridge(event as Json), into, settings);
  } else if (isFdrNotification(event)) {
    into.isBatch = true;
    for (const named of namedByFdr(event as Json)) take(named, into, settings);
  } else {
    into.problems.push(
      badEvent('it is not an S3 notification, an SNS envelope or an EventBridge event of S3'),
    );
  }
}

function readRecord(record: unknown, envelopes: number, into: Found, settings: SourceSettings): void {
  const { s3, Sns, body } = asObject(record) ?? {};
  const source = sourceOf(record);
  if (source === 'aws:sns') unwrap(asObject(Sns)?.['Message'], envelopes, into, settings);
  else if (source === 'aws:sqs') unwrap(body, envelopes, into, settings);
  else if (asObject(s3) && (source === 'aws:s3' || source === null))
    take(() => namedByS3(record as Json), into, settings);
  else into.problems.push(badEvent('a record is from neither S3, SNS nor SQS'));
}

function unwrap(inner: unknown, envelopes: number, into: Found, settings: SourceSettings): void {
  if (envelopes >= MOST_ENVELOPES)
    into.problems.push(badEvent(`it is nested in more than ${MOST_ENVELOPES} envelopes`));
  else readText(inner, envelopes + 1, into, settings);
}

/** Adds an object, or skips it if the settings exclude it. */
function take(read: () => NamedObject, into: Found, settings: SourceSettings): void {
  let found: NamedObject;
  try {
    found = read();
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    into.problems.push(error);
    return;
  }
  const { account, ...named } = found;
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
  else into.refs.push({ ...named, owner, isCanary, backfill: into.backfill });
}

function sourceOf(record: unknown): string | null {
  const { eventSource, EventSource } = asObject(record) ?? {};
  return text(eventSource) ?? text(EventSource);
}

function recordsOf(event: unknown): readonly unknown[] | null {
  const records = asObject(event)?.['Records'];
  return Array.isArray(records) ? records : null;
}
