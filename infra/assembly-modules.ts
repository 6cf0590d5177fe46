import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOGS = join(import.meta.dirname, '../functions/alert/logs');
const COMPILER = join(import.meta.dirname, '../node_modules/assemblyscript/bin/asc.js');

const OPTIONS = [
  ...['--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
  ...['--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--memoryBase', '16'],
];

/** Where a compiled module is: text in the source, so that nothing has to be compiled before a test or a start. */
export type AssemblyModule = { readonly source: string; readonly name: string; readonly file: string };

export const ASSEMBLY_MODULES: readonly AssemblyModule[] = [
  { source: 'inflate.ts', name: 'INFLATE_MODULE', file: join(LOGS, 'compression/inflate-module.ts') },
  { source: 'record-signs.ts', name: 'SIGNS_MODULE', file: join(LOGS, 'decoding/signs-module.ts') },
];

/** The text of that file, compiled by AssemblyScript. */
export function moduleText({ source, name }: AssemblyModule): string {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-'));
  const file = join(folder, 'module.wasm');
  execFileSync(process.execPath, [
    COMPILER,
    join(import.meta.dirname, 'wasm', source),
    '--outFile',
    file,
    ...OPTIONS,
  ]);
  const text = readFileSync(file).toString('base64');
  rmSync(folder, { recursive: true });
  return `/** \`infra/wasm/${source}\`, compiled by \`npm run wasm\`; do not edit. */\nexport const ${name} =\n  '${text}';\n`;
}

if (import.meta.main) for (const module of ASSEMBLY_MODULES) writeFileSync(module.file, moduleText(module));
