#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

/**
 * Entry point of the command line: finds the command among the files of `cli/`, runs it, prints errors, sets the exit status.
 * The compile cache is enabled before anything else is loaded: it halves the start of a short command.
 */
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `registry-alert needs Node 24; this is ${process.version}. On Linux, npm ci brings one: npx registry-alert\n`,
  );
  process.exit(2);
}
enableCompileCache?.();
const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
