import { describe, expect, it } from 'vitest';
import type { Message } from '../../functions/alert/notification/index.ts';
import { DeliveryError, type OutcomeCode } from '../../functions/alert/observability/outcome-codes.ts';
import { makePace, makePublish, type PublishRequest } from '../../functions/alert/publish/topic.ts';
import { mostWithin } from '../faults/flood.ts';
import { jumpingClock } from '../faults/world.ts';
import { random, scale, seed } from '../scale.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

const MESSAGE: Message = {
  subject: '[high] WMI wrote an autorun on H (registry-alert)',
  email: `first line\n${'é'.repeat(60_000)}`,
  https: JSON.stringify({ version: '1.0', source: 'custom', content: { title: 'T', description: 'D' } }),
  default: JSON.stringify({ id: 'a1', kind: 'alert', event: { a: 'x'.repeat(100_000) } }),
  attributes: {
    kind: { type: 'String', value: 'alert' },
    alertId: { type: 'String', value: 'a1' },
    host: { type: 'String', value: 'H' },
  },
  brief: {
    title: 'T',
    description: 'D',
    document: {
      id: 'a1',
      kind: 'alert',
      evidence: { bucket: 'b', key: 'k' },
      object: { key: 'x'.repeat(100_000) },
      rule: { id: 'r', name: { en: 'R' }, severity: 'high', version: 1 },
    },
  },
  cut: [],
};

type Attempt = { readonly at: number; readonly request: PublishRequest };

/** A topic that answers the first attempts as given and then accepts everything. */
function topicOf(...answers: readonly OutcomeCode[]) {
  const clock = jumpingClock(0);
  const attempts: Attempt[] = [];
  const counted: string[] = [];
  const publish = makePublish({
    send: async request => {
      attempts.push({ at: clock.now(), request });
      const answer = answers[attempts.length - 1];
      if (answer) throw new DeliveryError(answer, 'topic');
      return null;
    },
    pace: makePace(4, clock.now, clock.sleep),
    sleep: clock.sleep,
    random: () => 0,
    count: metric => counted.push(metric),
  });
  const send = (isPaced = true, message = MESSAGE) =>
    publish('topic', message, { isPaced, pointer: 's3://archive/a1.json' });
  return { clock, attempts, counted, send };
}

describe('a message', () => {
  it('serves every kind of subscriber at once', async () => {
    const { attempts, send } = topicOf();
    await send();
    expect(attempts).toHaveLength(1);
    const { subject, message, attributes } = attempts[0]!.request;
    expect(JSON.parse(message)).toEqual({
      default: MESSAGE.default,
      email: MESSAGE.email,
      https: MESSAGE.https,
    });
    expect([subject, attributes]).toEqual([MESSAGE.subject, MESSAGE.attributes]);
  });

  it('gives machines the document alone, so that a web hook does not get the form for chat', async () => {
    const { attempts, send } = topicOf();
    await send(false);
    expect(JSON.parse(attempts[0]!.request.message)).toEqual({ default: MESSAGE.default });
  });

  it('T31 refused as too much comes again, more and more slowly', async () => {
    const { attempts, counted, send } = topicOf('SnsThrottled', 'SnsThrottled');
    await send();
    expect(attempts.map(({ at }) => at)).toEqual([0, 251, 751]);
    expect(counted).toEqual(['SnsThrottled', 'SnsThrottled']);
  });

  it('T32 refused for ever is given back', async () => {
    const { attempts, send } = topicOf(...Array<OutcomeCode>(9).fill('SnsThrottled'));
    await expect(send()).rejects.toMatchObject({ code: 'SnsThrottled' });
    expect(attempts).toHaveLength(5);
  });

  it('T33 whose answer is lost comes again and says so', async () => {
    const { attempts, counted, send } = topicOf('SnsUnavailable');
    await send();
    expect([attempts.length, counted]).toEqual([2, ['PublishAmbiguous']]);
  });

  it.each(['TopicMissing', 'TopicDenied', 'TopicKmsDenied', 'CredentialsExpired'] as const)(
    '%s is not tried again',
    async code => {
      const { attempts, send } = topicOf(code);
      await expect(send()).rejects.toMatchObject({ code });
      expect(attempts).toHaveLength(1);
    },
  );
});

