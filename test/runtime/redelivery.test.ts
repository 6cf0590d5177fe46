import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFunction } from '../../infra/bundle.ts';
import { afterwards, localAws, temporaryFolder } from '../afterwards.ts';
import { virtualClock } from '../local-aws/index.ts';
import { Fleet } from './fleet.ts';

const directory = temporaryFolder();
const clock = virtualClock(Date.UTC(2026, 0, 1));
const aws = await localAws({ clock });
aws.s3.createBucket('logs');
const dead = aws.createQueue('dead');
const queue = aws.createQueue('queue', {
  VisibilityTimeout: '900',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 }),
});
aws.s3.notify('logs', { to: queue.arn });
queue.purge();
const topic = aws.sns.createTopic('alerts').arn;
aws.sns.subscribe(topic, 'sqs', aws.createQueue('published').arn, {
  attributes: { RawMessageDelivery: 'true' },
});
await bundleFunction('test/runtime/fixtures/relay.ts', join(directory, 'relay.mjs'));
const env = { ...aws.env(), TOPIC_ARN: topic, AWS_MAX_ATTEMPTS: '1' };
const fleet = new Fleet({ bundle: join(directory, 'relay.mjs'), env, isFixture: true }, 2);
afterwards(() => fleet.stop());

describe('a function that is killed, or whose calls fail', () => {
  const kill = () => fleet.kill();
  it.each([
    ['killed before it reads', { op: 'GetObject', kind: 'run', before: kill }, 1],
    ['killed when it has read', { op: 'GetObject', kind: 'run', after: kill }, 1],
    ['cut off before it publishes', { op: 'Publish', kind: 'failBefore' }, 1],
    ['killed when it has published', { op: 'Publish', kind: 'run', after: kill }, 2],
    ['not answered when it has published', { op: 'Publish', kind: 'lostResponse' }, 2],
    ['not allowed to read', { op: 'GetObject', kind: 'status', status: 403, code: 'AccessDenied' }, 1],
  ] as const)('%s: is invoked again until it is done', async (what, fault, published) => {
    aws.faults.clear();
    aws.faults.add({ nth: 1, ...fault });
    aws.queue('published').purge();
    await aws.s3.put('logs', `a b/${what}`, what);
    const poller = aws.poller({ queue, invoke: event => fleet.call(event) });
    await poller.drain(clock);
    expect(aws.faults.unfired()).toEqual([]);
    expect(aws.queue('published').messages.map(({ body }) => body)).toEqual(Array(published).fill(what));
    expect(poller.batches.map(({ problem }) => problem === null)).toEqual([false, true]);
  });

  it('ends in the dead-letter queue where it never works', async () => {
    aws.faults.clear();
    aws.faults.add({ op: 'GetObject', nth: 'every', kind: 'status', status: 500, code: 'InternalError' });
    await aws.s3.put('logs', 'never', 'never');
    await aws.poller({ queue, invoke: event => fleet.call(event) }).drain(clock);
    expect(aws.queue('dead').messages).toHaveLength(1);
  });

  it('works on several objects in several environments', async () => {
    aws.faults.clear();
    aws.queue('published').purge();
    const bodies = Array.from({ length: 6 }, (_, number) => `object ${number}`);
    for (const body of bodies) await aws.s3.put('logs', body, body);
    const poller = aws.poller({ queue, concurrency: 2, invoke: event => fleet.call(event) }).start();
    await poller.drained();
    await poller.stop();
    expect(
      aws
        .queue('published')
        .messages.map(({ body }) => body)
        .sort(),
    ).toEqual(bodies);
    expect(fleet.environments.every(({ starts }) => starts > 0)).toBe(true);
  });
});
