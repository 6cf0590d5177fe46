import { readFileSync } from 'node:fs';
import { PublishCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { virtualClock } from './clock.ts';
import { bench } from './for-tests.ts';
import { chatProblems, NOT_SUPPORTED } from './sns/chat.ts';
import { attributesMatch, documentMatches } from './sns/filter.ts';

const clock = virtualClock(Date.UTC(2026, 0, 2, 3, 4, 5));
const at = bench({ clock });
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

/** The text of a mail file, decoded as a mail program does. */
function textOf(eml: string): string {
  const end = eml.indexOf('\r\n\r\n');
  const body = eml.slice(end + 4);
  if (/^Content-Transfer-Encoding: base64$/m.test(eml.slice(0, end).replaceAll('\r', ''))) {
    return Buffer.from(body, 'base64').toString();
  }
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll('\r\n', '\n')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

describe('a mail', () => {
  it.each([
    ['mostly ASCII', `key = HKLM\\Rün\n\ntrailing space \n${'x'.repeat(200)}\ttab\n.dot\n`],
    ['Chinese', '注册表持久化警报：\n主机 WIN-01\n'],
    ['empty at its end', 'a\n\n\n'],
  ])('in %s comes out as it went in', async (_what, email) => {
    at.aws.sns.subscribe(topic, 'email', 'a@example.com');
    await publish(
      { default: 'not this', email },
      { Subject: 'Grüße, 警报: ünüsüal and long enough to be folded into two words' },
    );
    const { path, outcome } = last('email')!;
    const eml = readFileSync(path!, 'latin1');
    expect(outcome).toBe('delivered');
    expect(textOf(eml).startsWith(email)).toBe(true);
    expect(textOf(eml)).toContain('wish to stop receiving');
    const lines = eml.split('\r\n');
    expect(lines.filter(line => line.length > 78 || /[^\x20-\x7e\t]/.test(line))).toEqual([]);
    expect(lines.slice(0, lines.indexOf(''))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^From: =\?UTF-8\?B\?/),
        'To: <a@example.com>',
        expect.stringMatching(/^Subject: =\?UTF-8\?B\?/),
        'Date: Fri, 02 Jan 2026 03:04:05 +0000',
        'MIME-Version: 1.0',
      ]),
    );
    const subject = /^Subject: (.*(?:\r\n .*)*)/m.exec(eml)![1]!;
    const words = [...subject.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)].map(word =>
      Buffer.from(word[1]!, 'base64'),
    );
    expect(Buffer.concat(words).toString()).toBe(
      'Grüße, 警报: ünüsüal and long enough to be folded into two words',
    );
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
    ['tags', { type: 'String.Array', value: '["a","b",null]' }],
  ]);
  it.each([
    [{ kind: ['alert', 'notice'] }, true],
    [{ kind: ['Alert'] }, false],
    [{ kind: [{ 'equals-ignore-case': 'ALERT' }] }, true],
    [{ kind: ['alert'], score: [1] }, false],
    [{ kind: [{ prefix: 'al' }] }, true],
    [{ kind: [{ suffix: 'al' }] }, false],
    [{ kind: [{ wildcard: 'a*r*' }] }, true],
    [{ kind: [{ 'anything-but': ['notice'] }] }, true],
    [{ kind: [{ 'anything-but': { prefix: 'al' } }] }, false],
    [{ absent: [{ 'anything-but': ['x'] }] }, false],
    [{ absent: [{ exists: false }] }, true],
    [{ kind: [{ exists: false }] }, false],
    [{ score: [{ numeric: ['>=', 70, '<', 80] }] }, true],
    [{ score: [{ numeric: ['=', 70] }] }, false],
    [{ score: ['73'] }, false],
    [{ tags: ['b'] }, true],
    [{ tags: [null] }, true],
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
