import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../functions/alert/delivery/codes.ts';
import { keys } from '../../functions/alert/delivery/keys.ts';
import { alerts, idOf, START, scene, sent } from './scene.ts';

describe('the hour', () => {
  const many = (count: number, host?: string) =>
    Array.from({ length: count }, (_, n) => ({ name: `${host}-${n}`, ...(host ? { host } : {}) }));

  it('tells so many singly, keeps a fifth for other hosts, and holds the rest under one notice', async () => {
    const { world, deliver } = scene();
    expect(await deliver({ key: 'k', alerts: many(10, 'H') }, { perHour: 5 })).toMatchObject({
      published: 4,
      held: 6,
    });
    expect(await deliver({ key: 'l', alerts: many(3, 'I') }, { perHour: 5 })).toMatchObject({
      published: 1,
      held: 2,
    });
    expect(await deliver({ key: 'm', alerts: many(3, 'J') }, { perHour: 5 })).toMatchObject({
      published: 0,
      held: 3,
    });
    expect(sent(world)).toEqual([...Array<string>(4).fill('alert'), 'held', 'alert']);
    const listed = [...world.objects].filter(([key]) => key.startsWith(keys.heldFolder('2026-11-24T02')));
    expect(listed.flatMap(([, { body }]) => (JSON.parse(body) as { ids: string[] }).ids)).toHaveLength(11);
  });

  it('counts digests and notices as single messages', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a'), hasDigest: true, isDamaged: true }, { perHour: 2 });
    expect(sent(world)).toEqual(['a', 'digest', 'held']);
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
      (await deliver({ key, alerts: [{ name: key, host: key }] }, { perHour: 2 })).published;
    expect([await tell('a'), await tell('b'), await tell('c')]).toEqual([1, 1, 0]);
    await clock.sleep(11 * 60_000);
    expect(await tell('d')).toBe(0);
    await clock.sleep(51 * 60_000);
    expect([await tell('e'), await tell('f'), await tell('g')]).toEqual([1, 1, 0]);
    expect(world.published.filter(({ kind }) => kind === 'held')).toHaveLength(2);
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
    await deliver({ key: 'k', alerts: alerts('a') }, { perHour: 2 });
    expect(sent(world)).toEqual(['a']);
  });
});
