import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import { messageOf } from '../faults/world.ts';
import { idOf, START, scene, sent } from '../publish/scene.ts';

describe('a repeat', () => {
  const like = (name: string, differs = {}) => ({
    name,
    host: 'H',
    path: 'P',
    data: 'D',
    requester: 'R',
    ...differs,
  });

  it('is archived and counted, not published', async () => {
    const { world, deliver } = scene();
    expect(await deliver({ key: 'k', alerts: [like('a'), like('b')] })).toMatchObject({
      published: 1,
      repeats: 1,
    });
    expect(await deliver({ key: 'l', alerts: [like('c')] })).toMatchObject({ published: 0, repeats: 1 });
    expect(sent(world)).toEqual(['a']);
    expect(world.objects.has(keys.alert(idOf('c')))).toBe(true);
  });

  it('is published where that is set', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: [like('a'), like('b')] }, { repeats: 'tell' });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  it('whose first has no receipt is published', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: [like('a')] });
    for (const key of world.objects.keys()) if (key.startsWith('receipts/')) world.objects.delete(key);
    await deliver({ key: 'l', alerts: [like('b')] });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  const others: readonly (readonly [string, object])[] = [
    ['host', { host: 'I' }],
    ['path', { path: 'Q' }],
    ['data', { data: 'E' }],
    ['requester', { requester: 'S' }],
  ];
  it.each(others)('with another %s is none', async (_, differs) => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: [like('a'), like('b', differs)] });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  it('of another day of the objects is none', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: [like('a')] });
    await deliver({ key: 'l', alerts: [like('b')], lastModified: '2026-11-25T00:00:00.000Z' });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  const MINUTE = 60_000;
  const again = async (...minutes: readonly number[]) => {
    const { world, clock, deliver } = scene();
    const repeats: unknown[] = [];
    for (const [at, minute] of [0, ...minutes].entries()) {
      await clock.sleep(START + minute * MINUTE - clock.now());
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      await deliver(
        { key: `k${at}`, alerts: [like(names[at]!)] },
        {
          renderIncident: ({ alerts: [{ id, repeated = null }] }) => {
            repeats.push(repeated && [Math.round((repeated.sinceMs - START) / MINUTE), repeated.count]);
            return messageOf(id, 'alert');
          },
        },
      );
    }
    return { world, told: sent(world), repeats: repeats.slice(1) };
  };

  const ages: readonly (readonly [minutes: readonly number[], told: string[], repeats: unknown[]])[] = [
    [[30, 59], ['a'], []],
    [[840], ['a', 'b'], [[0, 1]]],
    [
      [30, 59, 61, 100, 123],
      ['a', 'd', 'f'],
      [
        [0, 3],
        [0, 5],
      ],
    ],
  ];
  it.each(ages)(
    'is sent again when the last message is old: after %j minutes',
    async (minutes, told, repeats) => {
      expect(await again(...minutes)).toMatchObject({ told, repeats });
    },
  );

  it('whose mark is of an older version is sent again by the time in the receipt', async () => {
    const { world, clock, deliver } = scene();
    await deliver({ key: 'k', alerts: [like('a')] });
    for (const [key, { body }] of world.objects)
      if (/^told\/\d{4}-\d\d-\d\d\//.test(key))
        world.objects.set(key, {
          ...world.objects.get(key)!,
          body: JSON.stringify({ id: JSON.parse(body).id }),
        });
    await deliver({ key: 'l', alerts: [like('b')] });
    await clock.sleep(61 * MINUTE);
    await deliver({ key: 'm', alerts: [like('c')], backfill: 'run' });
    await deliver({ key: 'n', alerts: [like('d')] });
    expect(sent(world)).toEqual(['a', 'd']);
  });
});
