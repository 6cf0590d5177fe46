import { DeliveryError } from '../observability/index.ts';
import type { ObjectRef } from './parse-notification.ts';
import { placeOf, readWhole } from './resumable-download.ts';

/** One GetObject: a version, or whatever is there if its etag is the one given; from a byte on. */
export type GetRequest = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly ifMatch: string | null;
  readonly from: number;
  readonly owner: string | null;
};

export type GetResponse = {
  readonly body: AsyncIterable<Uint8Array>;
  /** Bytes that follow; `null`: S3 did not say. */
  readonly length: number | null;
  readonly etag: string | null;
  readonly versionId: string | null;
  /** ISO 8601. */
  readonly lastModified: string | null;
  /** The checksum of the whole object, where S3 has one. The SDK compares it unless the body breaks. */
  readonly checksum: { readonly algorithm: string; readonly base64: string } | null;
  /** Times the SDK sent the request. */
  readonly attempts: number;
};

/** Sends one GetObject; `null`: the etag is not the one given (412). @throws DeliveryError */
export type GetObject = (request: GetRequest) => Promise<GetResponse | null>;

export type ByteLimits = {
  /** Longest wait for the next bytes. */
  readonly silenceMs: number;
  /** Resumes of one object. */
  readonly resumes: number;
  /** Least throughput over each window of waiting. */
  readonly leastBytesPerSecond: number;
  readonly windowMs: number;
};

export const BYTE_LIMITS: ByteLimits = {
  silenceMs: 5_000,
  resumes: 3,
  leastBytesPerSecond: 64 * 1024,
  windowMs: 30_000,
};

export type OpenedObject = {
  readonly versionId: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly length: number | null;
  /** The notification's bytes are gone; these are the present ones. */
  readonly isOverwritten: boolean;
  /**
   * To be read once. Ends only when every byte has come and fits length and checksum. A reader that leaves early does
   * not know whether what it saw was the object; `close` gives up. @throws DeliveryError
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
  /** Grows while the object is read. */
  readonly transfer: Transfer;
};

export type Transfer = {
  bytes: number;
  retries: number;
  resumes: number;
  stalls: number;
  /** False: S3 holds no checksum of the whole object, so its length alone is compared. */
  readonly hasChecksum: boolean;
};

/**
 * Opens the object of a notification, pinned to its version, else to its etag. An unversioned object that was
 * overwritten meanwhile is read once as it is now. `stop`: there is no time to read it once more.
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
  const whole = readWhole({ getObject, request, first, transfer, limits, stop });
  return {
    versionId: realVersion(first.versionId ?? ref.versionId),
    etag: first.etag,
    lastModified: first.lastModified,
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
    throw new DeliveryError('BadKey', `${placeOf(pinned)}: the percent codes of the key are malformed`, {
      cause: error,
    });
  }
  throw new DeliveryError('ObjectChanged', `${placeOf(pinned)}: it changes faster than it can be read`);
}

/** A bucket whose versioning is suspended gives every object the version `null`, which is overwritten in place. */
function realVersion(versionId: string | null): string | null {
  return versionId === 'null' ? null : versionId;
}
