import { expect, it } from 'vitest';
import { random, scale, seed } from '../scale.ts';
import { keyOf, smallLog, started } from './product.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

const RUNS = scale(2000);
const product = await started();

type Planned = { readonly when: string; readonly timer?: NodeJS.Timeout };

/** Before a call is done, or when it is done and not yet answered. */
function killAtCall(nth: number, isDone: boolean): Planned {
  const kill = () => product.function.kill();
  const call = { op: '*', nth, where: { caller: 'function' } };
  if (isDone) product.aws.faults.add({ ...call, kind: 'run', after: kill });
  else product.aws.faults.add({ ...call, kind: 'run', before: kill }, { ...call, kind: 'failBefore' });
  return { when: `${isDone ? 'after' : 'before'} call ${nth}` };
}

function killAfter(ms: number): Planned {
  return { when: `after ${ms} ms`, timer: setTimeout(() => product.function.kill(), ms) };
}

it(`publishes at least once and at most twice, killed at each call and at random, ${RUNS} times (T47)`, {
  timeout: RUNS * 20_000,
}, async () => {
  const choose = random(seed());
  // The first journeys are shorter: there is no history to read yet.
  let calls = 0;
  for (let run = 0; run < 8; run++) {
    const before = product.aws.calls.all.length;
    await product.aws.s3.put('logs', `exports/early-${run}`, smallLog(`HOST-early-${run}`));
    await product.settle();
    calls = product.aws.calls.all.length - before;
  }
  for (let run = 0; run < RUNS; run++) {
    product.aws.faults.clear();
    const host = `HOST-${run}`;
    // Every call of the journey once, then anywhere.
    const { when, timer } =
      run < 2 * calls
        ? killAtCall(1 + Math.floor(run / 2), run % 2 === 1)
        : choose() < 0.5
          ? killAtCall(1 + Math.floor(choose() * calls), choose() < 0.5)
          : killAfter(Math.floor(choose() * 500));
    await product.aws.s3.put('logs', keyOf(host), smallLog(host));
    const { published, deadLetters } = await product.settle();
    clearTimeout(timer);
    const times = published.filter(one => one === host).length;
    expect([deadLetters, times >= 1, times <= 2], `run ${run}, killed ${when}: ${times} times`).toEqual([
      0,
      true,
      true,
    ]);
  }
});
