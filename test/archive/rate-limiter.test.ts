import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import { rateLimiter } from '../../functions/alert/archive/rate-limiter.ts';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import { type Call, jumpingClock, makePorts, makeWorld } from '../faults/world.ts';
import { alerts, idOf, START, scene, sent } from '../publish/scene.ts';
import { random, scale, seed } from '../scale.ts';

describe('the hour', () => {
  const many = (count: number, host?: string) =>
    Array.from({ length: count }, (_, n) => ({ name: `${host}-${n}`, host: host ?? `H${n}` }));

  it('admits so many single messages, keeps a fifth for other hosts, and holds the rest under one notice', async () => {
    const { world, deliver } = scene();
    expect(await deliver({ key: 'k', alerts: many(10, 'H') }, { perHour: 5 })).toMatchObject({
      published: 3,
      held: 7,
    });
    expect(await deliver({ key: 'l', alerts: many(3, 'I') }, { perHour: 5 })).toMatchObject({
      published: 1,
      held: 2,
    });
    expect(await deliver({ key: 'm', alerts: many(3, 'J') }, { perHour: 5 })).toMatchObject({
      published: 0,
      held: 3,
    });
    expect(sent(world)).toEqual([...Array<string>(3).fill('alert'), 'held', 'alert']);
    const listed = [...world.objects].filter(([key]) => key.startsWith(keys.heldFolder('2026-11-24T02')));
    expect(listed.flatMap(([, { body }]) => (JSON.parse(body) as { ids: string[] }).ids)).toHaveLength(12);
  });

  it('counts digests as alerts, and keeps a tenth for other notices', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a'), hasDigest: true, isDamaged: true }, { perHour: 2 });
    expect(sent(world)).toEqual(['a', 'quarantine', 'held']);
  });

  it('is not used up by garbage, and garbage adds nothing to it', async () => {
    const { world, deliver } = scene();
    for (let n = 0; n < 200; n++)
      await deliver({ key: `garbage ${n}`, alerts: [], isDamaged: true }, { perHour: 200 });
    expect(await deliver({ key: 'k', alerts: many(300) }, { perHour: 200 })).toMatchObject({
      published: 180,
    });
    const kinds = Map.groupBy(sent(world), kind => kind);
    expect([...kinds].map(([kind, all]) => [kind, all.length])).toEqual([
      ['quarantine', 20],
      ['held', 1],
      ['alert', 180],
    ]);
  });

  it('of 0 has no end', async () => {
    const { deliver } = scene();
    expect(await deliver({ key: 'k', alerts: many(300) }, { perHour: 0 })).toMatchObject({
      published: 300,
      held: 0,
    });
  });

  it('begins anew sixty minutes after each message, not with the clock', async () => {
    const { world, clock, deliver } = scene();
    const tell = async (key: string) =>
      (await deliver({ key, alerts: [{ name: key, host: key }] }, { perHour: 3 })).published;
    expect([await tell('a'), await tell('b'), await tell('c')]).toEqual([1, 1, 0]);
    await clock.sleep(11 * 60_000);
    expect(await tell('d')).toBe(0);
    await clock.sleep(51 * 60_000);
    expect([await tell('e'), await tell('f'), await tell('g')]).toEqual([1, 1, 0]);
    expect(world.published.filter(({ kind }) => kind === 'held')).toHaveLength(2);
  });

  it('is not used up by single messages in the hour before', async () => {
    const { world, clock, deliver } = scene();
    const hosts = ['DECOY', 'DECOY', 'DECOY', 'S1', 'S2', 'S3', 'S4', 'S5'];
    for (const [n, host] of hosts.entries()) {
      expect(
        await deliver({ key: `k${n}`, alerts: [{ name: `${n}`, host }] }, { perHour: 200 }),
      ).toMatchObject({
        published: 1,
      });
      await clock.sleep([57, 60, 1.5, 3, 18, 20, 17, 1][n]! * 60_000);
    }
    expect(world.published.filter(({ kind }) => kind === 'held')).toEqual([]);
  });

  it('grants exactly what the last sixty-one minutes leave, whenever messages come', async () => {
    const choose = random(seed());
    for (let story = 0; story < scale(2000); story++) {
      const clock = jumpingClock(START + Math.floor(choose() * 3_600_000));
      const world = makeWorld(clock);
      const { archive } = makePorts(world, async (_, effect) => effect());
      const pause = 60_000 * 2 ** (choose() * 6);
      const granted: number[] = [];
      for (let n = 0; n < 60; n++) {
        // An execution of its own each time but for some, as messages of one object come.
        const limiter = rateLimiter(archive!, 5, clock.now, () => {});
        for (let more = Math.floor(choose() * 3); more >= 0; more--) {
          const young = granted.filter(at => clock.now() - at < 61 * 60_000).length;
          const isDue = young < 3;
          const says = `story ${story}, message ${n}, ${young} young`;
          expect(await limiter.claim(`${story} ${n} ${more}`, null, false), says).toBe(isDue);
          if (isDue) granted.push(clock.now());
        }
        await clock.sleep(Math.floor(choose() * pause));
      }
    }
  });

  it('is not used up by messages that fail: each keeps its place', async () => {
    const { world, deliver } = scene();
    const journeys = [1, 2, 3].map(n => ({ key: `k${n}`, alerts: alerts(`f${n}`) }));
    const denied = (call: Call): void => {
      if (call.operation === 'publish') throw new DeliveryError('TopicKmsDenied', '');
    };
    for (let attempt = 0; attempt < 4; attempt++)
      for (const journey of journeys)
        await expect(deliver(journey, { perHour: 5 }, denied)).rejects.toMatchObject({
          code: 'TopicKmsDenied',
        });
    for (const journey of journeys)
      expect(await deliver(journey, { perHour: 5 })).toMatchObject({ published: 1, held: 0 });
    expect([...world.objects.keys()].filter(key => key.includes('/slots/'))).toHaveLength(3);
  });

  it.each(['', 'null', '{}', '{"id":7}'])('counts no slot that reads %j, and names it', async text => {
    const { world, clock, deliver } = scene();
    const warnings: string[] = [];
    const options = { perHour: 1, warn: (error: unknown) => void warnings.push(String(error)) };
    await deliver({ key: 'k', alerts: alerts('a') }, options);
    const slot = keys.slot('2026-11-24T02', 'any', 0);
    world.objects.set(slot, { ...world.objects.get(slot)!, body: text });
    await clock.sleep(15 * 60_000);
    expect(await deliver({ key: 'l', alerts: alerts('b') }, options)).toMatchObject({ published: 1 });
    expect(warnings).toEqual([expect.stringContaining(`s3://archive/${slot}`)]);
  });

  it('what was held stays held when the object comes again in the next', async () => {
    const { world, clock, deliver } = scene();
    const journey = { key: 'k', alerts: alerts('a', 'b') };
    const dies = deliver(journey, { perHour: 1 }, ({ key }) => {
      if (key.startsWith('scanned/')) throw new DeliveryError('ArchiveUnavailable', '');
    });
    await expect(dies).rejects.toMatchObject({ code: 'ArchiveUnavailable' });
    await clock.sleep(3_600_000);
    expect(await deliver(journey, { perHour: 1 })).toMatchObject({ known: 1, held: 1, published: 0 });
    expect(sent(world)).toEqual(['a', 'held']);
  });

  it('a claim whose answer was lost is ours', async () => {
    const { world, deliver } = scene();
    const id = idOf('a');
    world.objects.set(keys.slot('2026-11-24T02', 'any', 0), {
      body: JSON.stringify({ id, at: START }),
      etag: '',
      modifiedMs: START,
    });
    world.objects.delete(keys.slot('2026-11-24T02', 'any', 1));
    await deliver({ key: 'k', alerts: alerts('a') }, { perHour: 3 });
    expect(sent(world)).toEqual(['a']);
  });
});
