import { createHash } from 'node:crypto';
import type { Scenario } from './enumerate.ts';
import { Crash, jumpingClock, type Line, makeWorld, type World } from './world.ts';

/** What happens next: a copy's oldest call is answered, or the copy dies before it. */
type Choice = 'A' | 'B' | 'crash A' | 'crash B';

type Copy = {
  readonly pending: (() => void)[];
  readonly answers: string[];
  state: 'running' | 'done' | 'failed';
};

type Moment = { readonly world: World; readonly copies: { readonly A: Copy; readonly B: Copy } };

export type Interleavings = {
  /** Distinct states of world and copies that were reached; every order of calls is a path through them. */
  states: number;
  /** Orders of calls. */
  paths: bigint;
  lost: number;
  mostDuplicates: number;
  failures: string[];
};

/** No decision of either copy depends on what these calls answer or write. */
const NO_MATTER = /^(reports|seen)\//;

/** Each copy has its own clock, so that the order of calls changes no time in a receipt. */
const ownClock = () => jumpingClock(Date.UTC(2026, 10, 24, 2, 50));

/**
 * Two copies of one message at once: every order of their calls, with at most one of them killed at any point; the killed
 * one is delivered again afterwards. Orders that lead to the same state are followed on once.
 */
export async function interleave(scenario: Scenario): Promise<Interleavings> {
  const known = new Map<string, bigint>();
  const total: Interleavings = { states: 0, paths: 0n, lost: 0, mostDuplicates: 0, failures: [] };

  const follow = async (moment: Moment, choices: readonly Choice[]): Promise<bigint> => {
    const hasCrashed = choices.some(choice => choice.startsWith('crash'));
    const name = nameOf(moment, hasCrashed);
    const before = known.get(name);
    if (before !== undefined) return before;
    total.states++;
    const open = (['A', 'B'] as const).filter(copy => moment.copies[copy].state === 'running');
    if (open.length === 0) {
      await settle(scenario, moment, choices, total);
      known.set(name, 1n);
      return 1n;
    }
    const next: Choice[] = open.flatMap(copy => (hasCrashed ? [copy] : [copy, `crash ${copy}` as const]));
    let paths = 0n;
    for (const [i, choice] of next.entries()) {
      // The first goes on where this moment stands; only the others need it made anew.
      const from = i === 0 ? moment : await replay(scenario, choices);
      await take(from, choice);
      paths += await follow(from, [...choices, choice]);
    }
    known.set(name, paths);
    return paths;
  };
  total.paths = await follow(await replay(scenario, []), []);
  return total;
}

async function replay(scenario: Scenario, choices: readonly Choice[]): Promise<Moment> {
  const world = makeWorld(ownClock());
  scenario.prepare?.(world);
  const moment = { world, copies: { A: start(scenario, world), B: start(scenario, world) } };
  await quiet();
  for (const choice of choices) await take(moment, choice);
  return moment;
}

async function take({ copies }: Moment, choice: Choice): Promise<void> {
  const copy = copies[choice.endsWith('A') ? 'A' : 'B'];
  if (choice.startsWith('crash')) copy.state = 'failed';
  else copy.pending.shift()!();
  await quiet();
}

function start(scenario: Scenario, world: World): Copy {
  const copy: Copy = { pending: [], answers: [], state: 'running' };
  const line: Line = (call, effect) =>
    new Promise((resolve, reject) => {
      if (NO_MATTER.test(call.key) || call.operation === 'list') return resolve(effect());
      copy.pending.push(() => {
        if (copy.state === 'failed') return reject(new Crash());
        const answer = effect();
        copy.answers.push(JSON.stringify(answer) ?? '');
        resolve(answer);
      });
    });
  scenario.attempt({ ...world, clock: ownClock() }, line, 1).then(
    () => {
      copy.state = 'done';
    },
    () => {
      copy.state = 'failed';
    },
  );
  return copy;
}

/** Until both copies wait for an answer: everything else is microtasks. */
function quiet(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

async function settle(
  scenario: Scenario,
  { world, copies }: Moment,
  choices: readonly Choice[],
  total: Interleavings,
): Promise<void> {
  const direct: Line = async (_, effect) => effect();
  for (const copy of [copies.A, copies.B])
    if (copy.state === 'failed') await scenario.attempt(world, direct, 2);
  const { lost, duplicates } = scenario.evaluate(world);
  total.lost += lost.length;
  total.mostDuplicates = Math.max(total.mostDuplicates, duplicates);
  if (lost.length > 0 && total.failures.length < 10)
    total.failures.push(`${scenario.name}: ${choices.join(' ')}: lost ${lost.join(', ')}`);
}

function nameOf({ world, copies }: Moment, hasCrashed: boolean): string {
  const objects = [...world.objects]
    .map(([key, { body }]) => [key, body])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
  const published = world.published.map(({ topicArn, id }) => `${topicArn} ${id}`).sort();
  const state = [
    objects,
    published,
    hasCrashed,
    ...[copies.A, copies.B].map(({ state, answers }) => [state, answers]),
  ];
  return createHash('sha1').update(JSON.stringify(state)).digest('base64');
}
