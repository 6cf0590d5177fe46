import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { MOST_SET_LENGTH, pointerKey, SetError, type SetStore, setKey } from '../ruleset/index.ts';
import { deliveryError, statusOf } from './aws-errors.ts';

/** Most compressed bytes of a set, and most bytes of a pointer, that are read. */
const MOST_BYTES = 16 * 1024 ** 2;

/** Splits `s3://bucket/prefix`; the prefix is without a trailing slash. */
export type SetPlace = { readonly bucket: string; readonly prefix: string };

/** Reads the sets published below a prefix. */
export function setStoreIn(client: S3Client, { bucket, prefix }: SetPlace): SetStore {
  const get = async (key: string, etag: string | null) => {
    try {
      const condition = etag === null ? {} : { IfNoneMatch: etag };
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...condition }));
      if ((answer.ContentLength ?? 0) > MOST_BYTES)
        throw new SetError('SetTooLarge', `s3://${bucket}/${key}: longer than ${MOST_BYTES} bytes`);
      return { bytes: await answer.Body!.transformToByteArray(), etag: answer.ETag ?? '' };
    } catch (error) {
      if (error instanceof SetError) throw error;
      if (statusOf(error) === 304) return 'unchanged';
      if ((error as Error).name === 'NoSuchKey') return null;
      throw deliveryError(error, 'read', `s3://${bucket}/${key}`);
    }
  };
  return {
    uri: `s3://${bucket}/${prefix}`,
    pointer: async etag => {
      const found = await get(pointerKey(prefix), etag);
      if (found === null || found === 'unchanged') return found;
      return { text: Buffer.from(found.bytes).toString('utf8'), etag: found.etag };
    },
    set: async digest => {
      const key = setKey(prefix, digest);
      const found = await get(key, null);
      return found === null || found === 'unchanged' ? null : unpacked(found.bytes, `s3://${bucket}/${key}`);
    },
  };
}

function unpacked(bytes: Uint8Array, name: string): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_SET_LENGTH }).toString('utf8');
  } catch (cause) {
    const isLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isLarge
      ? new SetError('SetTooLarge', `${name}: more than ${MOST_SET_LENGTH} bytes unpacked`, { cause })
      : new SetError('SetDamaged', `${name}: not valid gzip; publish the rules again`, { cause });
  }
}
