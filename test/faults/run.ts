import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { inParallel } from '../../functions/alert/archive/in-parallel.ts';
import { enumerate } from './enumerate.ts';
import { flood } from './flood.ts';
import { HELD_DIGESTS } from './held-digest.ts';
import { interleave } from './interleave.ts';
import { LONG_TWINS, SCENARIOS, TWINS } from './scenarios.ts';
import { wholeJourney } from './whole-journey.ts';

/**
 * `npm run faults`: every single fault, every pair, every order of two copies, and a flood; each part in a process of its
 * own, one for each processor. Last line: the count.
 */
const FLOOD = {
  objects: 10_000,
  alertsEach: 100,
  hosts: 20,
  overMs: 30 * 60_000,
  perHour: 200,
  rate: 4,
  environments: 2,
} as const;

type Result = { readonly passed: number; readonly failed: number; readonly lines: readonly string[] };

/** The longest first. */
const parts: readonly (() => Promise<Result>)[] = [
  ...[
    ...SCENARIOS.filter(({ isLarge }) => isLarge).toReversed(),
    ...SCENARIOS.filter(({ isLarge }) => !isLarge),
    ...HELD_DIGESTS,
  ].map(scenario => () => everyFault(scenario)),
  async () => everyFault(await wholeJourney()),
  async () => {
    const burst = await flood(FLOOD);
    const isSound = burst.wrong.length === 0;
    return result(
      isSound ? 1 : 0,
      isSound ? 0 : 1,
      `10,000 objects of 100 matches, ${JSON.stringify(burst)}`,
    );
  },
  ...[...TWINS, ...LONG_TWINS].map(scenario => async () => {
    const { states, paths, lost, mostDuplicates, failures } = await interleave(scenario);
    const counts = `${paths} orders, ${states} states, ${lost} lost, at most ${mostDuplicates} duplicates`;
    return result(
      lost === 0 ? 1 : 0,
      lost === 0 ? 0 : 1,
      `two copies: ${scenario.name}, ${counts}`,
      ...failures,
    );
  }),
];

async function everyFault(scenario: (typeof SCENARIOS)[number]): Promise<Result> {
  const { runs, passed, lost, duplicates, failures } = await enumerate(scenario);
  const line = `${scenario.name}, ${runs} runs, ${lost} lost, ${duplicates} duplicates`;
  return result(passed, runs - passed, line, ...failures);
}

function result(passed: number, failed: number, line: string, ...failures: readonly string[]): Result {
  return { passed, failed, lines: [line, ...failures.map(failure => `  ${failure}`)] };
}

/** A part that ends without its result is one that failed. */
async function inOwnProcess(at: number): Promise<Result> {
  const child = spawn(process.execPath, [import.meta.filename, String(at)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await text(child.stdout);
  const part = output === '' ? result(0, 1, `part ${at} has no result`) : (JSON.parse(output) as Result);
  process.stdout.write(`${part.lines.join('\n')}\n`);
  return part;
}

const only = process.argv[2];
if (only === undefined) {
  const results = await inParallel([...parts.keys()], availableParallelism(), inOwnProcess);
  const sum = (of: 'passed' | 'failed') => results.reduce((total, part) => total + part[of], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
} else if (!Object.hasOwn(parts, only)) {
  process.stderr.write(`no part ${only}; there are 0 to ${parts.length - 1}, and without one all run\n`);
  process.exitCode = 2;
} else {
  // Millions of errors are thrown, and nobody reads where.
  Error.stackTraceLimit = 0;
  process.stdout.write(JSON.stringify(await parts[Number(only)]!()));
}
