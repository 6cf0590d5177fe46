import type { ObjectIdentity } from '../detection/index.ts';
import { DeliveryError } from '../observability/index.ts';
import {
  BYTE_LIMITS,
  type ByteLimits,
  type GetObject,
  type GetRequest,
  type GetResponse,
  type Transfer,
} from './get-object.ts';
import type { ObjectRef } from './object-ref.ts';
import { downloadWhole, s3UriOf } from './resumable-download.ts';

export type OpenedObject = {
  readonly identity: ObjectIdentity;
  readonly length: number | null;
  /** The notification's version is gone; this is the current one. */
  readonly isOverwritten: boolean;
  /**
   * To be read once. Ends normally only if every byte has arrived and length and checksum match. A reader that leaves
   * early does not know whether it saw the right object; `close` gives up. @throws DeliveryError
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
  /** Grows while the object is read. */
  readonly transfer: Transfer;
};

/**
 * Opens the object of a notification, pinned to its version, else to its ETag. An unversioned object that was
 * overwritten meanwhile is read once as it is now. `stop`: there is no time for a second read.
 * @throws DeliveryError
 */
export async function openObject(
  getObject: GetObject,
  ref: ObjectRef,
  stop: () => boolean,
  limits: ByteLimits = BYTE_LIMITS,
): Promise<OpenedObject> {
  const { request, first, isOverwritten } = await pin(getObject, ref);
  const transfer: Transfer = {
    bytes: 0,
    retries: first.attempts - 1,
    resumes: 0,
    stalls: 0,
    hasChecksum: first.checksum !== null,
  };
  const whole = downloadWhole({ getObject, request, first, transfer, limits, stop });
  return {
    identity: {
      bucket: ref.bucket,
      key: ref.key,
      versionId: realVersion(first.versionId ?? ref.versionId),
      etag: first.etag,
      lastModified: first.lastModified,
    },
    length: first.length,
    isOverwritten,
    bytes: { [Symbol.asyncIterator]: () => ({ next: () => whole.next() }) },
    close: async () => void (await whole.return()),
    transfer,
  };
}

type Pinned = {
  readonly request: GetRequest;
  readonly first: GetResponse;
  readonly isOverwritten: boolean;
};

async function pin(getObject: GetObject, ref: ObjectRef): Promise<Pinned> {
  const { bucket, key, owner, versionId } = ref;
  const ifMatch = realVersion(versionId) === null ? ref.etag : null;
  const pinned: GetRequest = { bucket, key, versionId, ifMatch, from: 0, owner };
  try {
    const first = await getObject(pinned);
    if (first) return { request: pinned, first, isOverwritten: false };
    const present = { ...pinned, ifMatch: null };
    const now = await getObject(present);
    if (now) return { request: present, first: now, isOverwritten: true };
  } catch (error) {
    if (!ref.isKeyRaw || !(error instanceof DeliveryError) || error.code !== 'ObjectMissing') throw error;
    throw new DeliveryError('BadKey', `${s3UriOf(pinned)}: the percent-encoding of the key is malformed`, {
      cause: error,
    });
  }
  throw new DeliveryError('ObjectChanged', `${s3UriOf(pinned)}: it changes faster than it can be read`);
}

/** A bucket with suspended versioning gives every object the version `null`, which is overwritten in place. */
function realVersion(versionId: string | null): string | null {
  return versionId === 'null' ? null : versionId;
}
