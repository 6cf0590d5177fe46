import { describe, expect, it, vi } from 'vitest';
import { random, scale, seed } from '../scale.ts';
import { enumerate } from './enumerate.ts';
import { flood } from './flood.ts';
import { HELD_DIGESTS } from './held-digest.ts';
import { interleave } from './interleave.ts';
import { SCENARIOS, TWINS } from './scenarios.ts';
import { wholeJourney } from './whole-journey.ts';

/** Nothing here is timed: a busy machine may take its time. */
vi.setConfig({ testTimeout: 600_000 });

/** Draws of the random part, each from a seed of its own that the seed of the run gives. */
const DRAWS = process.env['SOAK'] === '1' ? 50 : 3;

/** Of the large objects; `npm run faults` goes through all of them. */
const SINGLES = process.env['SOAK'] === '1' ? 'all' : 'edges';

/** Keeps what any of the draws keeps: together that share of the pairs. `npm run faults` goes through them all. */
function sampled(pairs: number): () => boolean {
  const seeds = random(seed());
  const draws = Array.from({ length: DRAWS }, () => random(Math.floor(seeds() * 2 ** 32)));
  return () => draws.filter(next => next() < pairs / DRAWS).length > 0;
}

describe('under every single fault, and a share of the pairs', () => {
  it.each([...SCENARIOS, ...HELD_DIGESTS].map(scenario => [scenario.name, scenario] as const))(
    '%s: nothing lost, at most one twice a fault',
    async (_, scenario) => {
      const { failures, runs } = await enumerate(scenario, sampled(scale(100) / 100), SINGLES);
      expect(failures).toEqual([]);
      expect(runs).toBeGreaterThan(100);
    },
  );

  it('a log is read, evaluated and published', async () => {
    const { failures } = await enumerate(await wholeJourney(), sampled(scale(20) / 100));
    expect(failures).toEqual([]);
  });
});

describe('two copies at once, one of which may die', () => {
  it.each(TWINS.map(scenario => [scenario.name, scenario] as const))(
    '%s: nothing lost in any order',
    async (_, scenario) => {
      const { failures, paths } = await interleave(scenario);
      expect(failures).toEqual([]);
      expect(paths).toBeGreaterThan(10_000n);
    },
  );
});

it('a flood is paced, held and counted, and buries nobody', async () => {
  const objects = scale(10_000);
  const { wrong } = await flood({
    objects,
    alertsEach: 100,
    hosts: 20,
    overMs: objects * 180,
    perHour: 200,
    rate: 4,
    environments: 2,
  });
  expect(wrong).toEqual([]);
});
