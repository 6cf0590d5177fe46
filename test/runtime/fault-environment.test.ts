import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { copyFunction } from '../built.ts';
import type { FaultKind } from '../local-aws/faults.ts';
import { CANARY } from './checked-logs.ts';
import { type LocalFunction, startFunction } from './function.ts';
import { attack, keyOf, smallLog, started } from './product.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

const directory = temporaryFolder();
const RULE = 'persistence-via-wmi-stdregprov';
const bundle = join(directory, 'handler.mjs');
const records = 'arn:aws:sns:eu-west-1:111122223333:records';
const others: LocalFunction[] = [];

afterEach(() => product.aws.faults.clear());
afterAll(() => Promise.all(others.map(one => one.stop())));

const BROKEN_LISTENERS = `
process.on('SIGUSR2', () => { throw new Error('${CANARY}'); });
process.on('SIGWINCH', () => { Promise.reject(new Error('${CANARY}')); });`;

const product = await started(
  {
    maxReceiveCount: 5,
    settings: {
      REGISTRY_ALERT_RECORDS_TOPIC_ARN: records,
      // A mistake in a listener that nobody wrote: the process ends as it would in Lambda.
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(BROKEN_LISTENERS)}`,
    },
  },
  directory,
);

const upload = (host: string): Promise<unknown> => product.aws.s3.put('logs', keyOf(host), smallLog(host));
const status = (status: number, code: string): FaultKind => ({ kind: 'status', status, code });

async function startAnother(settings: Record<string, string>, at = bundle): Promise<LocalFunction> {
  const one = await startFunction({ bundle: at, env: { ...product.env, ...settings } });
  others.push(one);
  return one;
}

describe('calls that go wrong, through the bundle', () => {
  it('T09: an object that trickles is left and read again', { timeout: 120_000 }, async () => {
    product.aws.faults.add({
      op: 'GetObject',
      nth: 1,
      where: { bucket: 'logs' },
      kind: 'slow',
      bytesPerSecond: 100,
    });
    await upload('HOST-T09');
    const verdict = await product.settle();
    expect(verdict).toMatchObject({ published: ['HOST-T09'], deadLetters: 0, codes: ['S3TooSlow'] });
    expect(verdict.metrics).toMatchObject({ NotDone: 1 });
  });

  it('T39: a topic that fails keeps no other waiting, and its status is that of all', async () => {
    product.aws.faults.add({
      op: 'Publish',
      nth: 'every',
      where: { topicArn: records },
      ...status(404, 'NotFound'),
    });
    await upload('HOST-T39');
    const verdict = await product.settle();
    // Published once over five receives: each topic has a receipt of its own.
    expect(verdict).toMatchObject({ published: ['HOST-T39'], deadLetters: 1, codes: ['TopicMissing'] });
    expect(verdict.metrics).toMatchObject({ AlertsPublished: 1, ConfigError: 5 });
  });

  it('T46: a question for a receipt that is refused is no answer', async () => {
    const refused = (op: string, key: string, kind: FaultKind) =>
      product.aws.faults.add({ op, nth: 'every', where: { bucket: 'archive', key }, ...kind });
    await upload('HOST-T46');
    // A receipt is asked for where the alert is there already.
    refused('PutObject', 'alerts/*', status(412, 'PreconditionFailed'));
    refused('HeadObject', 'receipts/*', status(403, 'AccessDenied'));
    const verdict = await product.settle();
    expect(product.aws.faults.unfired()).toEqual([]);
    expect(verdict).toMatchObject({ published: [], deadLetters: 1, codes: ['ArchiveDenied'] });
  });

  it('T58: a message that always fails is a dead letter after five receives, and is delivered once it is moved back', async () => {
    product.aws.faults.add({
      op: 'GetObject',
      nth: 'every',
      where: { bucket: 'logs' },
      ...status(403, 'AccessDenied'),
    });
    await upload('HOST-T58');
    expect(await product.settle()).toMatchObject({ published: [], invocations: 5, deadLetters: 1 });
    product.aws.faults.clear();
    product.queue.send(product.dead.messages.at(-1)!.body);
    expect(await product.settle()).toMatchObject({ published: ['HOST-T58'], invocations: 1, deadLetters: 0 });
  });
});

describe('events, through the bundle', () => {
  it('T50: one notification at two environments at once is published, and at most twice', async () => {
    const second = await startAnother({});
    for (let round = 0; round < 5; round++) {
      const host = `HOST-T50-${round}`;
      // Time is stopped: eleven mails in its one second would end the subscription.
      product.clock.advance(2000);
      product.aws.faults.add({ op: 's3:Notify', nth: 1, kind: 'duplicate' });
      await upload(host);
      product.aws.faults.clear();
      const [one, two] = product.queue.receive(2).map(({ body, id }) => eventOf(body, id));
      const before = product.aws.deliveries.length;
      await Promise.all([product.function.call(one), second.call(two)]);
      product.queue.purge();
      const published = product.aws.deliveries.slice(before).filter(({ body }) => body.includes(host));
      const mails = published.filter(({ protocol }) => protocol === 'email').length;
      expect([mails >= 1, mails <= 2], `${mails} mails`).toEqual([true, true]);
    }
  });

  it('T51: notifications in another order', async () => {
    const hosts = ['HOST-T51-a', 'HOST-T51-b', 'HOST-T51-c'];
    for (const host of hosts) await product.aws.s3.put('logs', 'exports/t51', smallLog(host));
    const bodies = product.queue.messages.map(({ body }) => body);
    product.queue.purge();
    for (const body of bodies.reverse()) product.queue.send(body);
    expect(await product.settle()).toMatchObject({
      published: hosts.reverse(),
      invocations: 3,
      deadLetters: 0,
    });
  });

  it('T56: what is in the archive is not read, and the archive is no source', async () => {
    await upload('HOST-T56');
    const [message] = product.queue.messages;
    product.queue.purge();
    product.queue.send(message!.body.replaceAll('logs', 'archive'));
    expect(await product.settle()).toMatchObject({
      published: [],
      invocations: 1,
      deadLetters: 0,
      metrics: { RecursionGuard: 1 },
    });
    const refused = await startAnother({ SOURCE_BUCKETS: 'logs,archive' });
    expect(refused.initError?.errorMessage).toMatch(/ARCHIVE_BUCKET archive is also a source bucket/);
    expect((await refused.invoke({})).error).not.toBeUndefined();
  });
});

describe('an environment, through the bundle', () => {
  it('T48: one that has no time left begins nothing, says so, and leaves the object to the next', async () => {
    await upload('HOST-T48');
    let deadlineMs = 10_000;
    const verdict = await product.settle(1, async event => {
      const { result, error } = await product.function.invoke(event, { deadlineMs });
      deadlineMs = 300_000;
      if (error) throw new Error(error.errorMessage);
      return result;
    });
    expect(verdict).toMatchObject({
      published: ['HOST-T48'],
      invocations: 2,
      deadLetters: 0,
      codes: ['DeadlineGuard'],
      metrics: { DeadlineGuard: 1, NotDone: 1 },
    });
  });

  it('T60: one with a rule that is wrong, or with none, does not start and acknowledges nothing', async () => {
    await upload('HOST-T60');
    for (const spoil of [
      (rules: string) => writeFileSync(join(rules, RULE, 'rule.toml'), '[rule]\nname = 1\n'),
      (rules: string) => rmSync(rules, { recursive: true }),
    ]) {
      const folder = mkdtempSync(join(directory, 'spoilt-'));
      copyFunction(folder);
      spoil(join(folder, 'rules'));
      const spoilt = await startAnother({}, join(folder, 'handler.mjs'));
      expect(spoilt.initError?.errorMessage).toMatch(/rule/);
      const poller = product.aws.poller({ queue: product.queue, invoke: event => spoilt.call(event) });
      expect(await poller.step()).toBe(1);
      expect(poller.batches[0]).toMatchObject({ problem: expect.any(String) });
      product.clock.advance(1_800_000);
    }
    expect(await product.settle()).toMatchObject({ published: ['HOST-T60'], deadLetters: 0 });
  });

  it.each([
    ['an exception in a listener', 'SIGUSR2'],
    ['a rejection that nobody handles', 'SIGWINCH'],
  ] as const)('T61: %s ends the process, and the next one does all of it', async (what, signal) => {
    const { starts } = product.function;
    const fall = () => product.function.kill(signal);
    product.aws.faults.add(
      { op: 'Publish', nth: 1, kind: 'run', before: fall },
      { op: 'Publish', nth: 1, kind: 'failBefore' },
    );
    const host = `HOST-T61-${what.length}`;
    await upload(host);
    expect(await product.settle()).toMatchObject({
      published: [host],
      invocations: 2,
      deadLetters: 0,
      codes: ['Unexpected'],
      metrics: { Unexpected: 1 },
    });
    expect(product.function.starts).toBe(starts + 1);
  });

  it('T62: one that is warm counts and publishes nothing of the event before', async () => {
    const first = Buffer.concat([
      gzipSync(smallLog('HOST-T62-a') + attack('HOST-T62-b')),
      Buffer.from('garbage'),
    ]);
    await product.aws.s3.put('logs', 'exports/t62-first', first);
    const { starts } = product.function;
    expect(await product.settle()).toMatchObject({ quarantined: 1, metrics: { AlertsPublished: 2 } });
    await upload('HOST-T62-c');
    const second = await product.settle();
    expect(product.function.starts).toBe(starts);
    expect(second).toMatchObject({ published: ['HOST-T62-c'], codes: [], quarantined: 0 });
    expect(second.metrics).toMatchObject({ ObjectsScanned: 1, MatchesFound: 1, AlertsPublished: 1 });
    expect(second.metrics).not.toHaveProperty('ObjectQuarantined');
  });
});

function eventOf(body: string, messageId: string): unknown {
  const eventSourceARN = product.queue.arn;
  const attributes = { ApproximateReceiveCount: '1' };
  return {
    Records: [
      {
        messageId,
        receiptHandle: messageId,
        body,
        attributes,
        eventSourceARN,
        eventSource: 'aws:sqs',
        awsRegion: 'eu-west-1',
        messageAttributes: {},
        md5OfBody: '',
      },
    ],
  };
}
