#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/**
 * The entry point of the built command line: `cli.cjs` with the bytecode that V8 made of it when it was built and had
 * scanned a log with matches (`cli.cache`). Node's own cache keeps of a file what runs when it is loaded, and no function
 * that is called later. V8 refuses bytecode of another version or of other flags, and compiles the file then.
 */
export type CompiledCli = {
  readonly script: Script;
  readonly main: typeof import('../../functions/alert/cli/main.ts').main;
};

const HERE = import.meta.dirname;

/** `folder` has the two files; without `cache` the file is compiled. */
export function compiledCli(folder: string, cachedData: Buffer | undefined): CompiledCli {
  const filename = `${folder}/cli.cjs`;
  const script = new Script(readFileSync(filename, 'utf8'), { filename, ...(cachedData && { cachedData }) });
  const module = { exports: {} as { main: CompiledCli['main'] } };
  script.runInThisContext()(module, createRequire(filename), pathToFileURL(filename).href);
  return { script, main: module.exports.main };
}

// Undefined before Node 24, where the command would otherwise do nothing, with status 0.
if (import.meta.main !== false) {
  if (Number.parseInt(process.versions.node, 10) < 24) {
    process.stderr.write(
      `registry-alert needs Node 24; this is ${process.version}. On Linux, npm ci brings one: npx registry-alert\n`,
    );
    process.exit(2);
  }
  let cache: Buffer | undefined;
  try {
    cache = readFileSync(`${HERE}/cli.cache`);
  } catch {}
  process.exitCode = await compiledCli(HERE, cache).main(process.argv.slice(2));
}
