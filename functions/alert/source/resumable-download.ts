import { crc32 } from 'node:zlib';
import { DeliveryError } from '../observability/index.ts';
import type { ByteLimits, GetObject, GetRequest, GetResponse, Transfer } from './get-object.ts';
import { guardStalls, throughputMeter } from './stall-guard.ts';

export type Download = {
  readonly getObject: GetObject;
  readonly request: GetRequest;
  /** The response whose body is read first; later ones are ranges of the same bytes. */
  readonly first: GetResponse;
  readonly transfer: Transfer;
  readonly limits: ByteLimits;
  readonly stop: () => boolean;
};

/**
 * The bytes of an object from first to last, resumed when the connection breaks. Its normal end proves that all of
 * them arrived and are the object's. @throws DeliveryError
 */
export async function* downloadWhole(download: Download): AsyncGenerator<Uint8Array, void> {
  const { request, first, transfer, limits } = download;
  const meter = throughputMeter(limits, s3UriOf(request));
  let crc = 0;
  let response = first;
  for (;;) {
    let cause: unknown;
    try {
      for await (const chunk of guardStalls(response.body, limits, meter, s3UriOf(request))) {
        transfer.bytes += chunk.length;
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      if (isMismatch(error)) throw mismatch(request, 'its checksum differs', error);
      if (error instanceof DeliveryError && error.code !== 'S3Stalled') throw error;
      if (error instanceof DeliveryError) transfer.stalls++;
      cause = error;
    }
    const isWhole = first.length === null ? cause === undefined : transfer.bytes >= first.length;
    if (isWhole) break;
    if (transfer.resumes === limits.resumes) throw broken(request, cause);
    transfer.resumes++;
    response = await rangeFrom(download, transfer.bytes);
  }
  if (first.length !== null && transfer.bytes !== first.length)
    throw mismatch(request, `${transfer.bytes} of ${first.length} bytes arrived`);
  if (transfer.resumes > 0) await verify(download, crc);
}

/** `s3://bucket/key`. */
export function s3UriOf({ bucket, key }: GetRequest): string {
  return `s3://${bucket}/${key}`;
}

/** The same object from a given byte. @throws DeliveryError `ObjectChanged` if it was replaced */
async function rangeFrom({ getObject, request, first }: Download, from: number): Promise<GetResponse> {
  const response = await getObject({ ...request, ifMatch: first.etag, from });
  if (response === null)
    throw new DeliveryError('ObjectChanged', `${s3UriOf(request)}: it was overwritten while it was read`);
  const left = first.length === null ? response.length : first.length - from;
  if (response.length === left) return response;
  throw mismatch(request, `the rest from byte ${from} is ${response.length} bytes long`);
}

/**
 * After a resume nothing has compared the whole, since a range has no checksum. CRC-32 is computed natively (0.24
 * ms/MB) and compared. The others would cost every object time that few need: CRC-64/NVME, S3's default, and CRC-32C
 * are JavaScript in the SDK on Node 24 (2.2 and 2.6 ms/MB). There the object is read again with the SDK's check, to the
 * same
 */
async function verify(download: Download, crc: number): Promise<void> {
  const { request, first, limits } = download;
  if (first.checksum === null) return;
  if ((await wholeCrc(download, first.checksum, limits)) !== crc)
    throw mismatch(request, 'its checksum differs after a resume');
}

async function wholeCrc(
  download: Download,
  { algorithm, base64 }: NonNullable<GetResponse['checksum']>,
  limits: ByteLimits,
): Promise<number> {
  if (algorithm === 'CRC32') return Buffer.from(base64, 'base64').readUInt32BE();
  const uri = s3UriOf(download.request);
  const { body } = await rangeFrom(download, 0);
  let crc = 0;
  try {
    for await (const chunk of guardStalls(body, limits, throughputMeter(limits, uri), uri)) {
      if (download.stop())
        throw new DeliveryError('DeadlineGuard', `${uri}: deadline reached while comparing its checksum`);
      crc = crc32(chunk, crc);
    }
  } catch (error) {
    throw isMismatch(error)
      ? mismatch(download.request, 'its checksum differs', error)
      : broken(download.request, error);
  }
  return crc;
}

/** Matches the SDK's message; it throws a plain Error. */
function isMismatch(error: unknown): boolean {
  return error instanceof Error && /^Checksum mismatch/.test(error.message);
}

function mismatch(request: GetRequest, how: string, cause?: unknown): DeliveryError {
  return new DeliveryError(
    'BodyMismatch',
    `${s3UriOf(request)}: the bytes received are not the object: ${how}`,
    {
      cause,
    },
  );
}

function broken(request: GetRequest, cause: unknown): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  return new DeliveryError('S3Unavailable', `${s3UriOf(request)}: the connection broke too often`, { cause });
}
