import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ASSEMBLY_MODULES, moduleText } from '../../infra/assembly-modules.ts';
import { SCAN_FILE, scanText } from '../../infra/scan-module.ts';

it.each(ASSEMBLY_MODULES)('the module of $source is what AssemblyScript compiles it to', module => {
  expect(readFileSync(module.file, 'utf8')).toBe(moduleText(module));
});

it('the module of scan.wat is what Binaryen assembles it to', () => {
  expect(readFileSync(SCAN_FILE, 'utf8')).toBe(scanText());
});
