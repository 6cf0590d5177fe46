import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/totals.ts'],
    pool: 'forks',
    // The main process waits most of the time: a worker for each processor halves a run on two of them.
    maxWorkers: '100%',
    globalSetup: './test/aws-calls.ts',
    env: { LOCAL_AWS_CALLS: resolve('out/aws-calls.ndjson') },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
