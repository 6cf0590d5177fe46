import { DeliveryError } from '../observability/index.ts';
import type { NamedObject } from './object-ref.ts';

export type Json = { readonly [key: string]: unknown };

/** Any 2.x: since 2.4 one version covers all kinds of event, and minor versions only add members. */
const VERSION = /^2\.\d{1,4}$/;

/** One record of an S3 notification. @throws DeliveryError `BadEvent` */
export function namedByS3({ eventVersion, eventName, s3 }: Json): NamedObject {
  if (eventVersion !== undefined && !VERSION.test(String(eventVersion)))
    throw badEvent('the version of the notification is not 2.x');
  if (eventName !== undefined && !/^(s3:)?ObjectCreated(:|$)/.test(String(eventName)))
    throw badEvent('it is not about a new object; subscribe to s3:ObjectCreated:* only');
  const { bucket, object, key } = parts(asObject(s3));
  return { bucket, ...decodeKey(key), ...versionOf(object, 'versionId', 'eTag'), account: null };
}

/** An S3 event from EventBridge, whose keys are not encoded. @throws DeliveryError `BadEvent` */
export function namedByEventBridge(event: Json): NamedObject {
  if (event['detail-type'] !== 'Object Created')
    throw badEvent('it is not about a new object; match detail-type "Object Created"');
  const { bucket, object, key } = parts(asObject(event['detail']));
  const account = text(event['account']);
  return { bucket, key, isKeyRaw: false, ...versionOf(object, 'version-id', 'etag'), account };
}

function parts(holder: Json | null): {
  readonly bucket: string;
  readonly object: Json;
  readonly key: string;
} {
  const bucket = text(asObject(holder?.['bucket'])?.['name']);
  const object = asObject(holder?.['object']);
  const key = text(object?.['key']);
  if (bucket === null || object === null || key === null)
    throw badEvent('a record names no bucket or no key');
  return { bucket, object, key };
}

/** S3 encodes a key like a form: a space is `+`. Malformed encoding leaves the whole key as received. */
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

export function badEvent(what: string, options?: ErrorOptions): DeliveryError {
  return new DeliveryError('BadEvent', `the notification cannot be read: ${what}`, options);
}

export function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
