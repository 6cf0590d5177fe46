import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, it } from 'vitest';
import { bench, ended } from './for-tests.ts';

const at = bench();
let TopicArn = '';
beforeAll(() => {
  TopicArn = at.aws.sns.createTopic('alerts').arn;
});

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const json = (parts: Readonly<Record<string, unknown>> | string) => ({
  MessageStructure: 'json',
  Message: typeof parts === 'string' ? parts : JSON.stringify(parts),
});

describe('Publish', () => {
  type Row = readonly [what: string, input: Partial<PublishCommandInput>, ends: string];
  const refused = '400 InvalidParameterException';
  const badValue = '400 InvalidParameterValueException';
  const rows: readonly Row[] = [
    ['takes text', { Message: 'x' }, '200'],
    ['refuses nothing', { Message: '' }, refused],
    ['takes 262,144 bytes', { Message: 'x'.repeat(262_144) }, '200'],
    ['refuses 262,145 bytes', { Message: 'x'.repeat(262_145) }, refused],
    ['counts bytes, not characters', { Message: 'ü'.repeat(131_073) }, refused],
    [
      'counts names, types and values of attributes',
      { Message: 'x'.repeat(262_144 - 16), MessageAttributes: { kind: text('123456') } },
      '200',
    ],
    [
      'refuses one byte more in an attribute',
      { Message: 'x'.repeat(262_144 - 16), MessageAttributes: { kind: text('1234567') } },
      refused,
    ],
    ['refuses no topic', { TopicArn: undefined }, refused],
    ['refuses half an ARN', { TopicArn: 'arn:aws:sns' }, refused],
    [
      'refuses an unknown topic',
      { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:other' },
      '404 NotFoundException',
    ],
    ['takes a subject of 99', { Subject: 'ü'.repeat(99) }, '200'],
    ['refuses a subject of 100', { Subject: 'x'.repeat(100) }, refused],
    ['refuses an empty subject', { Subject: '' }, refused],
    ['refuses a line break in it', { Subject: 'a\r\nBcc: b' }, refused],
    ['refuses a control character in it', { Subject: 'a\u0007' }, refused],
    ['takes json with default', json({ default: 'x', email: 'y' }), '200'],
    ['refuses json without default', json({ email: 'y' }), refused],
    ['refuses a default that is not text', json({ default: { a: 1 } }), refused],
    ['takes another value that is not text', json({ default: 'x', email: 1 }), '200'],
    ['takes an unknown protocol', json({ default: 'x', pigeon: 'y' }), '200'],
    ['refuses a key twice', json('{"default":"x","email":"a","email":"b"}'), refused],
    ['refuses a key twice by an escape', json('{"default":"x","d\\u0065fault":"b"}'), refused],
    ['takes a key twice further down, as text', json({ default: '{"a":1,"a":2}' }), '200'],
    ['refuses json that is none', json('{'), refused],
    ['refuses json that is no object', json('["default"]'), refused],
    ['refuses an unknown structure', { MessageStructure: 'xml' }, refused],
    ['counts every variant of json', json({ default: 'x', email: 'y'.repeat(262_144) }), refused],
    ['refuses an empty attribute', { MessageAttributes: { kind: text('') } }, badValue],
    [
      'refuses an attribute that is no number',
      { MessageAttributes: { n: { DataType: 'Number', StringValue: 'x' } } },
      badValue,
    ],
    [
      'refuses an unknown type',
      { MessageAttributes: { n: { DataType: 'Text', StringValue: 'x' } } },
      refused,
    ],
    ['refuses a name with a space', { MessageAttributes: { 'a b': text('x') } }, refused],
    [
      'refuses a list that is none',
      { MessageAttributes: { l: { DataType: 'String.Array', StringValue: 'x' } } },
      badValue,
    ],
    [
      'takes bytes',
      { MessageAttributes: { b: { DataType: 'Binary', BinaryValue: Buffer.from('x') } } },
      '200',
    ],
  ];
  it.each(rows)('%s', async (_what, input, ends) => {
    expect(await ended(at.sns.send(new PublishCommand({ TopicArn, Message: 'x', ...input })))).toBe(ends);
  });

  it('may be larger on a topic of queues', async () => {
    const large = at.aws.sns.createTopic('large', { MaximumMessageSize: '1048576' });
    const Message = 'x'.repeat(1_048_576);
    expect(await ended(at.sns.send(new PublishCommand({ TopicArn: large.arn, Message })))).toBe('200');
    const Subscribe = { TopicArn: large.arn, Protocol: 'email', Endpoint: 'a@example.com' };
    expect(await ended(at.sns.send(new SubscribeCommand(Subscribe)))).toBe('400 InvalidParameterException');
  });
});

describe('PublishBatch', () => {
  const batch = (...entries: { Id: string; Message: string; Subject?: string }[]) =>
    at.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));
  const many = (count: number, Message: string) =>
    Array.from({ length: count }, (_, number) => ({ Id: String(number), Message }));

  it('tells for each entry what came of it, with status 200', async () => {
    const { Successful, Failed } = await batch(
      { Id: 'good', Message: 'x' },
      { Id: 'bad', Message: 'x', Subject: 'x'.repeat(100) },
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameter', SenderFault: true }]);
  });

  it.each([
    ['none', [], '400 EmptyBatchRequestException'],
    ['eleven', many(11, 'x'), '400 TooManyEntriesInBatchRequestException'],
    ['ten', many(10, 'x'), '200'],
    ['one id twice', [...many(1, 'x'), ...many(1, 'y')], '400 BatchEntryIdsNotDistinctException'],
    ['an id with a space', [{ Id: 'a b', Message: 'x' }], '400 InvalidBatchEntryIdException'],
    [
      'more bytes than one message may have',
      many(3, 'x'.repeat(100_000)),
      '400 BatchRequestTooLongException',
    ],
  ])('%s', async (_what, entries, ends) => {
    expect(await ended(batch(...entries))).toBe(ends);
  });
});

