import { readFileSync } from 'node:fs';
import { PublishCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { virtualClock } from './clock.ts';
import { bench } from './for-tests.ts';
import { chatProblems, NOT_SUPPORTED } from './sns/chat.ts';
import { attributesMatch, documentMatches } from './sns/filter.ts';

const clock = virtualClock(Date.UTC(2026, 0, 2, 3, 4, 5));
const at = await bench({ clock });
let topic = '';
let topics = 0;
beforeEach(() => {
  topic = at.aws.sns.createTopic(`topic-${++topics}`, { DisplayName: 'Wächter' }).arn;
});

const chat = { version: '1.0', source: 'custom', content: { description: '*hello*' } };
const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

function publish(parts: Readonly<Record<string, string>>, more: { Subject?: string; kind?: string } = {}) {
  const { kind, ...rest } = more;
  return at.sns.send(
    new PublishCommand({
      TopicArn: topic,
      Message: JSON.stringify(parts),
      MessageStructure: 'json',
      ...(kind === undefined ? {} : { MessageAttributes: { kind: attribute(kind) } }),
      ...rest,
    }),
  );
}

function last(protocol: string) {
  return at.aws.deliveries.findLast(one => one.topicArn === topic && one.protocol === protocol);
}

describe('a mail', () => {
  it('is a file with its headers and its text', async () => {
    const [Subject, email] = ['Grüße, 警报', '注册表持久化警报：\n主机 WIN-01\n\n'];
    at.aws.sns.subscribe(topic, 'email', 'a@example.com');
    await publish({ default: 'not this', email }, { Subject });
    const { path, outcome } = last('email')!;
    expect(outcome).toBe('delivered');
    const [headers, ...body] = readFileSync(path!, 'utf8').split('\r\n\r\n');
    expect(headers!.split('\r\n')).toEqual(
      expect.arrayContaining([
        'From: "Wächter" <no-reply@sns.amazonaws.com>',
        'To: <a@example.com>',
        `Subject: ${Subject}`,
        'Date: Fri, 02 Jan 2026 03:04:05 +0000',
      ]),
    );
    const text = body.join('\r\n\r\n').replaceAll('\r\n', '\n');
    expect(text.startsWith(email)).toBe(true);
    expect(text).toContain('wish to stop receiving');
  });

  it('waits for the confirmation, which is asked for by mail', async () => {
    const waiting = at.aws.sns.subscribe(topic, 'email', 'b@example.com', { isConfirmed: false });
    await publish({ default: 'x' });
    expect(last('email')?.outcome).toBe('pending');
    clock.advance(48 * 3_600_000 + 1);
    expect(at.aws.sns.topic(topic).subscriptions).not.toContain(waiting);
  });

  it('of more than ten a second switches the subscription off', async () => {
    const subscription = at.aws.sns.subscribe(topic, 'email', 'c@example.com');
    for (let number = 0; number < 10; number++) await publish({ default: 'x' });
    expect([last('email')?.outcome, subscription.state]).toEqual(['delivered', 'confirmed']);
    clock.advance(999);
    await publish({ default: 'x' });
    expect([last('email')?.outcome, subscription.state]).toEqual(['suspended', 'pending']);
    clock.advance(5000);
    await publish({ default: 'x' });
    expect(last('email')?.outcome).toBe('pending');
    expect(at.aws.logs.at(-1)).toContain('is suspended');
  });

  it('of ten in every second goes on', async () => {
    at.aws.sns.subscribe(topic, 'email', 'd@example.com');
    for (let number = 0; number < 30; number++) {
      await publish({ default: 'x' });
      clock.advance(100);
    }
    expect(last('email')?.outcome).toBe('delivered');
  });
});

describe('a chat message', () => {
  it('is shown if it is a custom notification', async () => {
    at.aws.sns.subscribeChat(topic);
    await publish({ default: 'x', https: JSON.stringify(chat) });
    expect(last('https')?.outcome).toBe('delivered');
    expect(JSON.parse(readFileSync(last('https')!.path!, 'utf8'))).toEqual(chat);
  });

  it('is a line in the log of the service if it is not', async () => {
    at.aws.sns.subscribeChat(topic);
    await publish({ default: 'plain text' });
    expect(last('https')).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('not JSON') });
    expect(at.aws.logs.at(-1)).toContain(NOT_SUPPORTED);
  });

  it.each([
    [{ ...chat, version: '1' }, 'version is not "1.0"'],
    [{ ...chat, source: 'custom.me' }, 'source is not "custom"'],
    [{ version: '1.0', source: 'custom' }, 'content is missing'],
    [{ ...chat, content: { title: 'x' } }, 'content description is missing'],
    [{ ...chat, content: { description: 1 } }, 'content description is not a string'],
    [
      { ...chat, content: { description: 'x', textType: 'html' } },
      'content textType is not "client-markdown"',
    ],
    [
      { ...chat, content: { description: 'x'.repeat(8001) } },
      'content description is longer than 8000 characters',
    ],
    [
      { ...chat, content: { description: 'x', title: 'x'.repeat(251) } },
      'content title is longer than 250 characters',
    ],
    [
      { ...chat, content: { description: 'x', nextSteps: Array(11).fill('x') } },
      'content nextSteps has more than 10 items',
    ],
    [{ ...chat, content: { description: 'x', keywords: [1] } }, 'content keywords is not a list of strings'],
    [
      { ...chat, metadata: { additionalContext: { a: 1 } } },
      'metadata additionalContext is not a map of strings',
    ],
    [
      { ...chat, metadata: { enableCustomActions: 'no' } },
      'metadata enableCustomActions is not true or false',
    ],
    [{ ...chat, metadata: { threadID: 'x' } }, 'metadata threadID is not a known field'],
  ])('%j: %s', (message, problem) => {
    expect(chatProblems(JSON.stringify(message))).toEqual([problem]);
  });
});

