import { crc32 } from 'node:zlib';
import { DeliveryError, type OutcomeCode } from './codes.ts';
import type { ObjectRef } from './object-refs.ts';

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

/** Sends one GetObject. @throws DeliveryError; `null`: the etag is not the one given (412). */
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
  /** Ends only when every byte has come and fits length and checksum. To be read once. @throws DeliveryError */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Grows while `bytes` is read. */
  readonly transfer: Transfer;
};

export type Transfer = {
  bytes: number;
  retries: number;
  resumes: number;
  stalls: number;
  /** False: S3 holds no checksum of the whole object, so its length alone was compared. */
  readonly hasChecksum: boolean;
};

type Pinned = { readonly request: GetRequest; readonly first: GetResponse; readonly isOverwritten: boolean };

/**
 * Opens the object of a notification, pinned to its version, else to its etag. An unversioned object that was
 * overwritten meanwhile is read once as it is now. @throws DeliveryError
 */
export async function openObject(
  getObject: GetObject,
  ref: ObjectRef,
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
  return {
    versionId: realVersion(first.versionId ?? ref.versionId),
    etag: first.etag,
    lastModified: first.lastModified,
    length: first.length,
    isOverwritten,
    bytes: readWhole(getObject, request, first, transfer, limits),
    transfer,
  };
}

async function pin(getObject: GetObject, ref: ObjectRef): Promise<Pinned> {
  const { bucket, key, owner } = ref;
  const versionId = ref.versionId;
  const pinned = {
    bucket,
    key,
    versionId,
    ifMatch: realVersion(versionId) ? null : ref.etag,
    from: 0,
    owner,
  };
  try {
    const first = await getObject(pinned);
    if (first) return { request: pinned, first, isOverwritten: false };
    const present = { ...pinned, ifMatch: null };
    const now = await getObject(present);
    if (now) return { request: present, first: now, isOverwritten: true };
  } catch (error) {
    if (ref.isKeyRaw && error instanceof DeliveryError && error.code === 'ObjectMissing')
      throw new DeliveryError('BadKey', `${placeOf(pinned)}: the percent codes of the key are malformed`, {
        cause: error,
      });
    throw error;
  }
  throw new DeliveryError('ObjectChanged', `${placeOf(pinned)}: it changes faster than it can be read`);
}

async function* readWhole(
  getObject: GetObject,
  request: GetRequest,
  first: GetResponse,
  transfer: Transfer,
  limits: ByteLimits,
): AsyncGenerator<Uint8Array> {
  const pace = paceOf(request, limits);
  let crc = 0;
  let response = first;
  for (;;) {
    try {
      for await (const chunk of attentively(response.body, request, limits, pace)) {
        transfer.bytes += chunk.length;
        crc = crc32(chunk, crc);
        yield chunk;
      }
      if (first.length === null || transfer.bytes >= first.length) break;
    } catch (error) {
      if (isMismatch(error)) throw mismatch(request, 'its checksum is another', error);
      if (error instanceof DeliveryError && error.code !== 'S3Stalled') throw error;
      if (transfer.bytes === first.length) break;
      if (error instanceof DeliveryError) transfer.stalls++;
      if (transfer.resumes >= limits.resumes) throw broken(request, error);
    }
    if (transfer.resumes >= limits.resumes) throw broken(request, undefined);
    transfer.resumes++;
    response = await resume(getObject, request, first, transfer.bytes);
  }
  if (first.length !== null && transfer.bytes !== first.length)
    throw mismatch(request, `${transfer.bytes} bytes came of ${first.length}`);
  if (transfer.resumes > 0) await verify(getObject, request, first, crc, limits);
}

async function resume(
  getObject: GetObject,
  request: GetRequest,
  first: GetResponse,
  from: number,
): Promise<GetResponse> {
  const response = await getObject({ ...request, ifMatch: first.etag, from });
  if (response) {
    if (first.length === null || response.length === null || response.length === first.length - from)
      return response;
    throw mismatch(request, `the rest from byte ${from} is ${response.length} bytes long`);
  }
  throw new DeliveryError(
    'ObjectChanged',
    `${placeOf(request)}: it was overwritten at byte ${from} of the reading`,
  );
}

