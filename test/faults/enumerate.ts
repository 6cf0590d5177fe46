import { random } from '../scale.ts';
import type { Verdict } from './verdict.ts';
import { type Call, Crash, jumpingClock, type Line, makeWorld, transient, type World } from './world.ts';

/**
 * What can happen to one call. `resend`: the SDK sends a write again after its answer was lost, and sees its own work.
 * A body that is read breaks off in the middle for both `loseResponse` and `resend`.
 */
const FAULTS = ['failBefore', 'loseResponse', 'resend', 'crashBefore', 'crashAfter'] as const;
type FaultKind = (typeof FAULTS)[number];

type Fault = { readonly at: number; readonly kind: FaultKind };

export type Scenario = {
  readonly name: string;
  /** What was there before. */
  readonly prepare?: (world: World) => void | Promise<void>;
  /** One attempt in a process of its own; it throws when something is not done. */
  readonly attempt: (world: World, line: Line, attempt: number) => Promise<void>;
  /** What an acknowledgement owes. */
  readonly evaluate: (world: World) => Verdict;
  /** Milliseconds UTC. */
  readonly startMs?: number;
  /**
   * Hundreds of calls, most of which differ from the one before in nothing but the alert: see `edgesOf`. Then pairs are
   * gone through at the edges alone, and one in `OTHER_PAIRS` of all others.
   */
  readonly isLarge?: boolean;
};

type Made = Call & { readonly attempt: number };

type Run = Verdict & {
  /** Calls of all attempts together. */
  readonly calls: readonly Made[];
  readonly attempts: number;
};

/** The queue gives a message so often before it moves it to the dead letters; then somebody moves it back. */
const RECEIVES = 5;
const START = Date.UTC(2026, 10, 24, 2, 50);

/** Delivers one object to its acknowledgement under a plan of faults, each at a number of the calls over all attempts. */
async function run(scenario: Scenario, faults: readonly Fault[]): Promise<Run> {
  const world = makeWorld(jumpingClock(scenario.startMs ?? START));
  await scenario.prepare?.(world);
  const calls: Made[] = [];
  for (let attempt = 1; attempt <= RECEIVES; attempt++) {
    try {
      await scenario.attempt(world, faultyLine(calls, faults, attempt), attempt);
    } catch {
      await world.clock.sleep(20_000 * 3 ** (attempt - 1));
      continue;
    }
    return { ...scenario.evaluate(world), calls, attempts: attempt };
  }
  return { lost: [`not done after ${RECEIVES} attempts`], duplicates: 0, calls, attempts: RECEIVES };
}

/** The line of one process; the count of calls runs on over processes. */
function faultyLine(calls: Made[], faults: readonly Fault[], attempt: number): Line {
  let isDead = false;
  return async (call, effect) => {
    if (isDead) throw new Crash();
    const fault = faults.find(({ at }) => at === calls.length)?.kind;
    calls.push({ ...call, attempt });
    if (fault === 'failBefore') throw transient(call);
    if (fault === 'crashBefore') {
      isDead = true;
      throw new Crash();
    }
    const result = effect(fault);
    if (fault === 'loseResponse' && call.operation !== 'read') throw transient(call);
    if (fault === 'crashAfter') {
      isDead = true;
      throw new Crash();
    }
    return fault === 'resend' && call.operation !== 'publish' ? effect(fault) : result;
  };
}

export type Total = {
  runs: number;
  passed: number;
  lost: number;
  duplicates: number;
  /** The first of what is wrong, as sentences. */
  readonly failures: string[];
};

const FAILURES_SHOWN = 20;

/** Of the pairs of a large object that are not both at an edge, one in so many: always the same ones. */
const OTHER_PAIRS = 1_000;

/**
 * Every single fault; and every second one at every later call of the run it made, or those of them that are kept. Where
 * `singles` is `edges`, first faults of a large object are at the edges alone.
 */
export async function enumerate(
  scenario: Scenario,
  keepPair: () => boolean = () => true,
  singles: 'all' | 'edges' = 'all',
): Promise<Total> {
  const total: Total = { runs: 0, passed: 0, lost: 0, duplicates: 0, failures: [] };
  const next = random(1);
  const take = async (faults: readonly Fault[]): Promise<Run> => {
    const done = await run(scenario, faults);
    total.runs++;
    total.lost += done.lost.length;
    total.duplicates += done.duplicates;
    if (done.lost.length === 0 && done.duplicates <= faults.length) total.passed++;
    else if (total.failures.length < FAILURES_SHOWN) total.failures.push(sentence(scenario, faults, done));
    return done;
  };
  const edges = ({ calls }: Run): ReadonlySet<number> | null => (scenario.isLarge ? edgesOf(calls) : null);
  const clean = await take([]);
  const firsts = edges(clean);
  for (let at = 0; at < clean.calls.length; at++) {
    const isEdge = firsts?.has(at) ?? true;
    if (!isEdge && singles === 'edges') continue;
    for (const kind of FAULTS) {
      const first = { at, kind };
      const single = await take([first]);
      const seconds = edges(single);
      for (let later = at + 1; later < single.calls.length; later++) {
        const isPairOfEdges = isEdge && (seconds?.has(later) ?? true);
        for (const other of FAULTS)
          if ((isPairOfEdges || next() < 1 / OTHER_PAIRS) && keepPair())
            await take([first, { at: later, kind: other }]);
      }
    }
  }
  return total;
}

/** Of the calls of one attempt that do the same with the same folder: the first, the middle one and the last. */
function edgesOf(calls: readonly Made[]): ReadonlySet<number> {
  const alike = Map.groupBy(calls.keys(), at => {
    const { attempt, operation, key } = calls[at]!;
    const [folder] = key.split('/');
    return `${attempt} ${operation} ${folder} ${/slots|claims|hosts|held|thread/.exec(key)?.[0]}`;
  });
  return new Set([...alike.values()].flatMap(of => [of[0]!, of[Math.floor(of.length / 2)]!, of.at(-1)!]));
}

function sentence({ name }: Scenario, faults: readonly Fault[], { lost, duplicates, calls }: Run): string {
  const plan = faults.map(
    ({ at, kind }) => `${kind} at ${at} (${calls[at]?.operation} ${calls[at]?.key.slice(0, 40)})`,
  );
  return `${name}: ${plan.join(', ') || 'no fault'}: lost ${lost.join(', ') || 'nothing'}, ${duplicates} sent twice`;
}
