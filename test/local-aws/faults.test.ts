import { request } from 'node:http';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from './faults.ts';
import { bench, ended } from './for-tests.ts';

// What the SDK makes of these, and kills in the middle of a call: test/source/open-object.test.ts, test/runtime.

const at = await bench();
const BODY = Buffer.from(Array.from({ length: 4096 }, (_, number) => number % 251));
beforeAll(async () => {
  at.aws.s3.createBucket('logs');
  await at.aws.s3.put('logs', 'whole', BODY);
});
afterEach(() => at.aws.faults.clear());

type Reading = { status: number; bytes: Buffer; end: string; length: string | undefined };

/**
 * The bytes that arrived, and how the response ended, without the SDK between; `silence` where nothing came for a
 * while after `silentAt` bytes.
 */
function read(key = 'whole', silentAt = Number.POSITIVE_INFINITY): Promise<Reading> {
  return new Promise(resolve => {
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request',
    };
    const bytes = () => Buffer.concat(chunks);
    const chunks: Buffer[] = [];
    const asked = request(`${at.aws.endpoint}/logs/${key}`, { headers, agent: false }, response => {
      const length = response.headers['content-length'];
      const done = (end: string) => {
        asked.destroy();
        resolve({ status: response.statusCode!, bytes: bytes(), end, length });
      };
      const listen = () => {
        if (bytes().length >= silentAt) setTimeout(done, 100, 'silence');
      };
      listen();
      response
        .on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          listen();
        })
        .on('end', () => done('end'))
        .on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    });
    const failed = (error: NodeJS.ErrnoException) =>
      resolve({ status: 0, bytes: bytes(), end: error.code ?? error.message, length: undefined });
    asked.on('error', failed).end();
  });
}

function plan(kind: FaultKind, nth: Fault['nth'] = 1): void {
  at.aws.faults.add({ op: 'GetObject', nth, ...kind });
}

describe('the body of an answer', () => {
  it.each([0, 1, 100, 4095])('is cut at byte %i', async cutAt => {
    plan({ kind: 'truncate', at: cutAt });
    const { bytes, end, length } = await read();
    expect([bytes, end, length]).toEqual([BODY.subarray(0, cutAt), 'ECONNRESET', '4096']);
  });

  it('is shorter with a clean end', async () => {
    plan({ kind: 'truncate', at: 100, clean: true });
    const { bytes, end, length } = await read();
    expect([bytes, end, length]).toEqual([BODY.subarray(0, 100), 'end', '100']);
  });

  it.each([0, 1, 4095])('has a bit flipped at byte %i', async flippedAt => {
    plan({ kind: 'flip', at: flippedAt, bit: 3 });
    const { bytes, end } = await read();
    const expected = Buffer.from(BODY);
    expected[flippedAt]! ^= 8;
    expect([bytes, end]).toEqual([expected, 'end']);
    expect((await read()).bytes).toEqual(BODY);
  });

  it.each([0, 2000])('stops at byte %i', async stalledAt => {
    plan({ kind: 'stall', at: stalledAt });
    const { bytes, end } = await read('whole', stalledAt);
    expect([bytes, end]).toEqual([BODY.subarray(0, stalledAt), 'silence']);
  });

  it('is reset in the middle', async () => {
    plan({ kind: 'reset', at: 2000 });
    const { end, bytes } = await read();
    expect(end).toBe('ECONNRESET');
    expect(bytes.length).toBeLessThanOrEqual(2000);
  });

  it('trickles', async () => {
    await at.aws.s3.put('logs', 'small', BODY.subarray(0, 300));
    plan({ kind: 'slow', bytesPerSecond: 5000 });
    expect((await read('small')).bytes).toEqual(BODY.subarray(0, 300));
    // At one byte a second the rest is five minutes away, however busy the machine is.
    plan({ kind: 'slow', bytesPerSecond: 1 });
    expect((await read('small', 1)).end).toBe('silence');
  });

  it.each([undefined, 2000])('belongs to an object that is replaced (at byte %s)', async replacedAt => {
    await at.aws.s3.put('logs', 'replaced', BODY);
    plan({ kind: 'swapObject', body: 'new', ...(replacedAt === undefined ? {} : { at: replacedAt }) });
    expect((await read('replaced')).bytes.toString('latin1')).toBe(
      replacedAt === undefined ? 'new' : BODY.toString('latin1'),
    );
    expect((await read('replaced')).bytes.toString()).toBe('new');
  });

  it.each([undefined, 2000])('belongs to an object that is deleted (at byte %s)', async deletedAt => {
    await at.aws.s3.put('logs', 'deleted', BODY);
    plan({ kind: 'deleteObject', ...(deletedAt === undefined ? {} : { at: deletedAt }) });
    expect((await read('deleted')).status).toBe(deletedAt === undefined ? 404 : 200);
    expect((await read('deleted')).status).toBe(404);
  });
});

