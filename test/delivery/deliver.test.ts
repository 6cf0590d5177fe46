import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../functions/alert/delivery/codes.ts';
import { type DeliverPorts, deliver } from '../../functions/alert/delivery/deliver.ts';
import { keys, noticeIdOf, objectIdOf, topicHashOf } from '../../functions/alert/delivery/keys.ts';
import type { Notice } from '../../functions/alert/notification/index.ts';
import { type JourneySketch, sha256, sketchAlert, sketchScan } from '../faults/journey.ts';
import {
  type Call,
  jumpingClock,
  type Line,
  makePorts,
  makeWorld,
  messageOf,
  RECORDS,
  TOPICS,
  type World,
} from '../faults/world.ts';

const START = Date.UTC(2026, 10, 24, 2, 50);
const WHEN = '2026-11-24T02:48:10.000Z';
const idOf = (name: string): string => sketchAlert({ name }, WHEN).id;

/** A world with a log of its calls, in which things can be delivered one after the other. */
function scene() {
  const clock = jumpingClock(START);
  const world = makeWorld(clock);
  const calls: Call[] = [];
  const deliverThis = async (
    sketch: JourneySketch,
    options: Partial<DeliverPorts> = {},
    refuse?: (call: Call) => void,
  ) => {
    const line: Line = async (call, effect) => {
      calls.push(call);
      refuse?.(call);
      return effect();
    };
    return deliver(sketchScan(sketch), makePorts(world, line, options));
  };
  return { clock, world, calls, deliver: deliverThis };
}

/** What was sent, `kind` or the name of the alert, to the alert topic unless said otherwise. */
function sent(
  { published }: World,
  names: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f'],
  topic: string = TOPICS.alerts,
): string[] {
  const nameOf = new Map(names.map(name => [idOf(name), name]));
  return published.filter(({ topicArn }) => topicArn === topic).map(({ id, kind }) => nameOf.get(id) ?? kind);
}

const alerts = (...names: string[]) => names.map(name => ({ name }));

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
      'put told',
      'put seen',
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

