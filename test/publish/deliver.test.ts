import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import { RECORDS, TOPICS } from '../faults/world.ts';
import { alerts, idOf, START, scene, sent } from './scene.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

describe('the order', () => {
  it('of one alert is archive, publish, receipt, and the ledger last', async () => {
    const { calls, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a') });
    const steps = calls
      .filter(({ operation }) => operation !== 'get' && operation !== 'list')
      .map(({ operation, key }) => `${operation} ${key.split('/')[0]}`);
    expect(steps).toEqual([
      'put alerts',
      'put reports',
      `publish ${TOPICS.alerts}`,
      'put receipts',
      'put seen',
      'put told',
      'put scanned',
    ]);
  });

  it('of damage is record, then everything else', async () => {
    const { calls, world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a'), isDamaged: true });
    expect(calls[0]).toMatchObject({
      operation: 'put',
      key: expect.stringMatching(/^quarantine\//) as string,
    });
    expect(sent(world)).toEqual(['a', 'quarantine']);
  });

  it('of an object is alerts, digest, notices', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a', 'b'), hasDigest: true, isDamaged: true });
    expect(sent(world)).toEqual(['a', 'b', 'digest', 'quarantine']);
  });
});

describe('what was published', () => {
  it('T49 is not published again', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a', 'b'), isDamaged: true });
    expect(await deliver({ key: 'k', alerts: alerts('a', 'b'), isDamaged: true })).toMatchObject({
      published: 0,
      known: 2,
    });
    expect(sent(world)).toEqual(['a', 'b', 'quarantine']);
  });

  it('by another object is not published again: the id is the event', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a') });
    await deliver({ key: 'copy of k', alerts: alerts('a', 'b') });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  it('T41, T43 an alert in the archive without a receipt was not published', async () => {
    const { world, deliver } = scene();
    world.objects.set(keys.alert(idOf('a')), { body: '', etag: '', modifiedMs: START });
    await deliver({ key: 'k', alerts: alerts('a') });
    expect(sent(world)).toEqual(['a']);
  });

  it('a receipt of another topic counts for nothing', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a') });
    await deliver(
      { key: 'k', alerts: alerts('a') },
      { topics: { ...TOPICS, alerts: 'arn:other', records: null } },
    );
    expect(sent(world, ['a'], 'arn:other')).toEqual(['a']);
  });
});

describe('without an archive', () => {
  it('everything is published, and again at each attempt', async () => {
    const { world, deliver } = scene();
    const journey = { key: 'k', alerts: alerts('a'), hasDigest: true, isDamaged: true };
    await deliver(journey, { archive: null, perHour: 1 });
    await deliver(journey, { archive: null, perHour: 1 });
    expect(sent(world)).toEqual(['a', 'digest', 'quarantine', 'a', 'digest', 'quarantine']);
    expect(world.objects.size).toBe(0);
  });
});

describe('a topic for machines', () => {
  it('gets published, held and repeated ones alike, unpaced, once', async () => {
    const { world, clock, deliver } = scene();
    const options = { topics: { ...TOPICS, records: RECORDS }, perHour: 1 };
    const journey = {
      key: 'k',
      alerts: [{ name: 'a' }, { name: 'b' }, { name: 'c', path: 'HKLM\\Run\\a', data: 'a.exe' }],
    };
    await deliver(journey, options);
    const before = clock.now();
    await deliver(journey, options);
    expect(sent(world)).toEqual(['a', 'held']);
    expect(sent(world, undefined, RECORDS)).toEqual(['a', 'b', 'c']);
    expect(clock.now()).toBe(before);
  });
});

describe('nothing of one delivery', () => {
  it('T62 is known to the next: same objects, another world, same messages', async () => {
    const [first, second] = [scene(), scene()];
    const journey = {
      key: 'k',
      alerts: [...alerts('a', 'b'), { name: 'c', path: 'HKLM\\Run\\a', data: 'a.exe' }],
      hasDigest: true,
    };
    for (const { deliver } of [first, second]) await deliver(journey, { perHour: 2 });
    expect(second.calls).toEqual(first.calls);
    expect(sent(second.world)).toEqual(sent(first.world));
  });
});
