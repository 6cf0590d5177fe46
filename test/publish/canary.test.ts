import { describe, expect, it } from 'vitest';
import type { Notice } from '../../functions/alert/notification/index.ts';
import { messageOf, TOPICS } from '../faults/world.ts';
import { alerts, scene, sent } from './scene.ts';

describe('a canary', () => {
  const canary = { key: 'canary/2026-11-24T02:45:00Z.ndjson', alerts: alerts('a'), isCanary: true };

  it('goes to operations alone, and leaves no alert behind', async () => {
    const { world, deliver } = scene();
    const counted: string[] = [];
    await deliver(canary, { count: (metric, by) => counted.push(`${metric} ${by}`) });
    expect([sent(world), sent(world, [], TOPICS.operations)]).toEqual([[], ['canary']]);
    expect([...world.objects.keys()].filter(key => /^(alerts|told|seen)\//.test(key))).toEqual([]);
    expect(counted).toEqual(['CanarySeen 1', 'CanaryLateSeconds 300']);
  });

  it('that waited in the queue is late, and says the same', async () => {
    const told = async (waitsMs: number) => {
      const { clock, deliver } = scene();
      await clock.sleep(waitsMs);
      const notices: Notice[] = [];
      let lateSeconds = Number.NaN;
      await deliver(canary, {
        count: (metric, by) => {
          if (metric === 'CanaryLateSeconds') lateSeconds = by;
        },
        renderNotice: notice => {
          notices.push(notice);
          return messageOf(notice.id, notice.kind);
        },
      });
      return { lateSeconds, notices };
    };
    const [inTime, late] = [await told(0), await told(600_000)];
    expect([inTime.lateSeconds, late.lateSeconds]).toEqual([300, 900]);
    expect(late.notices).toEqual(inTime.notices);
  });

  it('without a match has failed', async () => {
    const { deliver } = scene();
    await expect(deliver({ ...canary, alerts: [] })).rejects.toMatchObject({ code: 'CanaryFailed' });
  });

  it('of the week sends the marked test to people', async () => {
    const { world, deliver } = scene();
    await deliver({ ...canary, key: 'test/2026-11-24T02:45:00Z.ndjson' });
    expect([sent(world), sent(world, [], TOPICS.operations)]).toEqual([['test'], ['canary']]);
  });

  it('without a topic for operations is a metric', async () => {
    const { world, deliver } = scene();
    const counted: string[] = [];
    await deliver(canary, {
      topics: { ...TOPICS, operations: null, records: null },
      count: metric => counted.push(metric),
    });
    expect([world.published, counted]).toEqual([[], ['CanarySeen', 'CanaryLateSeconds']]);
  });
});
