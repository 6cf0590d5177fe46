import type { ListedObject } from '../../aws/object-listing.ts';

/** How the function treats the alerts of an object. */
export type BackfillMark = {
  /** Names the run: its alerts are published in one digest. */
  readonly run: string;
  /** Send individual alerts as well, as if the object had arrived today. */
  readonly notify: boolean;
};

/**
 * The message that S3 would have sent for an object, with a mark beside the records. A reader that does not know the
 * mark treats it as an ordinary notification: nothing is lost, and alerts are sent individually.
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

/** The name of a run: letters, digits and dashes, so that it can be part of archive keys. */
export function runName(startedMs: number, suffix: string): string {
  const at = new Date(startedMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${at}-${suffix}`;
}

/** Encodes a key as S3 does: form encoding. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
