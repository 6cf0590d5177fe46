import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/**
 * node test/soak.ts [PART…]: every random test at its full count, the exhaustive faults, the memory runs, and the
 * whole suite twenty times with a seed each. Without a part all of them; a part is the name of a folder of test/,
 * `every-fault`, `memory` or `repetitions`. Last line: N passed, N failed.
 */
type Part = { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly times: number };

const VITEST = ['node_modules/vitest/vitest.mjs', 'run'];
const FULL = { ...process.env, SOAK: '1' };

const folders = readdirSync('test', { withFileTypes: true })
  .filter(entry => entry.isDirectory() && hasTests(`test/${entry.name}`))
  .map(({ name }): [string, Part] => [
    name,
    { args: [...VITEST, `test/${name}/`, '--testTimeout=7200000'], env: FULL, times: 1 },
  ]);
const parts: ReadonlyMap<string, Part> = new Map([
  ...folders,
  ['every-fault', { args: ['test/faults/run.ts'], env: FULL, times: 1 }],
  ['memory', { args: ['test/bench/memory.ts'], env: FULL, times: 1 }],
  ['repetitions', { args: VITEST, env: process.env, times: 20 }],
]);

const chosen = process.argv.slice(2).length > 0 ? process.argv.slice(2) : [...parts.keys()];
const unknown = chosen.find(name => !parts.has(name));
if (unknown !== undefined) {
  process.stderr.write(`no part ${unknown}; there are ${[...parts.keys()].join(', ')}\n`);
  process.exit(2);
}
const rows = chosen.map(name => ({ name, ...runPart(parts.get(name)!) }));
const failed = rows.filter(({ failures }) => failures > 0).length;
for (const { name, times, failures, seconds } of rows)
  process.stdout.write(
    `${name.padEnd(14)} ${failures === 0 ? 'passed' : `FAILED ${failures} of ${times}`} in ${seconds} s\n`,
  );
process.stdout.write(`${rows.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

function runPart({ args, env, times }: Part): { times: number; failures: number; seconds: number } {
  const started = Date.now();
  let failures = 0;
  for (let time = 0; time < times; time++)
    if (spawnSync(process.execPath, args, { stdio: 'inherit', env }).status !== 0) failures++;
  return { times, failures, seconds: Math.round((Date.now() - started) / 1000) };
}

function hasTests(folder: string): boolean {
  return readdirSync(folder, { recursive: true }).some(name => String(name).endsWith('.test.ts'));
}
