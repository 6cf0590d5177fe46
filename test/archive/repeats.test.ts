import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import { idOf, scene, sent } from '../publish/scene.ts';

describe('a repeat', () => {
  const like = (name: string, differs = {}) => ({
    name,
    host: 'H',
    path: 'P',
    data: 'D',
    requester: 'R',
    ...differs,
  });

  it('is archived and counted, not told', async () => {
    const { world, deliver } = scene();
    expect(await deliver({ key: 'k', alerts: [like('a'), like('b')] })).toMatchObject({
      published: 1,
      repeats: 1,
    });
    expect(await deliver({ key: 'l', alerts: [like('c')] })).toMatchObject({ published: 0, repeats: 1 });
    expect(sent(world)).toEqual(['a']);
    expect(world.objects.has(keys.alert(idOf('c')))).toBe(true);
  });

  it('is told where that is wanted', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: [like('a'), like('b')] }, { repeats: 'tell' });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  it('whose first has no receipt is told', async () => {
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
});
