import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ended } from './for-tests.ts';

/**
 * One side that is asked: the local AWS or moto. Bucket `asked` has `fox`, `empty`, `list/a`, `list/b` and `list/c`;
 * bucket `versions` has `k` twice, the older as `versionId`.
 */
export type Side = {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly topic: string;
  readonly queue: string;
  readonly versionId: string;
};

export type Question = {
  readonly what: string;
  readonly ask: (side: Side) => Promise<string>;
  readonly answer: string;
  /** What moto 5.2 answers instead, and why. */
  readonly differs?: readonly [moto: string, why: string];
};

export const BODY = 'The quick brown fox';
const Bucket = 'asked';
const MD5 = '"a2004f37730b9445670a738fa0fc9ee5"';
const FIVE = 5 * 1024 * 1024;

const get =
  (input: object) =>
  async ({ s3 }: Side) => {
    const sending = s3.send(new GetObjectCommand({ Bucket, Key: 'fox', ...input }));
    const end = await ended(sending);
    return end.startsWith('20') ? `${end} ${await (await sending).Body?.transformToString()}`.trim() : end;
  };
const old = (side: Side) => get({ Bucket: 'versions', Key: 'k', VersionId: side.versionId })(side);
const head =
  (Key: string) =>
  async ({ s3 }: Side) =>
    ended(s3.send(new HeadObjectCommand({ Bucket, Key })));
const put =
  (input: object) =>
  ({ s3 }: Side) =>
    ended(s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', ...input })));
const publish =
  (input: object) =>
  ({ sns, topic }: Side) =>
    ended(sns.send(new PublishCommand({ TopicArn: topic, Message: 'x', ...input })));
const json = (Message: string) => publish({ MessageStructure: 'json', Message });
const attribute = (DataType: string, StringValue: string, Message = 'x') =>
  publish({ Message, MessageAttributes: { kind: { DataType, StringValue } } });
const send =
  (MessageBody: string) =>
  ({ sqs, queue }: Side) =>
    ended(sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody })));

