import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/alert/archive/keys.ts';
import type { Notice } from '../../functions/alert/notification/index.ts';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import { messageOf, type World } from '../faults/world.ts';
import { alerts, idOf, scene, sent } from './scene.ts';

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

  it('named like an hour does not replace its notice', async () => {
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

  it('holds back nothing of an object whose own message comes later', async () => {
    const { world, deliver } = scene();
    const journey = { key: 'k', alerts: alerts('a', 'b'), isDamaged: true };
    await deliver({ ...journey, backfill: run });
    expect(await deliver(journey)).toMatchObject({ published: 2, held: 0, notices: 1 });
    expect(sent(world)).toEqual(['backfill', 'a', 'b', 'quarantine']);
    expect(await deliver(journey)).toMatchObject({ known: 2, held: 0 });
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

  it('without an archive is published singly', async () => {
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
