import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/totals.ts'],
    pool: 'forks',
    globalSetup: './test/aws-calls.ts',
    env: { LOCAL_AWS_CALLS: resolve('out/aws-calls.ndjson') },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
