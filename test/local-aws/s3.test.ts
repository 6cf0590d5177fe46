import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { bench, ended } from './for-tests.ts';
import { repeatedBody } from './s3/body.ts';

const at = bench();
const BODY = 'The quick brown fox';
let versionId = '';

beforeAll(async () => {
  const { s3 } = at.aws;
  s3.createBucket('plain');
  s3.createBucket('versioned', { versioning: true });
  s3.createBucket('theirs', { owner: '999999999999' });
  await s3.put('plain', 'fox', BODY);
  await s3.put('plain', 'empty', '');
  await s3.put('plain', 'cold', BODY, { storageClass: 'GLACIER' });
  await s3.put('plain', 'old', BODY, { checksum: null });
  versionId = (await s3.put('versioned', 'fox', BODY)).versionId;
  await s3.put('versioned', 'fox', 'another');
  await s3.put('versioned', 'gone', BODY);
  s3.remove('versioned', 'gone');
});

describe('GetObject', () => {
  const md5 = '52dd0b3f65d3b70c5c1c2b6a0b9d4d1f';
  type Row = readonly [what: string, input: Partial<GetObjectCommandInput>, ends: string, body?: string];
  const rows: readonly Row[] = [
    ['whole', {}, '200', BODY],
    ['a range', { Range: 'bytes=4-8' }, '206', 'quick'],
    ['from a byte on', { Range: 'bytes=10-' }, '206', 'brown fox'],
    ['the last bytes', { Range: 'bytes=-3' }, '206', 'fox'],
    ['more last bytes than there are', { Range: 'bytes=-100' }, '206', BODY],
    ['a range beyond the end', { Range: 'bytes=4-100' }, '206', BODY.slice(4)],
    ['a range that begins at the end', { Range: `bytes=${BODY.length}-` }, '416 InvalidRange'],
    ['several ranges, which are not answered', { Range: 'bytes=0-1,4-5' }, '200', BODY],
    ['a range of nothing', { Key: 'empty', Range: 'bytes=0-' }, '416 InvalidRange'],
    ['an empty object', { Key: 'empty' }, '200', ''],
    ['another tag wanted', { IfMatch: `"${md5}"` }, '412 PreconditionFailed'],
    ['any tag wanted', { IfMatch: '*' }, '200', BODY],
    ['another tag not wanted', { IfNoneMatch: `"${md5}"` }, '200', BODY],
    ['any tag not wanted', { IfNoneMatch: '*' }, '304 Unknown'],
    ['not changed since long ago', { IfUnmodifiedSince: new Date(0) }, '412 PreconditionFailed'],
    ['changed since long ago', { IfModifiedSince: new Date(0) }, '200', BODY],
    ['no such key', { Key: 'wolf' }, '404 NoSuchKey'],
    ['no such bucket', { Bucket: 'nowhere' }, '404 NoSuchBucket'],
    ['archived', { Key: 'cold' }, '403 InvalidObjectState'],
    ['the newest version', { Bucket: 'versioned' }, '200', 'another'],
    ['a version that never was', { Bucket: 'versioned', VersionId: 'x'.repeat(32) }, '404 NoSuchVersion'],
    ['a version that cannot be', { Bucket: 'versioned', VersionId: '!' }, '400 InvalidArgument'],
    ['a deleted key', { Bucket: 'versioned', Key: 'gone' }, '404 NoSuchKey'],
    ['the wrong owner', { ExpectedBucketOwner: '999999999999' }, '403 AccessDenied'],
    ['the right owner', { ExpectedBucketOwner: '111122223333' }, '200', BODY],
    [
      "another account's bucket",
      { Bucket: 'theirs', ExpectedBucketOwner: '111122223333' },
      '403 AccessDenied',
    ],
  ];
  for (const [what, input, ends, body] of rows) {
    it(what, async () => {
      const sending = at.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'fox', ...input }));
      expect(await ended(sending)).toBe(ends);
      if (body !== undefined) expect(await (await sending).Body?.transformToString()).toBe(body);
    });
  }

  it('gives an older version by its id', async () => {
    const { Body } = await at.s3.send(
      new GetObjectCommand({ Bucket: 'versioned', Key: 'fox', VersionId: versionId }),
    );
    expect(await Body?.transformToString()).toBe(BODY);
  });

  it('holds a tag against the object with and without quotes', async () => {
    const { ETag } = await at.s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'fox' }));
    for (const IfMatch of [ETag!, ETag!.replaceAll('"', '')]) {
      expect(await ended(at.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'fox', IfMatch })))).toBe(
        '200',
      );
    }
  });

  it('gives the checksum of the whole object, and none for a range or an old object', async () => {
    const get = (Key: string, Range?: string) =>
      at.s3.send(new GetObjectCommand({ Bucket: 'plain', Key, ...(Range ? { Range } : {}) }));
    expect(await get('fox')).toMatchObject({
      ChecksumCRC64NVME: expect.any(String),
      ChecksumType: 'FULL_OBJECT',
    });
    expect((await get('fox', 'bytes=0-3')).ChecksumCRC64NVME).toBeUndefined();
    expect((await get('old')).ChecksumCRC64NVME).toBeUndefined();
  });

  it('hides whether a key exists from who may not list', async () => {
    at.aws.rights.deny({ action: 's3:ListBucket', resource: 'arn:aws:s3:::plain' });
    try {
      const get = (Key: string) => ended(at.s3.send(new GetObjectCommand({ Bucket: 'plain', Key })));
      expect(await get('wolf')).toBe('403 AccessDenied');
      expect(await get('fox')).toBe('200');
    } finally {
      at.aws.rights.allowAll();
    }
  });

  it('asks for the permission of versions only where a version is named', async () => {
    at.aws.rights.deny({ action: 's3:GetObjectVersion' });
    try {
      const get = (VersionId?: string) =>
        ended(
          at.s3.send(
            new GetObjectCommand({ Bucket: 'versioned', Key: 'fox', ...(VersionId ? { VersionId } : {}) }),
          ),
        );
      expect(await get(versionId)).toBe('403 AccessDenied');
      expect(await get()).toBe('200');
    } finally {
      at.aws.rights.allowAll();
    }
  });

  it('streams an object larger than memory', async () => {
    const size = 300 * 1024 * 1024;
    await at.aws.s3.put('plain', 'large', repeatedBody(Buffer.from('0123456789'), size));
    const { Body } = await at.s3.send(
      new GetObjectCommand({ Bucket: 'plain', Key: 'large', Range: `bytes=${size - 12}-` }),
    );
    expect(await Body?.transformToString()).toBe('890123456789');
    const before = process.memoryUsage().rss;
    const whole = await at.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'large' }));
    let read = 0;
    for await (const chunk of whole.Body as Readable) read += chunk.length;
    expect(read).toBe(size);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('is reached by a bucket in the host name too', async () => {
    const headers = {
      host: 'plain.s3.eu-west-1.amazonaws.com',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request',
    };
    const status = await new Promise(resolve => {
      request(`${at.aws.endpoint}/fox`, { headers }, response => resolve(response.resume().statusCode)).end();
    });
    expect(status).toBe(200);
    expect(at.aws.calls.all.at(-1)).toMatchObject({ bucket: 'plain', key: 'fox' });
  });

  it('is refused without a signature', async () => {
    const response = await fetch(`${at.aws.endpoint}/plain/fox`);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('AccessDenied')]);
  });
});

