import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { bench, ended } from './for-tests.ts';

const at = bench();
const Bucket = 'uploads';
const FIVE = 5 * 1024 * 1024;
beforeAll(() => void at.aws.s3.createBucket(Bucket));

async function begin(Key: string, algorithm?: 'CRC32'): Promise<string> {
  const { UploadId } = await at.s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ...(algorithm ? { ChecksumAlgorithm: algorithm } : {}) }),
  );
  return UploadId!;
}

async function part(Key: string, UploadId: string, PartNumber: number, Body: Uint8Array) {
  const { ETag } = await at.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ETag: ETag! };
}

function complete(
  Key: string,
  UploadId: string,
  Parts: { PartNumber: number; ETag: string }[],
  more: { IfNoneMatch?: string } = {},
) {
  return at.s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
  );
}

describe('a multipart upload', () => {
  it.each([
    ['of the default checksum', undefined, /^[\w+/]+=*$/, 'FULL_OBJECT'],
    ['of a checksum of checksums', 'CRC32' as const, /-2$/, 'COMPOSITE'],
  ])('%s becomes one object', async (what, algorithm, checksum, type) => {
    const UploadId = await begin(what, algorithm);
    const parts = [
      await part(what, UploadId, 1, Buffer.alloc(FIVE, 'a')),
      await part(what, UploadId, 2, Buffer.from('end')),
    ];
    const { Parts } = await at.s3.send(new ListPartsCommand({ Bucket, Key: what, UploadId }));
    expect(Parts?.map(({ Size }) => Size)).toEqual([FIVE, 3]);
    expect(at.aws.s3.find(Bucket, what)).toBeUndefined();
    expect((await complete(what, UploadId, parts)).ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const got = await at.s3.send(new GetObjectCommand({ Bucket, Key: what }));
    expect(await got.Body?.transformToString()).toBe(`${'a'.repeat(FIVE)}end`);
    expect(got.ChecksumCRC32 ?? got.ChecksumCRC64NVME).toMatch(checksum);
    expect(got.ChecksumType).toBe(type);
    const second = await at.s3.send(new GetObjectCommand({ Bucket, Key: what, PartNumber: 2 }));
    expect(await second.Body?.transformToString()).toBe('end');
  });

  it('is conditional at its completion', async () => {
    const UploadId = await begin('taken');
    const only = await part('taken', UploadId, 1, Buffer.from('x'));
    await at.aws.s3.put(Bucket, 'taken', 'first');
    expect(await ended(complete('taken', UploadId, [only], { IfNoneMatch: '*' }))).toBe(
      '412 PreconditionFailed',
    );
    expect((await at.aws.s3.read(Bucket, 'taken')).toString()).toBe('first');
  });

  it('refuses parts that are unknown, out of order or too small, and an upload that is over', async () => {
    const UploadId = await begin('wrong');
    const one = await part('wrong', UploadId, 1, Buffer.from('x'));
    const two = await part('wrong', UploadId, 2, Buffer.from('y'));
    expect(await ended(complete('wrong', UploadId, [{ ...one, ETag: '"x"' }]))).toBe('400 InvalidPart');
    expect(await ended(complete('wrong', UploadId, [two, one]))).toBe('400 InvalidPartOrder');
    expect(await ended(complete('wrong', UploadId, [one, two]))).toBe('400 EntityTooSmall');
    await at.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'wrong', UploadId }));
    expect(await ended(complete('wrong', UploadId, [one]))).toBe('404 NoSuchUpload');
  });
});