describe('topics and subscriptions', () => {
  it('are made, confirmed, counted, changed and ended', async () => {
    const { TopicArn } = await at.sns.send(
      new CreateTopicCommand({ Name: 'people', Attributes: { DisplayName: 'Registry' } }),
    );
    const subscribe = (Protocol: string, Endpoint: string, more = {}) =>
      at.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, ...more }));
    expect((await subscribe('email', 'a@example.com')).SubscriptionArn).toBe('pending confirmation');
    const { SubscriptionArn } = await subscribe('email', 'b@example.com', { ReturnSubscriptionArn: true });
    expect((await subscribe('sqs', at.aws.createQueue('q').arn)).SubscriptionArn).toContain(TopicArn);
    const counts = async () => {
      const { Attributes } = await at.sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return [Attributes?.['SubscriptionsConfirmed'], Attributes?.['SubscriptionsPending']];
    };
    expect(await counts()).toEqual(['1', '2']);

    const { token } = at.aws.sns.topic(TopicArn!).subscriptions[1]!;
    expect(await ended(at.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'x' })))).toBe(
      '400 InvalidParameterException',
    );
    await at.sns.send(
      new ConfirmSubscriptionCommand({ TopicArn, Token: token, AuthenticateOnUnsubscribe: 'true' }),
    );
    const { Attributes } = await at.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes).toMatchObject({ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'true' });
    expect(await counts()).toEqual(['2', '1']);

    const { Subscriptions } = await at.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions?.map(one => [one.Protocol, one.SubscriptionArn === 'PendingConfirmation'])).toEqual([
      ['email', true],
      ['email', false],
      ['sqs', false],
    ]);
    await at.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect(await counts()).toEqual(['1', '1']);
    await at.sns.send(new DeleteTopicCommand({ TopicArn }));
    const { Topics } = await at.sns.send(new ListTopicsCommand({}));
    expect(Topics?.map(topic => topic.TopicArn)).not.toContain(TopicArn);
  });

  it.each([
    ['a protocol that is none', { Protocol: 'pigeon', Endpoint: 'x' }],
    ['an address that is none', { Protocol: 'email', Endpoint: 'x' }],
    ['an endpoint of another protocol', { Protocol: 'https', Endpoint: 'http://127.0.0.1' }],
    [
      'a filter of six keys',
      {
        Protocol: 'sqs',
        Endpoint: 'arn:aws:sqs:::q',
        Attributes: { FilterPolicy: '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}' },
      },
    ],
    [
      'a filter that is no JSON',
      { Protocol: 'sqs', Endpoint: 'arn:aws:sqs:::p', Attributes: { FilterPolicy: '{' } },
    ],
  ])('refuse %s', async (_what, input) => {
    expect(await ended(at.sns.send(new SubscribeCommand({ TopicArn, ...input })))).toBe(
      '400 InvalidParameterException',
    );
  });

  it('take a filter policy later', async () => {
    const { arn } = at.aws.sns.subscribe(TopicArn, 'sqs', at.aws.createQueue('filtered').arn);
    const set = (AttributeValue: string) =>
      ended(
        at.sns.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn: arn,
            AttributeName: 'FilterPolicy',
            AttributeValue,
          }),
        ),
      );
    expect(await set('{"kind":["alert"]}')).toBe('200');
    expect(await set('[')).toBe('400 InvalidParameterException');
  });
});
