import type { ListedObject } from '../../aws/object-listing.ts';

/** How the function is to treat what it finds. */
export type BackfillMark = {
  /** Names the run: its alerts are told in one digest. */
  readonly run: string;
  /** Single alerts too, as if the object had come today. */
  readonly notify: boolean;
};

/**
 * The message that S3 would have sent of an object, with a mark beside the records. A reader that does not know the
 * mark takes it for an ordinary notification: nothing is lost by it, people are told singly.
 */
export function backfillMessage(bucket: string, object: ListedObject, mark: BackfillMark): string {
  const { key, versionId, etag, size, modifiedMs } = object;
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.4',
        eventSource: 'aws:s3',
        eventTime: new Date(modifiedMs).toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'registry-alert-backfill',
          bucket: { name: bucket },
          object: {
            key: encodeKey(key),
            size,
            eTag: etag,
            ...(versionId === null ? {} : { versionId }),
          },
        },
      },
    ],
    'registry-alert': { backfill: mark.run, notify: mark.notify },
  });
}

/** A name for a run, of letters, digits and dashes, so that it can be a part of keys in the archive. */
export function runName(startedMs: number, suffix: string): string {
  const at = new Date(startedMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${at}-${suffix}`;
}

/** As S3 encodes a key: the way of forms. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
