import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the compiled decoder is: text in the source, so that nothing has to be compiled before a test or a start. */
export const MODULE_FILE = join(import.meta.dirname, '../functions/alert/logs/compression/inflate-module.ts');

const SOURCE = join(import.meta.dirname, 'wasm/inflate.ts');
const COMPILER = join(import.meta.dirname, '../node_modules/assemblyscript/bin/asc.js');

const OPTIONS = [
  ...['--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
  ...['--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--memoryBase', '16'],
];

/** The text of that file, compiled from `wasm/inflate.ts` by AssemblyScript. */
export function moduleText(): string {
  const folder = mkdtempSync(join(tmpdir(), 'inflate-'));
  const file = join(folder, 'inflate.wasm');
  execFileSync(process.execPath, [COMPILER, SOURCE, '--outFile', file, ...OPTIONS]);
  const text = readFileSync(file).toString('base64');
  rmSync(folder, { recursive: true });
  return `/** \`infra/wasm/inflate.ts\`, compiled by \`npm run wasm\`; do not edit. */\nexport const INFLATE_MODULE =\n  '${text}';\n`;
}

if (import.meta.main) writeFileSync(MODULE_FILE, moduleText());
