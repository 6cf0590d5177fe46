import { describe, expect, it } from 'vitest';
import { deferredIn } from '../../functions/alert/archive/deferred.ts';
import type { Archive } from '../../functions/alert/archive/store.ts';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import { sha256 } from '../faults/journey.ts';
import { type Call, makePorts, RECORDS, TOPICS, type World } from '../faults/world.ts';
import { alerts, scene, sent } from './scene.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

describe('when something fails', () => {
  const fail = (code: DeliveryError['code'], on: (call: Call) => boolean) => (call: Call) => {
    if (on(call)) throw new DeliveryError(code, '');
  };

  it('T44 nothing is published that is not archived', async () => {
    const { world, deliver } = scene();
    const failing = deliver(
      { key: 'k', alerts: alerts('a') },
      {},
      fail('ArchiveDenied', ({ key }) => key.startsWith('alerts/')),
    );
    await expect(failing).rejects.toMatchObject({ code: 'ArchiveDenied' });
    expect(world.published).toEqual([]);
  });

  it('T46 a refused question about a receipt is no answer', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a') });
    const again = deliver(
      { key: 'k', alerts: alerts('a') },
      {},
      fail('ArchiveDenied', ({ operation }) => operation === 'has'),
    );
    await expect(again).rejects.toMatchObject({ code: 'ArchiveDenied' });
    expect(sent(world)).toEqual(['a']);
  });

  it('T36, T39 one topic does not keep the others waiting, and the worst is thrown', async () => {
    const { world, deliver } = scene();
    const topics = { ...TOPICS, records: RECORDS };
    const failing = deliver(
      { key: 'k', alerts: alerts('a', 'b') },
      { topics },
      fail('TopicMissing', ({ key }) => key === TOPICS.alerts),
    );
    await expect(failing).rejects.toMatchObject({ code: 'TopicMissing' });
    expect([sent(world), sent(world, undefined, RECORDS)]).toEqual([[], ['a', 'b']]);
    await deliver({ key: 'k', alerts: alerts('a', 'b') }, { topics });
    expect([sent(world), sent(world, undefined, RECORDS)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('a message refused in every form keeps the others not back', async () => {
    const { world, deliver } = scene();
    let attempts = 0;
    const failing = deliver({ key: 'k', alerts: alerts('a', 'b') }, {}, ({ operation }) => {
      if (operation === 'publish' && ++attempts <= 3) throw new DeliveryError('PublishRefused', '');
    });
    await expect(failing).rejects.toMatchObject({ code: 'PublishRefused' });
    expect(sent(world)).toEqual(['b']);
  });

  it('T48 nothing is begun that the time does not reach for', async () => {
    const { world, deliver } = scene();
    let remaining = 20_900;
    // Three are recorded by 20 s, two published by 15 s.
    const options = { remainingMs: () => (remaining -= remaining > 20_000 ? 300 : 2_000) };
    await expect(deliver({ key: 'k', alerts: alerts('a', 'b', 'c') }, options)).rejects.toMatchObject({
      code: 'DeadlineGuard',
    });
    expect(sent(world)).toEqual(['a', 'b']);
    await deliver({ key: 'k', alerts: alerts('a', 'b', 'c') });
    expect(sent(world)).toEqual(['a', 'b', 'c']);
  });
});

describe('a damaged entry of the archive', () => {
  const damage = ({ objects }: World, folder: RegExp, body: string): string => {
    const key = [...objects.keys()].find(name => folder.test(name))!;
    objects.set(key, { ...objects.get(key)!, body });
    return key;
  };

  it.each(['', 'null', '{}'])('that reads %j as the mark of a repeat stops no alert', async body => {
    const { world, deliver } = scene();
    const like = (name: string) => ({ name, host: 'H', path: 'P', data: 'D' });
    const warnings: string[] = [];
    const options = { warn: (error: unknown) => void warnings.push(String(error)) };
    await deliver({ key: 'k', alerts: [like('a')] });
    const key = damage(world, /^told\/2026-11-24\//, body);
    expect(await deliver({ key: 'l', alerts: [like('b')] }, options)).toMatchObject({ published: 1 });
    expect(warnings).toEqual([expect.stringContaining(`s3://archive/${key}`)]);
  });

  it.each(['', 'null', '{}', '{"hour":"x","ids":[7]}'])(
    'that reads %j as the list of what was held has it published or held again',
    async body => {
      const { world, deliver } = scene();
      const journey = { key: 'k', alerts: alerts('a', 'b') };
      const dies = deliver(journey, { perHour: 1 }, ({ key }) => {
        if (key.startsWith('scanned/')) throw new DeliveryError('ArchiveUnavailable', '');
      });
      await expect(dies).rejects.toMatchObject({ code: 'ArchiveUnavailable' });
      damage(world, /held-0\.json$/, body);
      expect(await deliver(journey, { perHour: 1 })).toMatchObject({ known: 1, held: 1 });
      expect([...world.objects.keys()].filter(key => /held-\d\.json$/.test(key))).toHaveLength(2);
    },
  );

  it.each([false, true])(
    'that is taken and cannot be read ends in a code, and not never: there %s',
    async isThere => {
      const { archive } = makePorts(scene().world, async (_, effect) => effect());
      const haunted: Archive = {
        ...archive!,
        put: async () => 'exists',
        get: async () => null,
        has: async () => isThere,
      };
      const held = deferredIn({
        archive: haunted,
        receipts: { has: async () => false, publishedMs: async () => null, write: async () => {} },
        sha256,
        objectId: sha256('k'),
        topicArn: TOPICS.alerts,
        perHour: 1,
        isFresh: () => true,
        isLive: true,
        now: () => 0,
        warn: () => {},
        publish: async () => {},
      });
      await expect(held.keep([{ id: 'a', held: 'digest' }], '2026-11-24T02')).rejects.toMatchObject({
        code: 'ArchiveUnavailable',
      });
    },
  );
});

describe('an object too large for one execution', () => {
  it('publishes what it found, is not done, and is reported at the second attempt', async () => {
    const { world, deliver } = scene();
    const journey = { key: 'k', alerts: alerts('a'), outcome: 'incomplete' } as const;
    await expect(deliver({ ...journey, attempt: 1 })).rejects.toMatchObject({ code: 'DeadlineGuard' });
    expect(sent(world)).toEqual(['a']);
    await expect(deliver({ ...journey, attempt: 2 })).rejects.toMatchObject({ code: 'IncompleteScan' });
    await expect(deliver({ ...journey, attempt: 3 })).rejects.toMatchObject({ code: 'IncompleteScan' });
    expect(sent(world)).toEqual(['a', 'incomplete-scan']);
    expect([...world.objects.keys()].some(key => key.startsWith('scanned/'))).toBe(false);
  });
});
