import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { random, scale, seed } from '../scale.ts';
import { Product, smallLog } from './product.ts';

const RUNS = Math.max(50, scale(2000));
const directory = mkdtempSync(join(tmpdir(), 'kill-'));
let product: Product;
beforeAll(async () => {
  product = await Product.start(directory);
});
afterAll(async () => {
  await product?.stop();
  rmSync(directory, { recursive: true });
});

/** Plans one kill: before a call is done, when it is done and not yet answered, or at some time. */
function planKill(
  choose: () => number,
  calls: number,
): { readonly when: string; readonly timer?: NodeJS.Timeout } {
  const kill = () => product.function.kill();
  const nth = 1 + Math.floor(choose() * calls);
  const call = { op: '*', nth, where: { caller: 'function' } };
  const kind = choose();
  if (kind < 0.4) {
    product.aws.faults.add({ ...call, kind: 'run', before: kill }, { ...call, kind: 'failBefore' });
    return { when: `before call ${nth}` };
  }
  if (kind < 0.8) {
    product.aws.faults.add({ ...call, kind: 'run', after: kill });
    return { when: `after call ${nth}` };
  }
  const afterMs = Math.floor(choose() * 500);
  return { when: `after ${afterMs} ms`, timer: setTimeout(kill, afterMs) };
}

it(`tells at least once and at most twice, killed at ${RUNS} random places (T47)`, {
  timeout: RUNS * 20_000,
}, async () => {
  const choose = random(seed());
  await product.aws.s3.put('logs', 'exports/first', smallLog('HOST-first'));
  await product.settle();
  const calls = product.aws.calls.all.length;
  for (let run = 0; run < RUNS; run++) {
    product.aws.faults.clear();
    const host = `HOST-${run}`;
    const { when, timer } = planKill(choose, calls);
    await product.aws.s3.put('logs', `exports/${host}`, smallLog(host));
    const { told, deadLetters } = await product.settle();
    clearTimeout(timer);
    const times = told.filter(one => one === host).length;
    expect([deadLetters, times >= 1, times <= 2], `run ${run}, killed ${when}: ${times} times`).toEqual([
      0,
      true,
      true,
    ]);
  }
});