describe('HeadObject', () => {
  it.each([
    ['there', { Key: 'fox' }, '200'],
    ['absent', { Key: 'wolf' }, '404 NotFound'],
    ['archived, which is no obstacle', { Key: 'cold' }, '200'],
    ['another tag', { Key: 'fox', IfMatch: '"x"' }, '412 412'],
  ])('%s', async (_what, input, ends) => {
    expect((await ended(at.s3.send(new HeadObjectCommand({ Bucket: 'plain', ...input })))).slice(0, 3)).toBe(
      ends.slice(0, 3),
    );
  });
});

describe('PutObject', () => {
  it.each([
    ['bytes', 'plain text'],
    ['nothing', ''],
    ['half a megabyte', 'x'.repeat(500_000)],
  ])('keeps %s and what comes with them', async (_what, text) => {
    const key = `päth/a b+c&d=${text.length}`;
    for (const Body of [text, Readable.from([text])]) {
      await at.s3.send(
        new PutObjectCommand({
          Bucket: 'plain',
          Key: key,
          Body,
          ContentLength: Buffer.byteLength(text),
          ContentEncoding: 'gzip',
          ContentType: 'application/x-ndjson',
          Metadata: { source: 'test' },
        }),
      );
      const got = await at.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: key }));
      expect(await got.Body?.transformToString()).toBe(text);
      expect(got).toMatchObject({
        ContentEncoding: 'gzip',
        ContentType: 'application/x-ndjson',
        Metadata: { source: 'test' },
      });
      expect((await at.aws.s3.read('plain', key)).toString()).toBe(text);
    }
  });

  type Row = readonly [what: string, input: Partial<PutObjectCommandInput>, ends: string];
  const rows: readonly Row[] = [
    ['if absent, and it is', { Key: 'new-1', IfNoneMatch: '*' }, '200'],
    ['if absent, and it is not', { Key: 'fox', IfNoneMatch: '*' }, '412 PreconditionFailed'],
    ['if absent, and only a delete marker is', { Bucket: 'versioned', Key: 'gone', IfNoneMatch: '*' }, '200'],
    ['if another tag', { Key: 'fox', IfMatch: '"x"' }, '412 PreconditionFailed'],
    ['if a tag of nothing', { Key: 'wolf', IfMatch: '"x"' }, '404 NoSuchKey'],
    ['if not one tag', { Key: 'fox', IfNoneMatch: '"x"' }, '501 NotImplemented'],
    ['a key that is too long', { Key: 'k'.repeat(1025) }, '400 KeyTooLongError'],
    ['metadata that is too large', { Key: 'm', Metadata: { a: 'x'.repeat(2048) } }, '400 MetadataTooLarge'],
    ['a wrong checksum', { Key: 'c', ChecksumCRC32: 'AAAAAA==' }, '400 BadDigest'],
    ['a wrong digest', { Key: 'c', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }, '400 BadDigest'],
  ];
  it.each(rows)('%s', async (_what, input, ends) => {
    const command = new PutObjectCommand({ Bucket: 'plain', Key: 'put', Body: 'new', ...input });
    expect(await ended(at.s3.send(command))).toBe(ends);
  });

  it('lets one of many conditional writers win', async () => {
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        ended(
          at.s3.send(
            new PutObjectCommand({ Bucket: 'plain', Key: 'race', Body: String(number), IfNoneMatch: '*' }),
          ),
        ),
      ),
    );
    expect(ends.filter(one => one === '200')).toHaveLength(1);
    expect(
      ends.filter(one => /^(409 ConditionalRequestConflict|412 PreconditionFailed)$/.test(one)),
    ).toHaveLength(19);
  });

  it('answers 409 to a conditional write during which the key changed', async () => {
    const slow = Readable.from(
      (async function* () {
        yield 'first';
        await new Promise(resolve => setTimeout(resolve, 50));
        await at.aws.s3.put('plain', 'contested', 'other');
        yield 'second';
      })(),
    );
    const command = new PutObjectCommand({
      Bucket: 'plain',
      Key: 'contested',
      Body: slow,
      ContentLength: 11,
      IfNoneMatch: '*',
    });
    expect(await ended(at.s3.send(command))).toBe('409 ConditionalRequestConflict');
  });
});

