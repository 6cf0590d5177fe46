import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { GetObject, GetResponse } from '../source/index.ts';
import { deliveryError, statusOf } from './aws-errors.ts';

/**
 * Options for the S3 client: three attempts; connection and response within seconds. Bodies are watched by
 * `stall-guard.ts`, since a socket is also silent when the reader is busy. Response checksums stay on.
 */
export const S3_OPTIONS = {
  maxAttempts: 3,
  responseChecksumValidation: 'WHEN_SUPPORTED',
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
    socketTimeout: 0,
  },
} as const;

/** GetObject through the SDK. */
export function getObjectBy(client: S3Client): GetObject {
  return async ({ bucket, key, versionId, ifMatch, from, owner }) => {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(versionId === null ? {} : { VersionId: versionId }),
      ...(ifMatch === null ? {} : { IfMatch: `"${ifMatch}"` }),
      ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
      ...(owner === null ? {} : { ExpectedBucketOwner: owner }),
    });
    try {
      return responseOf(await client.send(command));
    } catch (error) {
      if (statusOf(error) === 412) return null;
      throw deliveryError(error, 'read', `s3://${bucket}/${key}`);
    }
  };
}

function responseOf(output: GetObjectCommandOutput): GetResponse {
  return {
    body: output.Body as unknown as AsyncIterable<Uint8Array>,
    length: output.ContentLength ?? null,
    etag: output.ETag?.replaceAll('"', '') ?? null,
    versionId: output.VersionId ?? null,
    lastModified: output.LastModified?.toISOString() ?? null,
    checksum: checksumOf(output),
    attempts: output.$metadata.attempts ?? 1,
  };
}

/**
 * A checksum of a multipart upload may be one over the checksums of its parts (`…-3`), which does not cover the bytes.
 */
function checksumOf(output: GetObjectCommandOutput): GetResponse['checksum'] {
  const all = [
    { algorithm: 'CRC32', base64: output.ChecksumCRC32 },
    { algorithm: 'CRC64NVME', base64: output.ChecksumCRC64NVME },
    { algorithm: 'CRC32C', base64: output.ChecksumCRC32C },
    { algorithm: 'SHA256', base64: output.ChecksumSHA256 },
    { algorithm: 'SHA1', base64: output.ChecksumSHA1 },
  ];
  for (const { algorithm, base64 } of all) if (base64 && !base64.includes('-')) return { algorithm, base64 };
  return null;
}
