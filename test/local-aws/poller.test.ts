import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import { LocalAws, type Queue } from './index.ts';
import { failuresOf } from './poller.ts';

const directory = temporaryFolder();

let aws: LocalAws;
let clock: VirtualClock;
let queue: Queue;
let dead: Queue;

beforeEach(() => {
  clock = virtualClock(0);
  aws = new LocalAws({ directory, clock });
  dead = aws.createQueue('dead');
  queue = aws.createQueue('queue', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
  });
});

type Event = { readonly Records: readonly { readonly messageId: string; readonly body: string }[] };

describe('the answer of a function', () => {
  const ids = ['a', 'b'];
  it.each([
    ['nothing', undefined, []],
    ['null', null, []],
    ['an empty object', {}, []],
    ['no list', { batchItemFailures: null }, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['one item', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, ids],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, ids],
    ['another key', { batchItemFailures: [{ messageId: 'a' }] }, ids],
    ['an unknown identifier', { batchItemFailures: [{ itemIdentifier: 'c' }] }, ids],
    [
      'one known and one unknown',
      { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'c' }] },
      ids,
    ],
    ['a word', 'done', ids],
    ['a list', [], ids],
    ['items that are no list', { batchItemFailures: 'a' }, ids],
  ])('that is %s fails %j', (_what, answer, failed) => {
    expect(failuresOf(answer, ids).failed).toEqual(failed);
  });
});

describe('the poller', () => {
  it('deletes what is done and redelivers what is not, until it is dead', async () => {
    for (const body of ['good', 'bad', 'good too']) queue.send(body);
    const seen: string[] = [];
    const poller = aws.poller({
      queue,
      batchSize: 10,
      invoke: async event => {
        const { Records } = event as Event;
        seen.push(...Records.map(({ body }) => body));
        const bad = Records.filter(({ body }) => body === 'bad');
        return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
    });
    await poller.drain(clock);
    expect(seen).toEqual(['good', 'bad', 'good too', 'bad', 'bad']);
    expect(dead.messages.map(({ body }) => body)).toEqual(['bad']);
    expect(clock.now()).toBe(90_000);
  });

  it('keeps the whole batch where the function throws', async () => {
    queue.send('x');
    queue.send('y');
    const poller = aws.poller({ queue, batchSize: 2, invoke: () => Promise.reject(new Error('on purpose')) });
    await poller.step();
    expect(poller.batches).toMatchObject([
      { problem: 'on purpose', failed: expect.objectContaining({ length: 2 }) },
    ]);
    expect(queue.counts.hidden).toBe(2);
  });

  it('ignores the answer where no failures are reported', async () => {
    queue.send('x');
    const poller = aws.poller({ queue, reportsBatchItemFailures: false, invoke: async () => 'whatever' });
    await poller.drain(clock);
    expect(poller.batches).toHaveLength(1);
  });

  it('does not delete a message that was shown and taken by another meanwhile', async () => {
    queue.send('x');
    const poller = aws.poller({
      queue,
      invoke: async () => {
        clock.advance(30_000);
        expect(queue.receive(1)).toHaveLength(1);
      },
    });
    await poller.step();
    expect(queue.messages).toHaveLength(1);
  });

  it('gives the event its documented shape', async () => {
    queue.send('x', { kind: { DataType: 'String', StringValue: 'y' } });
    const seen: unknown[] = [];
    await aws.poller({ queue, invoke: async event => void seen.push(event) }).step();
    expect(seen[0]).toEqual({
      Records: [
        {
          messageId: expect.any(String),
          receiptHandle: expect.any(String),
          body: 'x',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: '0',
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: '0',
          },
          messageAttributes: {
            kind: { stringValue: 'y', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: '9dd4e461268c8034f5c8564e155c67a6',
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'eu-west-1',
        },
      ],
    });
  });
});

describe('the poller in the background', () => {
  it('works on several batches at once and stops', async () => {
    const real = new LocalAws({ directory });
    const busy = real.createQueue('busy');
    let running = 0;
    let most = 0;
    const poller = real
      .poller({
        queue: busy,
        concurrency: 3,
        invoke: async () => {
          most = Math.max(most, ++running);
          await new Promise(resolve => setTimeout(resolve, 10));
          running--;
        },
      })
      .start();
    for (let number = 0; number < 12; number++) busy.send(String(number));
    await poller.drained();
    await real.stop();
    expect(most).toBe(3);
    expect(poller.batches).toHaveLength(12);
  });
});
