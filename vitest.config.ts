import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const isEdges = process.env['EDGES'] === '1';

export default defineConfig({
  test: {
    // Tests of what the product hands to other programs, run as those programs: `npm run test:edges`.
    include: [isEdges ? 'test/edges/**/*.test.ts' : 'test/**/*.test.ts'],
    exclude: isEdges ? [] : ['test/edges/**', '**/node_modules/**'],
    reporters: ['default', './test/totals.ts'],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Files of a worker share its modules: to load rules, clients and compiler anew for each takes a third of a run.
    isolate: isEdges,
    // The main process waits most of the time, and some tests do: one worker more than processors keeps them busy.
    maxWorkers: availableParallelism() + 1,
    globalSetup: './test/aws-calls.ts',
    env: { LOCAL_AWS_CALLS: resolve('out/aws-calls.ndjson') },
    testTimeout: isEdges ? 300_000 : 60_000,
    hookTimeout: 60_000,
  },
});
