import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import { ARCHIVED_LENGTH } from '../../functions/alert/notification/index.ts';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import { deliver } from '../../functions/alert/publish/deliver.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import { sketchScan } from '../faults/journey.ts';
import { type Line, makePorts, messageOf, RECORDS, TOPICS } from '../faults/world.ts';
import { alerts, idOf, scene, sent } from './scene.ts';

const names = Array.from({ length: 100 }, (_, at) => `n${at}`);
const journey = { key: 'k', alerts: alerts(...names) };

describe('recording and publishing in batches', () => {
  it('publishes the first alert before the last is in the archive', async () => {
    const { calls, world, deliver } = scene();
    await deliver(journey);
    const at = (operation: string, key: string) =>
      calls.findIndex(call => call.operation === operation && call.key === key);
    expect(at('publish', TOPICS.alerts)).toBeLessThan(at('put', keys.alert(idOf('n99'))));
    expect(at('publish', TOPICS.alerts)).toBeLessThan(at('put', keys.alert(idOf('n20'))));
    expect(sent(world, names)).toEqual(names);
  });

  const shapes = [
    ['of one alert each', {}, {}, 60_000],
    ['of all of them', { entityId: 'p' }, { grouping: 'incident' }, 60_000],
    ['of all of them, in a short execution', { entityId: 'p' }, { grouping: 'incident' }, 25_000],
  ] as const;
  it.each(shapes)(
    'asks for the deadline, and publishes what it has recorded: incidents %s',
    async (...row) => {
      const [, facts, grouped, totalMs] = row;
      const { world, clock, deliver } = scene();
      const renderDocument = ({ id }: { readonly id: string }): string => {
        void clock.sleep(4_000);
        return id;
      };
      const told = () => world.published.flatMap(({ carries }) => carries);
      for (let attempt = 1; attempt <= 100 && told().length < 100; attempt++) {
        const [began, before] = [clock.now(), told().length];
        const remainingMs = () => totalMs - (clock.now() - began);
        const sketch = { ...journey, alerts: names.map(name => ({ name, ...facts })), ...grouped, attempt };
        await deliver(sketch, { renderDocument, remainingMs, ...grouped }).catch(({ code }) =>
          expect(code).toBe('DeadlineGuard'),
        );
        expect(remainingMs()).toBeGreaterThan(0);
        expect(told().length).toBeGreaterThan(before);
      }
      expect(told().toSorted()).toEqual(names.map(idOf).toSorted());
    },
  );

  const lengths = [
    ['ten of the longest', ARCHIVED_LENGTH, 10],
    ['fifty ordinary ones', 100_000, 50],
  ] as const;
  it.each(lengths)('has at most so many documents in memory: %s', async (_, length, expected) => {
    const [document, { world }] = ['x'.repeat(length), scene()];
    const written = () => [...world.objects.keys()].filter(key => key.startsWith('alerts/')).length;
    let [rendered, most] = [0, 0];
    const renderDocument = () => {
      most = Math.max(most, ++rendered - written());
      return document;
    };
    const slow: Line = async (_, effect) => {
      await setImmediate();
      return effect();
    };
    const oneIncident = {
      key: 'k',
      grouping: 'incident',
      alerts: names.map(name => ({ name, entityId: 'p' })),
    } as const;
    await deliver(sketchScan(oneIncident), makePorts(world, slow, { renderDocument, grouping: 'incident' }));
    expect([written(), most]).toEqual([100, expected]);
  });

  it('gives machines every alert of every batch when the topic for people is gone', async () => {
    const { world, deliver } = scene();
    const topics = { ...TOPICS, records: RECORDS };
    const failing = deliver(journey, { topics }, ({ key }) => {
      if (key === TOPICS.alerts) throw new DeliveryError('TopicMissing', '');
    });
    await expect(failing).rejects.toMatchObject({ code: 'TopicMissing' });
    expect(sent(world, names, RECORDS).sort()).toEqual([...names].sort());
  });
});

