import { request } from 'node:http';
import { Readable } from 'node:stream';
import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { bench, ended } from './for-tests.ts';
import { BODY, QUESTIONS, type Side } from './questions.ts';

const at = await bench();
let side: Side;
const Bucket = 'asked';

beforeAll(async () => {
  const { s3, sns } = at.aws;
  s3.createBucket(Bucket);
  s3.createBucket('versions', { versioning: true });
  s3.createBucket('theirs', { owner: '999999999999' });
  for (const [key, body] of Object.entries({
    fox: BODY,
    empty: '',
    'list/b': 'b',
    'list/a': 'a',
    'list/c': 'c',
  }))
    await s3.put(Bucket, key, body);
  await s3.put(Bucket, 'cold', BODY, { storageClass: 'GLACIER' });
  await s3.put(Bucket, 'unsummed', BODY, { checksum: null });
  const { versionId } = await s3.put('versions', 'k', 'old');
  await s3.put('versions', 'k', 'new');
  const topic = sns.createTopic('asked').arn;
  at.aws.createQueue('asked');
  side = { s3: at.s3, sns: at.sns, sqs: at.sqs, topic, queue: at.aws.queueUrl('asked'), versionId };
});

const get = (input: object) => ended(at.s3.send(new GetObjectCommand({ Bucket, Key: 'fox', ...input })));
const put = (Key: string, Body: string | Readable, input = {}) =>
  at.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...input }));

describe('asked as moto is', () => {
  it.each(QUESTIONS)('$what: $answer', async ({ ask, answer }) => expect(await ask(side)).toBe(answer));
});

describe('an object', () => {
  it.each([
    ['archived', { Key: 'cold' }, '403 InvalidObjectState'],
    ['of the right owner', { ExpectedBucketOwner: '111122223333' }, '200'],
    ['of the wrong owner', { ExpectedBucketOwner: '999999999999' }, '403 AccessDenied'],
    ['of another account', { Bucket: 'theirs', ExpectedBucketOwner: '111122223333' }, '403 AccessDenied'],
    ['of a version that cannot be', { Bucket: 'versions', Key: 'k', VersionId: '!' }, '400 InvalidArgument'],
  ])('that is %s', async (_what, input, ends) => expect(await get(input)).toBe(ends));

  it('has the checksum of the whole, and none for a range or where S3 has none', async () => {
    const sums = ['fox', 'fox', 'unsummed'].map(async (Key, row) => {
      const Range = row === 1 ? { Range: 'bytes=0-3' } : {};
      return (await at.s3.send(new GetObjectCommand({ Bucket, Key, ...Range }))).ChecksumCRC64NVME;
    });
    expect(await Promise.all(sums)).toEqual([expect.any(String), undefined, undefined]);
  });

  it.each([
    [
      'whoever may not list does not learn whether a key exists',
      { action: 's3:ListBucket' },
      { Key: 'wolf' },
      { Key: 'fox' },
    ],
    [
      'who names a version needs the permission of versions',
      { action: 's3:GetObjectVersion' },
      { Bucket: 'versions', Key: 'k', VersionId: '' },
      { Bucket: 'versions', Key: 'k' },
    ],
  ])('%s', async (_what, denial, refused, taken) => {
    at.aws.rights.deny(denial);
    try {
      const named = 'VersionId' in refused ? { ...refused, VersionId: side.versionId } : refused;
      expect([await get(named), await get(taken)]).toEqual(['403 AccessDenied', '200']);
    } finally {
      at.aws.rights.allowAll();
    }
  });

  it('is reached by a bucket in the host name too, and by nobody without a signature', async () => {
    const headers = {
      host: 'asked.s3.eu-west-1.amazonaws.com',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request',
    };
    const status = await new Promise(resolve => {
      request(`${at.aws.endpoint}/fox`, { headers }, response => resolve(response.resume().statusCode)).end();
    });
    expect([status, (await fetch(`${at.aws.endpoint}/asked/fox`)).status]).toEqual([200, 403]);
  });

  it.each([['text'], [''], ['x'.repeat(500_000)]])('keeps what is put and what comes with it', async text => {
    const kept = {
      ContentEncoding: 'gzip',
      ContentType: 'application/x-ndjson',
      Metadata: { source: 'test' },
    };
    const Key = `päth/a b+c&d=${text.length}`;
    for (const body of [text, Readable.from([text])]) {
      await put(Key, body, { ...kept, ContentLength: text.length });
      const got = await at.s3.send(new GetObjectCommand({ Bucket, Key }));
      expect([await got.Body?.transformToString(), got]).toEqual([text, expect.objectContaining(kept)]);
    }
  });

  it.each([
    ['if not one tag', { IfNoneMatch: '"x"' }, '501 NotImplemented'],
    ['under a key that is too long', { Key: 'k'.repeat(1025) }, '400 KeyTooLongError'],
    ['with too much metadata', { Metadata: { a: 'x'.repeat(2048) } }, '400 MetadataTooLarge'],
    ['with a wrong checksum', { ChecksumCRC32: 'AAAAAA==' }, '400 BadDigest'],
    ['with a wrong digest', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }, '400 BadDigest'],
  ])('is not put %s', async (_what, input, ends) => expect(await ended(put('p', 'x', input))).toBe(ends));

  it('is not put where its key changed meanwhile', async () => {
    const slow = Readable.from(
      (async function* () {
        yield 'first';
        while (at.aws.calls.all.at(-1)?.key !== 'contested')
          await new Promise(resolve => setImmediate(resolve));
        await at.aws.s3.put(Bucket, 'contested', 'other');
        yield 'second';
      })(),
    );
    const sending = put('contested', slow, { ContentLength: 11, IfNoneMatch: '*' });
    expect(await ended(sending)).toBe('409 ConditionalRequestConflict');
  });

  it('is deleted among several, and hidden by a marker where versions are kept', async () => {
    for (const name of [Bucket, 'versions']) {
      await at.aws.s3.put(name, 'gone', 'x');
      const Delete = { Objects: [{ Key: 'gone' }] };
      await at.s3.send(new DeleteObjectsCommand({ Bucket: name, Delete }));
      expect(at.aws.s3.find(name, 'gone')).toBeUndefined();
      expect(await get({ Bucket: name, Key: 'gone' })).toBe('404 NoSuchKey');
    }
  });
});
