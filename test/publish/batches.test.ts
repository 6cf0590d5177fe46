import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import { RECORDS, TOPICS } from '../faults/world.ts';
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

  it('asks for the deadline for each alert, and publishes what it has recorded', async () => {
    const { world, clock, deliver } = scene();
    const renderDocument = ({ id }: { readonly id: string }): string => {
      void clock.sleep(4_000);
      return id;
    };
    const attempts: string[][] = [];
    for (let attempt = 1; attempt <= 30 && attempts.flat().length < 100; attempt++) {
      const [began, before] = [clock.now(), sent(world, names).length];
      const remainingMs = () => 60_000 - (clock.now() - began);
      await deliver({ ...journey, attempt }, { renderDocument, remainingMs }).catch(({ code }) =>
        expect(code).toBe('DeadlineGuard'),
      );
      expect(remainingMs()).toBeGreaterThan(0);
      attempts.push(sent(world, names).slice(before));
    }
    expect(attempts.every(({ length }) => length > 0)).toBe(true);
    expect(attempts.flat()).toEqual(names);
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
