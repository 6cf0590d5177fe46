import { type DeliverPorts, deliver, type Scanned } from '../../functions/alert/delivery/deliver.ts';
import { judge } from './verdict.ts';
import {
  type Call,
  Crash,
  jumpingClock,
  type Line,
  makePorts,
  makeWorld,
  transient,
  type World,
} from './world.ts';

/** `resend`: the SDK sends a write again after its answer was lost, and sees its own work. */
export const FAULTS = ['failBefore', 'loseResponse', 'resend', 'crashBefore', 'crashAfter'] as const;
export type FaultKind = (typeof FAULTS)[number];

export type Fault = { readonly at: number; readonly kind: FaultKind };

export type Run = {
  readonly lost: readonly string[];
  readonly duplicates: number;
  /** Calls of all attempts together. */
  readonly calls: readonly Call[];
  readonly attempts: number;
};

export type Scenario = {
  readonly name: string;
  readonly scanned: Scanned;
  readonly options?: Partial<DeliverPorts>;
  /** What was there before. */
  readonly prepare?: (world: World) => void;
};

/** The queue gives a message so often before it moves it to the dead letters; then somebody moves it back. */
const RECEIVES = 5;
const START = Date.UTC(2026, 10, 24, 2, 50);

/** Delivers one object to its acknowledgement under a plan of faults, each at a number of the calls over all attempts. */
export async function run(scenario: Scenario, faults: readonly Fault[]): Promise<Run> {
  const world = makeWorld(jumpingClock(START));
  scenario.prepare?.(world);
  const before = world.published.length;
  const calls: Call[] = [];
  for (let attempt = 1; attempt <= RECEIVES; attempt++) {
    const ports = makePorts(world, faultyLine(calls, faults), scenario.options);
    try {
      await deliver({ ...scenario.scanned, attempt }, ports);
    } catch {
      await world.clock.sleep(20_000 * 3 ** (attempt - 1));
      continue;
    }
    const { lost, duplicates } = judge(world, scenario.scanned);
    return { lost, duplicates, calls, attempts: attempt };
  }
  return {
    lost: [`not done after ${RECEIVES} attempts, ${world.published.length - before} published`],
    duplicates: 0,
    calls,
    attempts: RECEIVES,
  };
}

/** A line of one process; the count of calls runs on over processes. */
function faultyLine(calls: Call[], faults: readonly Fault[]): Line {
  let isDead = false;
  return async (call, effect) => {
    if (isDead) throw new Crash();
    const fault = faults.find(({ at }) => at === calls.length)?.kind;
    calls.push(call);
    if (fault === 'failBefore') throw transient(call);
    if (fault === 'crashBefore') {
      isDead = true;
      throw new Crash();
    }
    const result = effect();
    if (fault === 'loseResponse') throw transient(call);
    if (fault === 'crashAfter') {
      isDead = true;
      throw new Crash();
    }
    return fault === 'resend' && call.operation !== 'publish' ? effect() : result;
  };
}

export type Total = {
  runs: number;
  lost: number;
  duplicates: number;
  mostDuplicates: number;
  failures: string[];
};

/** Every single fault, and with `pairs` every second one at every later call of the run it made. */
export async function enumerate(
  scenario: Scenario,
  {
    pairs,
    keep = () => true,
  }: { readonly pairs: boolean; readonly keep?: (first: Fault, second: Fault) => boolean },
): Promise<Total> {
  const total: Total = { runs: 0, lost: 0, duplicates: 0, mostDuplicates: 0, failures: [] };
  const take = (done: Run, faults: readonly Fault[]): void => {
    total.runs++;
    total.lost += done.lost.length;
    total.duplicates += done.duplicates;
    total.mostDuplicates = Math.max(total.mostDuplicates, done.duplicates);
    const isWrong = done.lost.length > 0 || done.duplicates > faults.length;
    if (isWrong && total.failures.length < 20)
      total.failures.push(
        `${scenario.name}: ${faults.map(({ at, kind }) => `${kind} at ${at} (${done.calls[at]?.operation} ${done.calls[at]?.key})`).join(', ')}: lost ${done.lost.join(', ') || 'none'}, ${done.duplicates} duplicates`,
      );
    else if (isWrong) total.failures.push('');
  };
  const clean = await run(scenario, []);
  take(clean, []);
  for (let at = 0; at < clean.calls.length; at++) {
    for (const kind of FAULTS) {
      const first = { at, kind };
      const single = await run(scenario, [first]);
      take(single, [first]);
      if (!pairs) continue;
      for (let later = at + 1; later < single.calls.length; later++) {
        for (const secondKind of FAULTS) {
          const second = { at: later, kind: secondKind };
          if (keep(first, second)) take(await run(scenario, [first, second]), [first, second]);
        }
      }
    }
  }
  return total;
}
