import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { virtualClock } from './clock.ts';
import { bench, ended } from './for-tests.ts';
import type { Queue } from './index.ts';

const clock = virtualClock(Date.UTC(2026, 0, 1));
const at = bench({ clock });
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
const receive = async (more = {}) =>
  (await at.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...more })))
    .Messages ?? [];
const show = (ReceiptHandle: string, VisibilityTimeout: number) =>
  ended(at.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })));

describe('a message', () => {
  it('is hidden while it is worked on and comes back with a higher count', async () => {
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
    const sent = await send('hello', { MessageAttributes });
    const [first] = await receive({ MessageAttributeNames: ['All'] });
    expect(first).toMatchObject({ MessageId: sent.MessageId, Body: 'hello', MessageAttributes });
    expect(first?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(first?.Attributes?.['ApproximateReceiveCount']).toBe('1');
    expect(await receive()).toEqual([]);
    clock.advance(60_000);
    const [again] = await receive();
    expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    expect(again?.Attributes?.['ApproximateFirstReceiveTimestamp']).toBe(String(clock.now() - 60_000));
  });

  it('that came back is deleted by its newest handle only', async () => {
    await send('x');
    const [first] = await receive();
    clock.advance(60_000);
    const [second] = await receive();
    const remove = (ReceiptHandle: string) =>
      ended(at.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
    expect(await remove(first!.ReceiptHandle!)).toBe('200');
    expect(queue.messages).toHaveLength(1);
    expect(await remove(second!.ReceiptHandle!)).toBe('200');
    expect(queue.messages).toHaveLength(0);
    expect(await remove('nonsense')).toBe('404 ReceiptHandleIsInvalid');
  });

  it('is buried after its last receipt, and moved back', async () => {
    const { MessageId } = await send('x');
    for (let times = 0; times < 2; times++) {
      expect(await receive()).toHaveLength(1);
      clock.advance(60_000);
    }
    expect(await receive()).toEqual([]);
    expect(dead.messages).toMatchObject([{ id: MessageId, deadLetterSource: queue.arn }]);
    await at.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
    expect(dead.messages).toEqual([]);
    expect((await receive())[0]).toMatchObject({ MessageId, Attributes: { ApproximateReceiveCount: '1' } });
  });

  it('is shown sooner or later by ChangeMessageVisibility', async () => {
    await send('x');
    const [{ ReceiptHandle } = {}] = await receive();
    expect(await show(ReceiptHandle!, 5)).toBe('200');
    clock.advance(4999);
    expect(await receive()).toEqual([]);
    clock.advance(1);
    expect(await receive()).toHaveLength(1);
    expect(await show(ReceiptHandle!, 5)).toBe('400 MessageNotInflight');
    expect(await show(ReceiptHandle!, 43_201)).toMatch(/^400 InvalidParameterValue/);
  });

  it('is delayed, and forgotten after its retention', async () => {
    await send('later', { DelaySeconds: 10 });
    expect(await receive()).toEqual([]);
    expect(queue.counts).toEqual({ visible: 0, hidden: 0, delayed: 1 });
    clock.advance(10_000);
    expect(await receive()).toHaveLength(1);
    clock.advance(4 * 24 * 3_600_000);
    expect(queue.messages).toEqual([]);
  });

  it.each([
    ['that is empty', '', '400 MissingParameter'],
    ['with a control character', 'a\u0001', '400 InvalidMessageContents'],
    ['of 1 MiB', 'x'.repeat(1_048_576), '200'],
    ['of 1 MiB and a byte', 'x'.repeat(1_048_577), '400 InvalidParameterValue'],
  ])('%s ends with %s', async (_what, body, ends) => {
    expect(await ended(send(body))).toBe(ends);
  });
});

describe('a queue', () => {
  it('is long-polled: who waits gets the message when it comes', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise(resolve => setTimeout(resolve, 30));
    queue.send('late');
    expect(await waiting).toHaveLength(1);
  });

  it('takes and deletes batches', async () => {
    const Entries = [
      { Id: 'a', MessageBody: 'x' },
      { Id: 'b', MessageBody: '' },
    ];
    const { Successful, Failed } = await at.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id }) => Id)]).toEqual([['a'], ['b']]);
    const [{ ReceiptHandle } = {}] = await receive({ MaxNumberOfMessages: 10 });
    const removed = await at.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '1', ReceiptHandle },
          { Id: '2', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(removed.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await ended(at.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })))).toBe(
      '400 EmptyBatchRequest',
    );
  });

  it('is found by name, shows and changes its attributes, is purged', async () => {
    expect((await at.sqs.send(new GetQueueUrlCommand({ QueueName: queue.name }))).QueueUrl).toBe(QueueUrl);
    expect(await ended(at.sqs.send(new GetQueueUrlCommand({ QueueName: 'absent' })))).toBe(
      '400 QueueDoesNotExist',
    );
    const { QueueUrls } = await at.sqs.send(new ListQueuesCommand({ QueueNamePrefix: `queue-${queues}` }));
    expect(QueueUrls).toEqual([QueueUrl]);
    await at.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }));
    await send('x');
    const { Attributes } = await at.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: queue.arn,
      VisibilityTimeout: '7',
      ApproximateNumberOfMessages: '1',
      RedrivePolicy: expect.stringContaining(dead.arn),
    });
    await at.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(queue.messages).toEqual([]);
    const again = { QueueName: queue.name, Attributes: { VisibilityTimeout: '8' } };
    expect(await ended(at.sqs.send(new CreateQueueCommand(again)))).toMatch(/^400 QueueNameExists/);
  });
});