describe('a queue', () => {
  it('gets the message in an envelope, or raw with its attributes', async () => {
    const framed = at.aws.createQueue(`framed-${topics}`);
    const raw = at.aws.createQueue(`raw-${topics}`);
    at.aws.sns.subscribe(topic, 'sqs', framed.arn);
    at.aws.sns.subscribe(topic, 'sqs', raw.arn, { attributes: { RawMessageDelivery: 'true' } });
    await publish({ default: 'x', sqs: 'for queues' }, { Subject: 's', kind: 'alert' });
    expect(JSON.parse(framed.messages[0]!.body)).toMatchObject({
      Type: 'Notification',
      TopicArn: topic,
      Subject: 's',
      Message: 'for queues',
      MessageAttributes: { kind: { Type: 'String', Value: 'alert' } },
    });
    expect(raw.messages[0]).toMatchObject({ body: 'for queues', attributes: { kind: attribute('alert') } });
  });

  it('gets only what its filter lets through', async () => {
    const queue = at.aws.createQueue(`some-${topics}`);
    at.aws.sns.subscribe(topic, 'sqs', queue.arn, { attributes: { FilterPolicy: '{"kind":["alert"]}' } });
    await publish({ default: 'x' }, { kind: 'alert' });
    await publish({ default: 'x' }, { kind: 'notice' });
    await publish({ default: 'x' });
    expect(queue.messages).toHaveLength(1);
    expect(last('sqs')?.outcome).toBe('filtered');
  });

  it('whose policy does not name the topic refuses', async () => {
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:other' } },
    };
    const queue = at.aws.createQueue(`closed-${topics}`, { Policy: JSON.stringify({ Statement }) });
    at.aws.sns.subscribe(topic, 'sqs', queue.arn);
    await publish({ default: 'x' });
    expect(last('sqs')).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('policy') });
  });
});

describe('a filter policy', () => {
  const attributes = new Map([
    ['kind', { type: 'String', value: 'alert' }],
    ['score', { type: 'Number', value: '73' }],
  ]);
  it.each([
    [{ kind: ['alert', 'notice'] }, true],
    [{ kind: ['Alert'] }, false],
    [{ kind: ['alert'], score: [1] }, false],
    [{ kind: [{ prefix: 'al' }] }, true],
    [{ kind: [{ 'anything-but': ['notice'] }] }, true],
    [{ kind: [{ 'anything-but': { prefix: 'al' } }] }, false],
    [{ absent: [{ 'anything-but': ['x'] }] }, false],
    [{ absent: [{ exists: false }] }, true],
    [{ kind: [{ exists: false }] }, false],
    [{ score: [{ numeric: ['>=', 70, '<', 80] }] }, true],
    [{ score: [{ numeric: ['=', 70] }] }, false],
    [{ score: ['73'] }, false],
  ])('%j: %s', (policy, passes) => {
    expect(attributesMatch(policy, attributes)).toBe(passes);
  });

  it('of a document looks into it', () => {
    const document = { detail: { bucket: { name: 'logs' }, object: { key: 'endpoint/a.gz' } } };
    const pattern = (prefix: string) => ({
      detail: { bucket: { name: ['logs'] }, object: { key: [{ prefix }] } },
    });
    expect(documentMatches(pattern('endpoint/'), document)).toBe(true);
    expect(documentMatches(pattern('other/'), document)).toBe(false);
    expect(documentMatches({ detail: { bucket: ['logs'] } }, document)).toBe(false);
  });
});
