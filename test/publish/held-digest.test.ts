import { describe, expect, it } from 'vitest';
import type { Notice } from '../../functions/alert/notification/index.ts';
import { deliver } from '../../functions/alert/publish/deliver.ts';
import { heldDigests } from '../../functions/alert/publish/held-digest.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import { type AlertSketch, sketchScan } from '../faults/journey.ts';
import { jumpingClock, type Line, makePorts, makeWorld, messageOf } from '../faults/world.ts';

const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);
type Digest = Extract<Notice, { kind: 'held-digest' }>;

/** A world in which objects of alerts come at once and nothing but the digest is looked at. */
function flooded() {
  const clock = jumpingClock(at('02:50:00'));
  const world = makeWorld(clock, /^(alerts|seen|reports)\//);
  const calls: string[] = [];
  const digests: Digest[] = [];
  const line: Line = async ({ operation }, effect) => {
    calls.push(operation);
    return effect();
  };
  const portsWith = (options: Partial<DeliverPorts> = {}) =>
    makePorts(world, line, {
      perHour: 1,
      renderNotice: notice => {
        if (notice.kind === 'held-digest') digests.push(notice);
        return messageOf(notice.id, notice.kind);
      },
      ...options,
    });
  return {
    world,
    calls,
    digests,
    object: (key: string, alerts: readonly AlertSketch[], isDamaged = false) =>
      deliver(sketchScan({ key, alerts, isDamaged }), portsWith()),
    /** An execution at this time, in an environment of its own unless one is given. */
    execution: async (time: string, publish = heldDigests(), options: Partial<DeliverPorts> = {}) => {
      await clock.sleep(at(time) - clock.now());
      return publish(portsWith(options));
    },
    sent: () => world.published.filter(({ kind }) => kind === 'held-digest').length,
  };
}

const decoys = (object: number): AlertSketch[] =>
  Array.from({ length: 20 }, (_, of) => ({ name: `decoy ${object} ${of}`, level: 'suspicious' }));

describe('what an hour held', () => {
  it('is sent once, after it is over, the most suspicious and rarest first', async () => {
    const { digests, object, execution, sent } = flooded();
    for (let of = 0; of < 30; of++) await object(`flood ${of}`, decoys(of), of === 7);
    await object('real', [{ name: 'ServiceDll', location: 17, level: 'suspicious' }]);
    await object('unclear', [{ name: 'rare but unclear', location: 18 }]);
    expect([await execution('02:59:59'), await execution('03:04:59'), sent()]).toEqual([false, false, 0]);
    expect(await Promise.all(Array.from({ length: 5 }, () => execution('03:05:00')))).toContain(true);
    expect(await execution('03:40:00')).toBe(false);
    expect(sent()).toBe(1);
    const [digest] = digests;
    expect(digest).toMatchObject({
      hour: '2026-11-24T02:00:00Z',
      alerts: 601,
      logs: 32,
      unread: 0,
      isCut: false,
    });
    expect(digest!.groups.map(({ location, count }) => [location?.number ?? null, count])).toEqual([
      [17, 1],
      [null, 599],
      [18, 1],
    ]);
    expect(digest!.notices).toEqual([{ kind: 'quarantine', count: 1 }]);
  });

  it('is not looked for again in an environment that knows it was sent', async () => {
    const { calls, object, execution } = flooded();
    await object('flood', decoys(1));
    const publish = heldDigests();
    expect([await execution('03:05:00', publish), await execution('03:05:01', publish)]).toEqual([
      true,
      false,
    ]);
    const before = calls.length;
    expect([await execution('03:06:00', publish), calls.length - before]).toEqual([false, 0]);
  });

  it('waits for an execution with time for it', async () => {
    const { object, execution, sent } = flooded();
    await object('flood', decoys(1));
    await execution('03:05:00', heldDigests(), { remainingMs: () => 59_999 });
    expect(sent()).toBe(0);
    let left = 61_000;
    await execution('03:05:00', heldDigests(), { remainingMs: () => (left -= 500) });
    expect(sent()).toBe(1);
  });

  it('of a hundred thousand alerts in as many logs costs a bounded number of requests, and finds the single one', async () => {
    const { world, calls, digests, object, execution } = flooded();
    await object('first', [{ name: 'first' }]);
    await object('real', [{ name: 'ServiceDll', location: 17, level: 'suspicious' }]);
    await object('flood', [{ name: 'decoy', level: 'suspicious' }]);
    const [key, entry] = [...world.objects].findLast(([key]) => key.includes('/summary/'))!;
    for (let of = 0; of < 100_000; of++) world.objects.set(key.replace(/-0\.json$/, `-${of}.json`), entry);
    const before = calls.length;
    expect(await execution('03:05:00')).toBe(true);
    expect(calls.length - before).toBeLessThan(250);
    expect(digests[0]).toMatchObject({ isCut: true, unread: 801 });
    expect(digests[0]!.groups[0]).toMatchObject({ count: 1, location: { number: 17 } });
  });
});