/**
 * After a resume the SDK has compared nothing, since a range has no checksum. CRC-32 is compared as it ran along (native,
 * 0.24 ms/MB). For the others running along would cost every object what few need (CRC-64/NVME and CRC-32C are JavaScript
 * on Node 24: 2.2 and 2.6 ms/MB, measured), so the object is read once more under the SDK's eyes, to the same CRC-32.
 */
async function verify(
  getObject: GetObject,
  request: GetRequest,
  first: GetResponse,
  crc: number,
  limits: ByteLimits,
): Promise<void> {
  if (!first.checksum) return;
  let other: number;
  if (first.checksum.algorithm === 'CRC32') {
    other = Buffer.from(first.checksum.base64, 'base64').readUInt32BE();
  } else {
    const again = await resume(getObject, request, first, 0);
    other = 0;
    try {
      for await (const chunk of attentively(again.body, request, limits, paceOf(request, limits)))
        other = crc32(chunk, other);
    } catch (error) {
      throw isMismatch(error) ? mismatch(request, 'its checksum is another', error) : broken(request, error);
    }
  }
  if (other !== crc) throw mismatch(request, 'its checksum is another after a resume');
}

type Pace = (bytes: number, waitedMs: number) => void;

/** Hands on a body, and gives up on it when nothing comes. Only waiting is counted, never the consumer's own time. */
async function* attentively(
  body: AsyncIterable<Uint8Array>,
  request: GetRequest,
  { silenceMs }: ByteLimits,
  pace: Pace,
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const asked = performance.now();
      const next = await within(silenceMs, iterator.next());
      if (next === 'late')
        throw new DeliveryError('S3Stalled', `${placeOf(request)}: nothing came for ${silenceMs} ms`);
      isDone = next.done === true;
      if (next.done) return;
      pace(next.value.length, performance.now() - asked);
      yield next.value;
    }
  } finally {
    if (!isDone) abandon(body, iterator);
  }
}

function paceOf(request: GetRequest, { leastBytesPerSecond, windowMs }: ByteLimits): Pace {
  let bytes = 0;
  let waited = 0;
  return (length, waitedMs) => {
    bytes += length;
    waited += waitedMs;
    if (waited < windowMs) return;
    if (bytes * 1000 < leastBytesPerSecond * waited)
      throw new DeliveryError('S3TooSlow', `${placeOf(request)}: ${bytes} bytes in ${Math.round(waited)} ms`);
    bytes = 0;
    waited = 0;
  };
}

/** A stalled stream does not answer `return()` before its pending `next()`: it is destroyed, and nobody waits. */
function abandon(body: AsyncIterable<Uint8Array>, iterator: AsyncIterator<Uint8Array>): void {
  const { destroy } = body as { readonly destroy?: unknown };
  if (typeof destroy === 'function') destroy.call(body);
  iterator.return?.()?.catch(() => {});
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(resolve, ms, 'late');
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The SDK's own words; it throws a plain Error. */
function isMismatch(error: unknown): boolean {
  return error instanceof Error && /^Checksum mismatch/.test(error.message);
}

function mismatch(request: GetRequest, how: string, cause?: unknown): DeliveryError {
  return new DeliveryError('BodyMismatch', `${placeOf(request)}: what came is not the object, ${how}`, {
    cause,
  });
}

function broken(request: GetRequest, cause: unknown): DeliveryError {
  const code: OutcomeCode = cause instanceof DeliveryError ? cause.code : 'S3Unavailable';
  return new DeliveryError(code, `${placeOf(request)}: the connection broke again after it was resumed`, {
    cause,
  });
}

/** A bucket whose versioning is suspended gives every object the version `null`, which is overwritten in place. */
function realVersion(versionId: string | null): string | null {
  return versionId === 'null' ? null : versionId;
}

function placeOf({ bucket, key }: GetRequest): string {
  return `s3://${bucket}/${key}`;
}
