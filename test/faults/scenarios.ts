import { keys, objectIdOf } from '../../functions/alert/archive/keys.ts';
import { overflowIn } from '../../functions/alert/archive/overflow.ts';
import type { Alert } from '../../functions/alert/detection/index.ts';
import { deliver } from '../../functions/alert/publish/deliver.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import type { Exception } from '../../functions/alert/ruleset/index.ts';
import type { Scenario } from './enumerate.ts';
import { type AlertSketch, type JourneySketch, sha256, sketchAlert, sketchScan } from './journey.ts';
import { evaluate } from './verdict.ts';
import { makePorts, RECORDS, TOPICS, type World } from './world.ts';

const two = [{ name: 'a' }, { name: 'b', host: 'H2' }];
const three = [...two, { name: 'c' }];

const GROUPED = { grouping: 'incident' } as const;

/** Alerts of one initiator on one host. */
const by = (entityId: string, ...names: readonly string[]): AlertSketch[] =>
  names.map(name => ({ name, entityId }));

type Settings = Partial<DeliverPorts> & {
  readonly startMs?: number;
  readonly prepare?: (world: World) => void | Promise<void>;
  /** Alerts like one of an earlier object, by name: nobody is owed them. */
  readonly repeated?: readonly string[];
  /** What an exception accepts, by name: in the archive, before anything is delivered. */
  readonly excepted?: readonly string[];
  readonly isLarge?: boolean;
};

/** The delivery of what was read, over the lines of its ports. */
function delivery(name: string, sketch: Omit<JourneySketch, 'key'>, settings: Settings = {}): Scenario {
  const { startMs, prepare, repeated = [], excepted = [], isLarge = false, ...options } = settings;
  const isOwed = ({ id }: Alert): boolean => !repeated.some(of => sketchAlert({ name: of }, '').id === id);
  const result = sketchScan({ key: name, ...sketch });
  const objectId = objectIdOf(sha256, result.object);
  return {
    name,
    attempt: async (world, line, attempt) => {
      const ports = makePorts(world, line, options);
      if (excepted.length > 0) {
        const overflow = overflowIn(ports.archive!, objectId, 'basis');
        for (const of of excepted) await overflow.keepExcepted(sketchAlert({ name: of }, ''), EXCEPTION);
        await overflow.finish();
      }
      await deliver({ ...result, attempt }, ports);
    },
    evaluate: world => {
      const verdict = evaluate(world, result, isOwed);
      const isKept = excepted.length === 0 || world.objects.has(keys.excepted(objectId, 'basis'));
      return isKept ? verdict : { ...verdict, lost: [...verdict.lost, 'what is excepted'] };
    },
    isLarge,
    ...(startMs === undefined ? {} : { startMs }),
    ...(prepare ? { prepare } : {}),
  };
}

const EXCEPTION = { id: 'exception' } as Exception;

/** An incident of so many, with a repeat of an earlier object, one that an exception accepts, and another incident beyond the limit of the hour. */
function mixed(size: number): Scenario {
  const names = Array.from({ length: size }, (_, at) => `n${at}`);
  return delivery(
    `an incident of ${size}, a repeat, an exception, and an incident that is held`,
    {
      grouping: 'incident',
      // One more than a hundred would be another message.
      alerts: [...by('p', ...names), ...by(size < 100 ? 'p' : 'r', 'old'), ...by('q', 'c', 'd')],
      hasDigest: true,
    },
    { ...GROUPED, perHour: 2, prepare: publishOld, repeated: ['old'], excepted: ['e'], isLarge: size > 2 },
  );
}

/** Small journeys that between them make every call that delivery makes. */
export const SCENARIOS: readonly Scenario[] = [
  delivery('two alerts', { alerts: two }),
  delivery('three alerts, a digest and damage', { alerts: three, hasDigest: true, isDamaged: true }),
  delivery(
    'an hour of two messages, the others held',
    { alerts: three, hasDigest: true, isDamaged: true },
    { perHour: 3 },
  ),
  delivery('a quiet backfill', { alerts: three, hasDigest: true, isDamaged: true, backfill: 'run-1' }),
  delivery(
    'an hour that ends in between',
    { alerts: three },
    { perHour: 1, startMs: Date.UTC(2026, 10, 24, 2, 59, 50) },
  ),
  delivery(
    'an hour used up but for the place of a new host',
    { alerts: two },
    { perHour: 5, prepare: useUp },
  ),
  delivery('repeats', {
    alerts: [
      { name: 'a', path: 'p', data: 'd' },
      { name: 'b', path: 'p', data: 'd' },
      { name: 'c', path: 'q', data: 'd' },
    ],
  }),
  delivery(
    'incidents of two and of one',
    { grouping: 'incident', alerts: [...by('p', 'a', 'b'), ...by('q', 'c')] },
    GROUPED,
  ),
  ...[1, 2, 40, 100].map(mixed),
  delivery(
    'a repeat that is due, one that is not, and news in one incident',
    { grouping: 'incident', alerts: by('p', 'a', 'old', 'late') },
    { ...GROUPED, prepare: publishEarlier, repeated: ['late'] },
  ),
  delivery('a topic for machines', { alerts: two }, { topics: { ...TOPICS, records: RECORDS }, perHour: 1 }),
];

/** Those of which every order of two copies is gone through. */
export const TWINS: readonly Scenario[] = [
  delivery('one alert', { alerts: [{ name: 'a' }] }),
  delivery('two alerts', { alerts: two }),
  delivery('one alert and damage', { alerts: [{ name: 'a' }], isDamaged: true }),
];

/** Many more orders: for `npm run faults` alone. */
export const LONG_TWINS: readonly Scenario[] = [
  delivery('an incident of two', { grouping: 'incident', alerts: by('p', 'a', 'b') }, GROUPED),
  delivery('one alert and a digest', { alerts: [{ name: 'a' }], hasDigest: true }),
  delivery('two alerts, one held', { alerts: two }, { perHour: 1 }),
];

function useUp({ objects, clock }: World): void {
  for (let slot = 0; slot < 4; slot++) {
    const body = JSON.stringify({ id: `other ${slot}`, at: clock.now() });
    objects.set(keys.slot('2026-11-24T02', 'any', slot), { body, etag: `${slot}`, modifiedMs: clock.now() });
  }
}

/** An alert like the one of that name was published with an earlier object. */
async function publishLike(world: World, name: string): Promise<void> {
  const earlier = { name: `before ${name}`, path: `HKLM\\Run\\${name}`, data: `${name}.exe`, entityId: 'p' };
  await deliver(
    sketchScan({ key: `before ${name}`, alerts: [earlier] }),
    makePorts(world, async (_, effect) => effect()),
  );
}

function publishOld(world: World): Promise<void> {
  return publishLike(world, 'old');
}

/** The message about `old` is more than an hour old, that about `late` is not, whatever the attempts take. */
async function publishEarlier(world: World): Promise<void> {
  await publishLike(world, 'old');
  await world.clock.sleep(40 * 60_000);
  await publishLike(world, 'late');
  await world.clock.sleep(21 * 60_000);
}
