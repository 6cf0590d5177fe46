import type { NamedObject } from './object-ref.ts';
import { asObject, badEvent, type Json, text } from './s3-notification.ts';

/** CrowdStrike's own message about a batch of Falcon Data Replicator: one bucket, many files. */
export function isFdrNotification(event: unknown): boolean {
  const { cid, bucket, pathPrefix, files } = asObject(event) ?? {};
  return [cid, bucket, pathPrefix].every(member => text(member) !== null) && Array.isArray(files);
}

/** The files of such a message. Their checksum is an MD5, not an ETag, so it does not pin a version. */
export function namedByFdr(event: Json): readonly (() => NamedObject)[] {
  const bucket = text(event['bucket'])!;
  return (event['files'] as readonly unknown[]).map(file => () => {
    const { path, size } = asObject(file) ?? {};
    const key = text(path);
    if (key === null) throw badEvent('a file of the batch has no path');
    const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
    return {
      bucket,
      key,
      isKeyRaw: false,
      versionId: null,
      etag: null,
      size: isSize ? size : null,
      sequencer: null,
      account: null,
    };
  });
}

/** A separate message for one file, in the form of S3. */
export function notificationOf({ bucket, key, size }: Pick<NamedObject, 'bucket' | 'key' | 'size'>): string {
  const object = { key: encodeURIComponent(key), ...(size === null ? {} : { size }) };
  const record = { eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' };
  return JSON.stringify({ Records: [{ ...record, s3: { bucket: { name: bucket }, object } }] });
}