describe('a call', () => {
  const put = (Key: string) =>
    ended(at.s3.send(new PutObjectCommand({ Bucket: 'logs', Key, Body: 'x', IfNoneMatch: '*' })));

  it('fails before it is done, or after', async () => {
    at.aws.faults.add(
      { op: 'PutObject', nth: 1, kind: 'failBefore' },
      { op: 's3:PutObject', nth: 2, kind: 'lostResponse' },
    );
    expect(await put('a')).toMatch(/^no answer/);
    expect(at.aws.s3.find('logs', 'a')).toBeUndefined();
    expect(await put('b')).toMatch(/^no answer/);
    expect(at.aws.s3.find('logs', 'b')).toBeDefined();
    expect(await put('b')).toBe('412 PreconditionFailed');
  });

  it.each([
    ['S3', 'GetObject', 503, 'SlowDown', '503 SlowDown'],
    ['S3', 'GetObject', 403, 'AccessDenied', '403 AccessDenied'],
    ['S3', 'GetObject', 301, 'PermanentRedirect', '301 PermanentRedirect'],
    ['SNS', 'Publish', 400, 'Throttling', '400 Throttling'],
    ['SNS', 'Publish', 429, 'Throttled', '429 ThrottledException'],
    ['SNS', 'Publish', 400, 'KMSDisabled', '400 KMSDisabledException'],
    ['SQS', 'SendMessage', 403, 'AccessDeniedException', '403 AccessDeniedException'],
    ['SQS', 'SendMessage', 500, 'InternalFailure', '500 InternalFailure'],
  ])('of %s, %s, is refused with %i %s', async (service, op, status, code, ends) => {
    at.aws.faults.add({ op, nth: 'every', kind: 'status', status, code });
    const TopicArn = at.aws.sns.createTopic('t').arn;
    at.aws.createQueue('q');
    const sending =
      service === 'S3'
        ? at.s3.send(new GetObjectCommand({ Bucket: 'logs', Key: 'whole' }))
        : service === 'SNS'
          ? at.sns.send(new PublishCommand({ TopicArn, Message: 'x' }))
          : at.sqs.send(new SendMessageCommand({ QueueUrl: at.aws.queueUrl('q'), MessageBody: 'x' }));
    expect(await ended(sending)).toBe(ends);
  });

  it('is counted by what it is about', async () => {
    at.aws.faults.add({
      op: '*',
      nth: 2,
      kind: 'status',
      status: 500,
      code: 'InternalError',
      where: { key: 'only/*' },
    });
    expect([await put('only/1'), await put('other'), await put('only/2'), await put('only/3')]).toEqual([
      '200',
      '200',
      '500 InternalError',
      '200',
    ]);
  });

  it('is recorded with who made it, what it was about and how it ended', async () => {
    await put('recorded/x');
    expect(at.aws.calls.all.at(-1)).toMatchObject({
      service: 's3',
      operation: 'PutObject',
      caller: 'test',
      bucket: 'logs',
      key: 'recorded/x',
      condition: 'if-none-match',
      status: 200,
    });
    expect(at.aws.permissions()).toContainEqual({
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::logs/recorded/*',
      caller: 'test',
    });
  });
});