describe('buckets, lists and deletion', () => {
  it('pages through keys in the order of their bytes', async () => {
    at.aws.s3.createBucket('many');
    const keys = ['a', 'b/1', 'b/2', 'c/1', '\uffff', '\u{10000}', 'Z'];
    for (const key of keys) await at.aws.s3.put('many', key, key);
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await at.s3.send(
        new ListObjectsV2Command({
          Bucket: 'many',
          MaxKeys: 2,
          ...(ContinuationToken ? { ContinuationToken } : {}),
        }),
      );
      expect(page.Contents?.length ?? 0).toBeLessThanOrEqual(2);
      found.push(...(page.Contents ?? []).map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(found).toEqual(['Z', 'a', 'b/1', 'b/2', 'c/1', '\uffff', '\u{10000}']);
  });

  it.each([
    ['a prefix', { Prefix: 'b/' }, ['b/1', 'b/2'], []],
    ['a beginning', { StartAfter: 'b/1' }, ['b/2', 'c/1', '\uffff', '\u{10000}'], []],
    ['a delimiter', { Delimiter: '/' }, ['Z', 'a', '\uffff', '\u{10000}'], ['b/', 'c/']],
  ])('lists by %s', async (_what, input, keys, prefixes) => {
    const page = await at.s3.send(new ListObjectsV2Command({ Bucket: 'many', ...input }));
    expect((page.Contents ?? []).map(({ Key }) => Key)).toEqual(keys);
    expect((page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)).toEqual(prefixes);
  });

  it('makes, shows and deletes buckets', async () => {
    const Bucket = 'short-lived';
    expect(await ended(at.s3.send(new HeadBucketCommand({ Bucket })))).toBe('404 NotFound');
    expect(await ended(at.s3.send(new CreateBucketCommand({ Bucket })))).toBe('200');
    expect(await ended(at.s3.send(new CreateBucketCommand({ Bucket })))).toBe('409 BucketAlreadyOwnedByYou');
    const { Buckets } = await at.s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
    await at.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await ended(at.s3.send(new DeleteBucketCommand({ Bucket })))).toBe('409 BucketNotEmpty');
    await at.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(await ended(at.s3.send(new DeleteBucketCommand({ Bucket })))).toBe('204');
  });

  it('keeps versions and markers', async () => {
    const Bucket = 'history';
    at.aws.s3.createBucket(Bucket);
    const put = (Body: string) => at.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
    expect((await put('before')).VersionId).toBeUndefined();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await at.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect((await at.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { VersionId } = await put('after');
    const { DeleteMarker } = await at.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(DeleteMarker).toBe(true);
    const { Versions, DeleteMarkers } = await at.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(one => one.VersionId)).toEqual([VersionId, 'null']);
    expect(DeleteMarkers?.map(({ IsLatest }) => IsLatest)).toEqual([true]);
    await at.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: DeleteMarkers![0]!.VersionId! }));
    expect((await at.aws.s3.read(Bucket, 'k')).toString()).toBe('after');
  });

  it('copies, and deletes several at once', async () => {
    await at.s3.send(new CopyObjectCommand({ Bucket: 'many', Key: 'copy', CopySource: 'plain/fox' }));
    expect((await at.aws.s3.read('many', 'copy')).toString()).toBe(BODY);
    const { Deleted } = await at.s3.send(
      new DeleteObjectsCommand({ Bucket: 'many', Delete: { Objects: [{ Key: 'copy' }, { Key: 'a' }] } }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['copy', 'a']);
    expect(at.aws.s3.find('many', 'a')).toBeUndefined();
  });
});