describe('T35 a message that SNS refuses', () => {
  it('is sent cut, with the location of the whole', async () => {
    const { attempts, counted, send } = topicOf('PublishRefused');
    await send();
    const { subject, message, attributes } = attempts[1]!.request;
    const bodies = JSON.parse(message) as { email: string; https: string; default: string };
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(bodies.email).toMatch(/^first line\né+ …\n\nThis message was cut.* s3:\/\/archive\/a1\.json\n$/);
    expect(JSON.parse(bodies.https)).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: { title: 'T' },
    });
    expect(JSON.parse(bodies.default)).toEqual({
      id: 'a1',
      kind: 'alert',
      evidence: { bucket: 'b', key: 'k' },
      rule: { id: 'r', name: { en: 'R' }, severity: 'high', version: 1 },
      truncated: true,
      whole: 's3://archive/a1.json',
    });
    expect(attributes['truncated']).toEqual({ type: 'String', value: 'true' });
    expect(counted).toEqual(['AlertDegraded']);
  });

  it('goes out minimal, when that is refused too', async () => {
    const { attempts, send } = topicOf('PublishRefused', 'PublishRefused');
    await send();
    expect(Buffer.byteLength(attempts[2]!.request.message)).toBeLessThan(8_192);
  });

  it('is given back when nothing helps', async () => {
    const { attempts, send } = topicOf('PublishRefused', 'PublishRefused', 'PublishRefused');
    await expect(send()).rejects.toMatchObject({ code: 'PublishRefused' });
    expect(attempts).toHaveLength(3);
  });

  it('is cut soundly, whatever its bodies hold', async () => {
    const { attempts, send } = topicOf(...Array<OutcomeCode>(1).fill('PublishRefused'));
    await send(true, {
      ...MESSAGE,
      email: '🔥'.repeat(30_000),
      brief: { title: '🔥'.repeat(9_000), description: '🔥'.repeat(9_000), document: {} },
      attributes: {},
    });
    const bodies = JSON.parse(attempts[1]!.request.message) as { email: string; https: string };
    expect(bodies.email.isWellFormed()).toBe(true);
    expect(JSON.parse(bodies.https).content.title.isWellFormed()).toBe(true);
  });
});

describe('the pace', () => {
  it('holds for attempts, retries and smaller forms alike', async () => {
    const next = random(seed());
    const codes: readonly OutcomeCode[] = ['SnsThrottled', 'SnsUnavailable', 'PublishRefused'];
    const answers = Array.from({ length: scale(20_000) }, () =>
      next() < 0.5 ? codes[Math.floor(next() * 3)]! : undefined,
    ) as OutcomeCode[];
    const { attempts, send } = topicOf(...answers);
    for (let n = 0; n < answers.length / 3; n++) await send().catch(() => {});
    expect(
      mostWithin(
        attempts.map(({ at }) => at),
        1_000,
      ),
    ).toBeLessThanOrEqual(4);
  });

  it('of several senders is one', async () => {
    const { attempts, send } = topicOf();
    await Promise.all(Array.from({ length: 40 }, () => send()));
    expect(attempts).toHaveLength(40);
  });

  it('is not for machines', async () => {
    const { attempts, send } = topicOf();
    for (let n = 0; n < 10; n++) await send(false);
    expect(attempts.map(({ at }) => at)).toEqual(Array(10).fill(0));
  });

  it.each([0.1, 1, 3, 4, 8, 1000])('of %f a second is kept in every closed second', async rate => {
    const clock = jumpingClock(0);
    const pace = makePace(rate, clock.now, clock.sleep);
    const times: number[] = [];
    for (let n = 0; n < 50; n++) {
      await pace();
      times.push(clock.now());
    }
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(Math.max(1, Math.floor(rate)));
  });
});
