import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/**
 * node test/soak.ts [PART…]: every random test at its full count, the exhaustive faults, and the memory runs.
 * Without a part all of them; a part is the name of a folder of test/, `faults` or `memory`. Last line: N passed, N failed.
 */
const parts: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    readdirSync('test', { withFileTypes: true })
      .filter(
        entry =>
          entry.isDirectory() &&
          readdirSync(`test/${entry.name}`, { recursive: true }).some(name =>
            String(name).endsWith('.test.ts'),
          ),
      )
      .map(({ name }) => [
        name,
        ['node_modules/vitest/vitest.mjs', 'run', `test/${name}/`, '--testTimeout=3600000'],
      ]),
  ),
  faults: ['test/faults/run.ts'],
  memory: ['test/bench/memory.ts'],
};

const chosen = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(parts);
const rows: string[] = [];
let failed = 0;
for (const part of chosen) {
  const args = parts[part];
  if (!args || !existsSync(args[0]!)) {
    process.stderr.write(`no part ${part}; there are ${Object.keys(parts).join(', ')}\n`);
    process.exit(2);
  }
  const started = Date.now();
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, SOAK: '1' },
  });
  if (status !== 0) failed++;
  rows.push(
    `${part.padEnd(14)} ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
process.stdout.write(`\n${rows.join('\n')}\n${chosen.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