describe('what was told', () => {
  it('T49 is not told again', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a', 'b'), isDamaged: true });
    expect(await deliver({ key: 'k', alerts: alerts('a', 'b'), isDamaged: true })).toMatchObject({
      published: 0,
      known: 2,
    });
    expect(sent(world)).toEqual(['a', 'b', 'quarantine']);
  });

  it('by another object is not told again: the id is the event', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a') });
    await deliver({ key: 'copy of k', alerts: alerts('a', 'b') });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  it('T41, T43 an alert in the archive without a receipt was not told', async () => {
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

describe('a quiet backfill', () => {
  const run = 'run-1';
  const heldBy = ({ objects }: World, hour: string) =>
    [...objects]
      .filter(([key]) => key.startsWith(keys.heldFolder(hour)))
      .flatMap(([, { body }]) => (JSON.parse(body) as { ids: string[] }).ids);

  it('sends one notice of all its objects, lists what it holds, and takes no place of the hour', async () => {
    const { world, deliver } = scene();
    const counted: string[] = [];
    const options: Partial<DeliverPorts> = { perHour: 1, count: metric => counted.push(metric) };
    const told: Notice[] = [];
    const renderNotice = (notice: Notice) => {
      told.push(notice);
      return messageOf(notice.id, notice.kind);
    };
    expect(
      await deliver(
        { key: 'k', alerts: alerts('a', 'b'), hasDigest: true, isDamaged: true, backfill: run },
        { ...options, renderNotice },
      ),
    ).toMatchObject({ published: 0, held: 2, notices: 0 });
    await deliver({ key: 'l', alerts: alerts('c'), backfill: run }, options);
    await deliver({ key: 'm', alerts: alerts('d') }, options);
    expect(sent(world)).toEqual(['backfill', 'd']);
    expect(heldBy(world, keys.heldRun(run))).toHaveLength(5);
    expect(told.find(({ kind }) => kind === 'backfill')).toMatchObject({
      run,
      place: { bucket: 'archive', key: 'told/backfill-run-1/held/' },
      first: { host: 'H1', count: 2 },
    });
    expect(counted).not.toContain('AlertsHeld');
    expect([...world.objects.keys()].filter(key => key.startsWith('alerts/'))).toHaveLength(4);
  });

  it('of another name has a notice of its own; one that finds nothing has none', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a'), backfill: run });
    await deliver({ key: 'l', alerts: alerts('b'), backfill: 'run-2' });
    await deliver({ key: 'm', alerts: [], backfill: 'run-3' });
    expect(sent(world)).toEqual(['backfill', 'backfill']);
  });

  it('named like an hour does not stand for its notice', async () => {
    const { world, deliver } = scene();
    const hour = '2026-11-24T02';
    await deliver({ key: 'k', alerts: alerts('a'), backfill: hour });
    await deliver({ key: 'l', alerts: alerts('b', 'c') }, { perHour: 1 });
    expect(sent(world)).toEqual(['backfill', 'b', 'held']);
    expect(heldBy(world, hour)).toEqual([idOf('c')]);
  });

  it('holds back no alert that comes live', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a'), backfill: run });
    await deliver({ key: 'copy of k', alerts: alerts('a') });
    expect(sent(world)).toEqual(['backfill', 'a']);
  });

  it('that broke off sends its notice once it goes on', async () => {
    const { world, deliver } = scene();
    const journey = { key: 'k', alerts: alerts('a', 'b'), backfill: run };
    const dies = deliver(journey, {}, ({ operation }) => {
      if (operation === 'publish') throw new DeliveryError('TopicMissing', '');
    });
    await expect(dies).rejects.toMatchObject({ code: 'TopicMissing' });
    expect(await deliver(journey)).toMatchObject({ published: 0, held: 2 });
    expect(sent(world)).toEqual(['backfill']);
  });

  it('without an archive is told singly', async () => {
    const { world, deliver } = scene();
    await deliver({ key: 'k', alerts: alerts('a', 'b'), backfill: run }, { archive: null });
    expect(sent(world)).toEqual(['a', 'b']);
  });

  it('does not hold the marked test', async () => {
    const { world, deliver } = scene();
    const key = 'test/2026-11-24T02:45:00Z.ndjson';
    await deliver({ key, alerts: alerts('a'), isCanary: true, backfill: run });
    expect(sent(world)).toEqual(['test']);
  });
});

describe('history', () => {
  it('names other hosts with the value, and counts the alerts of the host', async () => {
    const { deliver } = scene();
    const seen: unknown[] = [];
    const options = (): Partial<DeliverPorts> => ({
      renderAlert: alert => {
        seen.push(alert.history);
        return makePorts(makeWorld(jumpingClock(0)), async (_, effect) => effect()).renderAlert(alert);
      },
    });
    const on = (name: string, host: string, path: string) => ({ name, host, path, data: 'same' });
    await deliver({ key: 'k', alerts: [on('a', 'H1', 'p')] }, options());
    await deliver({ key: 'l', alerts: [on('b', 'H2', 'p'), on('c', 'H2', 'q')] }, options());
    await deliver({ key: 'm', alerts: [on('d', 'H2', 'r')] }, options());
    expect(seen).toEqual([
      { otherHosts: [], otherHostsMore: false, hostAlerts: 0 },
      { otherHosts: ['H1'], otherHostsMore: false, hostAlerts: 0 },
      { otherHosts: ['H1'], otherHostsMore: false, hostAlerts: 0 },
      { otherHosts: ['H1'], otherHostsMore: false, hostAlerts: 2 },
    ]);
  });

  it('that cannot be read keeps no alert back', async () => {
    const { world, deliver } = scene();
    const warned: unknown[] = [];
    await deliver(
      { key: 'k', alerts: alerts('a') },
      { warn: error => warned.push(error) },
      ({ operation, key }) => {
        if (operation === 'list' || key.startsWith('seen/')) throw new DeliveryError('ArchiveDenied', '');
      },
    );
    expect([sent(world), warned.length]).toEqual([['a'], 2]);
  });
});

describe('when something fails', () => {
  const fail = (code: DeliveryError['code'], on: (call: Call) => boolean) => (call: Call) => {
    if (on(call)) throw new DeliveryError(code, '');
  };

  it('T44 nothing is told that is not archived', async () => {
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
    let remaining = 15_600;
    const options = { remainingMs: () => (remaining -= 300) };
    await expect(deliver({ key: 'k', alerts: alerts('a', 'b', 'c') }, options)).rejects.toMatchObject({
      code: 'DeadlineGuard',
    });
    expect(sent(world)).toEqual(['a', 'b']);
    await deliver({ key: 'k', alerts: alerts('a', 'b', 'c') });
    expect(sent(world)).toEqual(['a', 'b', 'c']);
  });
});

describe('an object too large for one execution', () => {
  it('tells what it found, is not done, and is told of at the second attempt', async () => {
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

describe('without an archive', () => {
  it('everything is told, and again at each attempt', async () => {
    const { world, deliver } = scene();
    const journey = { key: 'k', alerts: alerts('a'), hasDigest: true, isDamaged: true };
    await deliver(journey, { archive: null, perHour: 1 });
    await deliver(journey, { archive: null, perHour: 1 });
    expect(sent(world)).toEqual(['a', 'digest', 'quarantine', 'a', 'digest', 'quarantine']);
    expect(world.objects.size).toBe(0);
  });
});

describe('a topic for machines', () => {
  it('gets told, held and repeated ones alike, unpaced, once', async () => {
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

describe('keys', () => {
  it('are made of ids alone', async () => {
    const { world, deliver } = scene();
    const evil = '../CANARY\n';
    await deliver(
      {
        key: evil,
        alerts: [
          { name: 'a', host: evil, path: evil, data: evil, requester: evil },
          { name: 'b', host: evil },
        ],
        hasDigest: true,
        isDamaged: true,
      },
      { perHour: 1 },
    );
    for (const key of world.objects.keys()) expect(key).toMatch(/^[a-z]+\/[A-Za-z0-9/.:-]+$/);
  });

  it('of an object tell versions apart, or tags where there are none', () => {
    const id = (versionId: string | null, etag: string | null) =>
      objectIdOf(sha256, { bucket: 'b', key: 'k', versionId, etag });
    expect(id('1', 'x')).toBe(id('1', 'y'));
    expect(id(null, '"x"')).toBe(id('null', 'x'));
    expect(new Set([id('1', null), id('2', null), id(null, 'x'), id(null, 'y')]).size).toBe(4);
  });

  it('of notices tell kinds and facts apart', () => {
    expect(noticeIdOf(sha256, 'held', 'ab', 'c')).not.toBe(noticeIdOf(sha256, 'held', 'a', 'bc'));
    expect(topicHashOf(sha256, 'a')).toMatch(/^[0-9a-f]{16}$/);
  });
});
