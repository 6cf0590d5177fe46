import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { virtualClock } from './clock.ts';
import { bench, ended } from './for-tests.ts';
import type { Queue } from './index.ts';

const clock = virtualClock(Date.UTC(2026, 0, 1));
const at = await bench({ clock });
let queue: Queue;
let dead: Queue;
let QueueUrl = '';
let queues = 0;

beforeEach(() => {
  dead = at.aws.createQueue(`dead-${++queues}`);
  queue = at.aws.createQueue(`queue-${queues}`, {
    VisibilityTimeout: '60',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
  });
  QueueUrl = at.aws.queueUrl(queue.name);
});

const send = (MessageBody: string, more = {}) =>
  at.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const show = (ReceiptHandle: string, VisibilityTimeout: number) =>
  ended(at.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })));

describe('a message', () => {
  it('is hidden while it is worked on, comes back with a higher count, and is buried after its last receipt', async () => {
    const { MessageId } = await send('hello');
    const first = { id: MessageId, body: 'hello', receiveCount: 1 };
    expect(queue.receive(1).map(message => ({ ...message }))).toMatchObject([first]);
    expect(queue.receive(1)).toEqual([]);
    clock.advance(60_000);
    expect(queue.receive(1)).toMatchObject([{ ...first, receiveCount: 2 }]);
    clock.advance(60_000);
    expect(queue.receive(1)).toEqual([]);
    expect(dead.messages).toMatchObject([{ id: MessageId, deadLetterSource: queue.arn }]);
  });

  it('that came back is found by its newest handle only', async () => {
    await send('x');
    const handles = [0, 1].map(() => {
      const [{ handle } = { handle: '' }] = queue.receive(1);
      clock.advance(60_000);
      return handle;
    });
    expect(handles.map(handle => queue.find(handle)?.body ?? null)).toEqual([null, 'x']);
    expect(queue.find('nonsense')).toBeUndefined();
  });

  it('is shown sooner or later by ChangeMessageVisibility', async () => {
    await send('x');
    const [{ handle } = { handle: '' }] = queue.receive(1);
    expect(await show(handle, 5)).toBe('200');
    clock.advance(4999);
    expect(queue.receive(1)).toEqual([]);
    clock.advance(1);
    expect(queue.receive(1)).toHaveLength(1);
    expect(await show(handle, 5)).toBe('400 MessageNotInflight');
    expect(await show(handle, 43_201)).toMatch(/^400 InvalidParameterValue/);
    expect(await show('nonsense', 5)).toBe('404 ReceiptHandleIsInvalid');
  });

  it('is forgotten after its retention', async () => {
    await send('later');
    expect(queue.receive(1)).toHaveLength(1);
    clock.advance(4 * 24 * 3_600_000 + 1);
    expect(queue.messages).toEqual([]);
  });

  it.each([
    ['that is empty', '', '400 MissingParameter'],
    ['of 1 MiB', 'x'.repeat(1_048_576), '200'],
    ['of 1 MiB and a byte', 'x'.repeat(1_048_577), '400 InvalidParameterValue'],
  ])('%s ends with %s', async (_what, body, ends) => expect(await ended(send(body))).toBe(ends));
});

describe('a queue', () => {
  it('takes no empty batch, shows its attributes, and has to exist', async () => {
    await send('x');
    const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    expect((await at.sqs.send(get)).Attributes).toMatchObject({
      QueueArn: queue.arn,
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '1',
      RedrivePolicy: expect.stringContaining(dead.arn),
    });
    const none = new SendMessageBatchCommand({ QueueUrl, Entries: [] });
    expect(await ended(at.sqs.send(none))).toBe('400 EmptyBatchRequest');
    QueueUrl = at.aws.queueUrl('absent');
    expect(await ended(send('x'))).toBe('400 QueueDoesNotExist');
  });
});
