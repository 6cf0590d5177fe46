import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Archive, ContentType, Put, Upload } from '../archive/index.ts';
import { DeliveryError } from '../observability/index.ts';
import { deliveryError, statusOf } from './aws-errors.ts';

const CONFLICT_ATTEMPTS = 5;

/** The archive as a bucket. `sleep` spaces the attempts after a conflict (409), which S3 asks clients to retry. */
export function archiveIn(client: S3Client, bucket: string, sleep: (ms: number) => Promise<void>): Archive {
  const attempt = async <Result>(key: string, send: () => Promise<Result>): Promise<Result> => {
    try {
      return await send();
    } catch (error) {
      throw deliveryError(error, 'archive', `s3://${bucket}/${key}`);
    }
  };
  /** 412: the key is taken, or has changed. A key to be replaced may also be gone, expired by a lifecycle rule. */
  const unlessTaken = (key: string, send: () => Promise<unknown>): Promise<Put> =>
    attempt(key, async () => {
      for (let tries = 1; ; tries++) {
        try {
          await send();
          return 'created';
        } catch (error) {
          if (statusOf(error) === 412 || isNoSuchKey(error)) return 'exists';
          if (statusOf(error) !== 409 || tries === CONFLICT_ATTEMPTS) throw error;
          await sleep(100 * tries);
        }
      }
    });
  const put = (
    key: string,
    body: string | Uint8Array,
    type: ContentType,
    condition: Condition,
  ): Promise<Put> =>
    unlessTaken(key, () =>
      client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          // The SDK takes an empty string for a stream and warns about it on the console.
          ContentLength: Buffer.byteLength(body),
          ContentType: type,
          ...condition,
        }),
      ),
    );

  return {
    bucket,
    put: (key, body, type) => put(key, body, type, { IfNoneMatch: '*' }),
    replace: async (key, body, etag) =>
      (await put(key, body, 'application/json', { IfMatch: etag })) === 'created',
    has: key =>
      attempt(key, async () => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
          return true;
        } catch (error) {
          if (statusOf(error) === 404) return false;
          throw error;
        }
      }),
    get: key =>
      attempt(key, async () => {
        try {
          const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return { text: (await Body?.transformToString()) ?? '', etag: ETag ?? '' };
        } catch (error) {
          if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return null;
          throw error;
        }
      }),
    list: (prefix, atMost, after) =>
      attempt(prefix, async () => {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: atMost,
          ...(after === undefined ? {} : { StartAfter: after }),
        });
        const { Contents = [], IsTruncated } = await client.send(command);
        return {
          entries: Contents.map(({ Key, LastModified }) => ({
            key: Key ?? '',
            modifiedMs: LastModified?.getTime() ?? 0,
          })),
          isCut: IsTruncated === true,
        };
      }),
    upload: (key, type) => attempt(key, () => startUpload(client, bucket, key, type, attempt, unlessTaken)),
  };
}

/** Only a condition on the existing object can be answered so; a missing upload has another error name. */
function isNoSuchKey(error: unknown): boolean {
  return statusOf(error) === 404 && (error as Error).name === 'NoSuchKey';
}

type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };
type Attempt = <Result>(key: string, send: () => Promise<Result>) => Promise<Result>;
type UnlessTaken = (key: string, send: () => Promise<unknown>) => Promise<Put>;

async function startUpload(
  client: S3Client,
  bucket: string,
  key: string,
  type: ContentType,
  attempt: Attempt,
  unlessTaken: UnlessTaken,
): Promise<Upload> {
  const start = new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ContentType: type });
  const { UploadId } = await client.send(start);
  if (UploadId === undefined)
    throw new DeliveryError('ArchiveUnavailable', `s3://${bucket}/${key}: S3 started no upload`);
  const upload = { Bucket: bucket, Key: key, UploadId };
  const parts: { PartNumber: number; ETag: string | undefined }[] = [];
  return {
    part: bytes =>
      attempt(key, async () => {
        const PartNumber = parts.length + 1;
        const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body: bytes }));
        parts.push({ PartNumber, ETag });
      }),
    complete: async () => {
      const command = new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: parts },
        IfNoneMatch: '*',
      });
      const put = await unlessTaken(key, () => client.send(command));
      if (put === 'exists') await attempt(key, () => client.send(new AbortMultipartUploadCommand(upload)));
      return put;
    },
    abort: () => attempt(key, async () => void (await client.send(new AbortMultipartUploadCommand(upload)))),
  };
}
