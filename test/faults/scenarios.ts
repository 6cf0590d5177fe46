import { keys } from '../../functions/alert/archive/keys.ts';
import type { Alert } from '../../functions/alert/detection/index.ts';
import { deliver } from '../../functions/alert/publish/deliver.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import type { Scenario } from './enumerate.ts';
import { type AlertSketch, type JourneySketch, sketchAlert, sketchScan } from './journey.ts';
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
};

/** The delivery of what was read, over the lines of its ports. */
export function delivery(
  name: string,
  sketch: Omit<JourneySketch, 'key'>,
  settings: Settings = {},
): Scenario {
  const { startMs, prepare, repeated = [], ...options } = settings;
  const isOwed = ({ id }: Alert): boolean => !repeated.some(of => sketchAlert({ name: of }, '').id === id);
  const result = sketchScan({ key: name, ...sketch });
  return {
    name,
    attempt: async (world, line, attempt) => {
      await deliver({ ...result, attempt }, makePorts(world, line, options));
    },
    evaluate: world => evaluate(world, result, isOwed),
    ...(startMs === undefined ? {} : { startMs }),
    ...(prepare ? { prepare } : {}),
  };
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
  delivery(
    'incidents with a repeat of an earlier object, the last one held',
    { grouping: 'incident', alerts: [...by('p', 'a', 'b', 'old'), ...by('q', 'c', 'd')], hasDigest: true },
    { ...GROUPED, perHour: 2, prepare: publishOld, repeated: ['old'] },
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
  delivery('one alert and a digest', { alerts: [{ name: 'a' }], hasDigest: true }),
  delivery('two alerts, one held', { alerts: two }, { perHour: 1 }),
];

function useUp({ objects, clock }: World): void {
  for (let slot = 0; slot < 4; slot++) {
    const body = JSON.stringify({ id: `other ${slot}`, at: clock.now() });
    objects.set(keys.slot('2026-11-24T02', 'any', slot), { body, etag: `${slot}`, modifiedMs: clock.now() });
  }
}

/** An alert like the one named `old` was published with an earlier object. */
async function publishOld(world: World): Promise<void> {
  const older = { name: 'older', path: 'HKLM\\Run\\old', data: 'old.exe', entityId: 'p' };
  await deliver(
    sketchScan({ key: 'earlier', alerts: [older] }),
    makePorts(world, async (_, effect) => effect()),
  );
}