/** An upload in parts: the order in which they are named, and what is changed of the last tag. */
const upload =
  (
    Key: string,
    parts: readonly (readonly [number, number])[],
    options: { tag?: string; input?: object } = {},
  ) =>
  async ({ s3 }: Side) => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts = [];
    for (const [PartNumber, size] of parts) {
      const Body = Buffer.alloc(size, 'a');
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag: options.tag ?? ETag });
    }
    const MultipartUpload = { Parts };
    const command = { Bucket, Key, UploadId, MultipartUpload, ...options.input };
    const end = await ended(s3.send(new CompleteMultipartUploadCommand(command)));
    if (end !== '200') {
      const aborted = await ended(s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
      return `${end}, then ${aborted}`;
    }
    const { ContentLength, ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return `${ContentLength} ${ETag?.slice(-3)}`;
  };

const refused = '400 InvalidParameterException';
const badValue = ['400 InvalidParameterException', 'the API names the code ParameterValueInvalid'] as const;
const gone = ', then 204';

const rows: readonly (readonly [
  what: string,
  ask: Question['ask'],
  answer: string,
  differs?: Question['differs'],
])[] = [
  ['get', get({}), `200 ${BODY}`],
  ['get a range', get({ Range: 'bytes=4-8' }), '206 quick'],
  ['get from a byte on', get({ Range: 'bytes=10-' }), '206 brown fox'],
  ['get the last bytes', get({ Range: 'bytes=-3' }), '206 fox'],
  ['get a range beyond the end', get({ Range: 'bytes=4-100' }), `206 ${BODY.slice(4)}`],
  ['get a range that begins at the end', get({ Range: `bytes=${BODY.length}-` }), '416 InvalidRange'],
  ['get nothing', get({ Key: 'empty' }), '200'],
  ['get if this tag', get({ IfMatch: MD5 }), `200 ${BODY}`],
  ['get if another tag', get({ IfMatch: '"x"' }), '412 PreconditionFailed'],
  ['get no key', get({ Key: 'wolf' }), '404 NoSuchKey'],
  ['get no bucket', get({ Bucket: 'nowhere' }), '404 NoSuchBucket'],
  ['get the newest version', get({ Bucket: 'versions', Key: 'k' }), '200 new'],
  ['get an old version', old, '200 old'],
  ['get no version', get({ Bucket: 'versions', Key: 'k', VersionId: 'x'.repeat(32) }), '404 NoSuchVersion'],
  ['head', head('fox'), '200'],
  ['head no key', head('wolf'), '404 NotFound'],
  ['put if absent, absent', put({ IfNoneMatch: '*' }), '200'],
  ['put if absent, present', put({ IfNoneMatch: '*' }), '412 PreconditionFailed'],
  ['put if another tag', put({ IfMatch: '"x"' }), '412 PreconditionFailed'],
  ['put if this tag', put({ IfMatch: '"9dd4e461268c8034f5c8564e155c67a6"' }), '200'],
  [
    'put if absent, twenty at once: how many win',
    async side => {
      const ends = await Promise.all(
        Array.from({ length: 20 }, () => put({ Key: 'race', IfNoneMatch: '*' })(side)),
      );
      return String(ends.filter(one => one === '200').length);
    },
    '1',
  ],
  [
    'list in pages',
    async ({ s3 }) => {
      const of = { Bucket, Prefix: 'list/' };
      const page = await s3.send(new ListObjectsV2Command({ ...of, MaxKeys: 2 }));
      const ContinuationToken = page.NextContinuationToken!;
      const next = await s3.send(new ListObjectsV2Command({ ...of, ContinuationToken }));
      return [...page.Contents!, ...next.Contents!].map(({ Key }) => Key).join(' ');
    },
    'list/a list/b list/c',
  ],
  [
    'list the versions',
    async ({ s3, versionId }) => {
      const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'versions' }));
      return Versions!.map(one => `${one.IsLatest} ${one.VersionId === versionId}`).join(', ');
    },
    'true false, false true',
  ],
  [
    'upload in parts',
    upload('parts', [
      [1, FIVE],
      [2, 3],
    ]),
    `${FIVE + 3} -2"`,
  ],
  [
    'upload in parts if absent, present',
    upload('fox', [[1, 1]], { input: { IfNoneMatch: '*' } }),
    `412 PreconditionFailed${gone}`,
  ],
  ['upload a part of another tag', upload('u', [[1, 1]], { tag: '"x"' }), `400 InvalidPart${gone}`],
  [
    'upload parts out of order',
    upload('u', [
      [2, FIVE],
      [1, 1],
    ]),
    `400 InvalidPartOrder${gone}`,
    [`${FIVE + 1} -2"`, 'moto sorts the parts'],
  ],
  [
    'upload a part that is too small',
    upload('u', [
      [1, 1],
      [2, 1],
    ]),
    `400 EntityTooSmall${gone}`,
  ],
  ['publish', publish({}), '200'],
  ['publish nothing', publish({ Message: '' }), refused, ['200', 'moto takes an empty message']],
  ['publish 262,144 bytes', publish({ Message: 'x'.repeat(262_144) }), '200'],
  ['publish 262,145 bytes', publish({ Message: 'x'.repeat(262_145) }), refused],
  ['publish as many with an attribute', attribute('String', '123456', 'x'.repeat(262_128)), '200'],
  [
    'publish one more in an attribute',
    attribute('String', '1234567', 'x'.repeat(262_128)),
    refused,
    ['200', 'moto does not count attributes'],
  ],
  [
    'publish to nobody',
    publish({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:absent' }),
    '404 NotFoundException',
  ],
  ['publish a subject of 99', publish({ Subject: 'x'.repeat(99) }), '200'],
  ['publish a subject of 101', publish({ Subject: 'x'.repeat(101) }), refused],
  [
    'publish a subject of two lines',
    publish({ Subject: 'a\nBcc: b' }),
    refused,
    ['200', 'moto lets line breaks through'],
  ],
  ['publish json', json('{"default":"x","email":"y"}'), '200'],
  ['publish json without default', json('{"email":"y"}'), refused],
  ['publish json that is none', json('{'), refused],
  [
    'publish json with a key twice by an escape',
    json('{"default":"x","d\\u0065fault":"y"}'),
    refused,
    ['200', 'moto keeps the last of two keys'],
  ],
  ['publish json with a key twice further down', json('{"default":"{\\"a\\":1,\\"a\\":2}"}'), '200'],
  ['publish an empty attribute', attribute('String', ''), '400 InvalidParameterValueException', badValue],
  ['publish a number that is none', attribute('Number', 'x'), '400 InvalidParameterValueException', badValue],
  ['publish an unknown type', attribute('Text', 'x'), refused],
  ['send', send('x'), '200'],
  [
    'send a control character',
    send('\u0001'),
    '400 InvalidMessageContents',
    ['200', 'moto lets control characters through'],
  ],
  [
    'send two, of which one is empty',
    async ({ sqs, queue }) => {
      const Entries = ['x', ''].map((MessageBody, at) => ({ Id: `${at}`, MessageBody }));
      const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
      return (Failed ?? []).map(({ Id, Code }) => `${Id} ${Code}`).join();
    },
    '1 MissingParameter',
    ['', 'moto refuses the whole batch or takes it'],
  ],
];

/** What the product asks of S3, SNS and SQS, with the documented answers. */
export const QUESTIONS: readonly Question[] = rows.map(([what, ask, answer, differs]) => ({
  what,
  ask,
  answer,
  ...(differs ? { differs } : {}),
}));