describe('incidents', () => {
  const of = (entityId: string, ...names: string[]) => names.map(name => ({ name, entityId }));
  const grouped = { grouping: 'incident' } as const;

  it('are one message each; every alert has its receipt, which names incident and message', async () => {
    const { world, deliver } = scene();
    const result = await deliver(
      { key: 'k', alerts: [...of('p', 'a', 'b'), ...of('q', 'c')], ...grouped },
      grouped,
    );
    expect(result).toMatchObject({ published: 3 });
    expect(world.published.map(({ carries }) => carries.length)).toEqual([2, 1]);
    const receiptOf = (name: string) => {
      const folder = `receipts/${idOf(name).slice(0, 2)}/${idOf(name)}/`;
      return JSON.parse([...world.objects].find(([key]) => key.startsWith(folder))![1].body);
    };
    expect(receiptOf('a')).toMatchObject({ message: 'message 1', incident: receiptOf('b').incident });
    expect(receiptOf('c')).toMatchObject({ message: 'message 2' });
    const { incident } = receiptOf('a');
    expect(world.objects.has(keys.report(incident))).toBe(true);
    expect(world.objects.has(keys.report(receiptOf('c').incident))).toBe(false);
  });

  it('say where all of it is, should SNS refuse the message', async () => {
    const pointers: (string | null)[] = [];
    const publish: DeliverPorts['publish'] = async (_topic, _message, { pointer }) => {
      pointers.push(pointer);
      return 'message';
    };
    const sketch = { key: 'k', alerts: [...of('p', 'a', 'b'), ...of('q', 'c')], ...grouped };
    const { world, deliver } = scene();
    await deliver(sketch, { ...grouped, publish });
    const page = [...world.objects.keys()].filter(key => key.startsWith('reports/'))[2];
    expect(pointers).toEqual([`s3://archive/${page}`, `s3://archive/${keys.alert(idOf('c'))}`]);
  });

  it('leave out the repeats of an earlier object, and hold equal writes of their own', async () => {
    const { world, deliver } = scene();
    const same = { path: 'P', data: 'D', entityId: 'p' };
    await deliver(
      {
        key: 'k',
        alerts: [
          { name: 'a', ...same },
          { name: 'b', ...same },
          // An incident of its own is sent, whatever of the same object was sent before.
          { name: 'e', ...same, entityId: 'q' },
        ],
        ...grouped,
      },
      grouped,
    );
    const second = {
      key: 'l',
      alerts: [
        { name: 'c', ...same },
        { name: 'd', entityId: 'p' },
      ],
      ...grouped,
    };
    expect(await deliver(second, grouped)).toMatchObject({ published: 1, repeats: 1 });
    expect(world.published.map(({ carries }) => carries)).toEqual([
      [idOf('a'), idOf('b')].sort(),
      [idOf('e')],
      [idOf('d')],
    ]);
  });

  it('of a later object say which message they continue, and since when', async () => {
    const seen: unknown[] = [];
    const { deliver } = scene();
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 2, minute)).toISOString();
    const options: Partial<DeliverPorts> = {
      ...grouped,
      renderIncident: ({ id, alerts }, continues) => {
        seen.push([id, continues]);
        return messageOf(alerts[0].id, 'alert');
      },
    };
    for (const [key, alerts, minute] of [
      ['k', of('p', 'a'), 0],
      ['l', of('p', 'b'), 8],
      ['m', of('p', 'c'), 16],
      ['n', of('q', 'd'), 16],
      ['o', of('p', 'e'), 30],
    ] as const)
      await deliver({ key, alerts, lastModified: at(minute), ...grouped }, options);
    const [[first]] = seen as [[string, unknown]];
    const begun = { id: first, begunMs: Date.parse(at(0)) - 60_000 };
    expect(seen.map(one => (one as unknown[])[1])).toEqual([null, begun, begun, null, null]);
  });
});
