import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';

/** Where the assembled scan is: text in the source, so that nothing has to be assembled before a test or a start. */
export const SCAN_FILE = join(import.meta.dirname, '../functions/alert/logs/prefilter/scan-module.ts');

/** The text of that file, assembled from `wasm/scan.wat` by Binaryen. */
export function scanText(): string {
  const module = binaryen.parseText(readFileSync(join(import.meta.dirname, 'wasm/scan.wat'), 'utf8'));
  module.setFeatures(binaryen.Features.All);
  binaryen.setOptimizeLevel(3);
  binaryen.setAlwaysInlineMaxSize(100);
  module.optimize();
  if (!module.validate()) throw new Error('infra/wasm/scan.wat is not valid');
  const text = Buffer.from(module.emitBinary()).toString('base64');
  return `/** \`infra/wasm/scan.wat\`, assembled by \`npm run wasm\`; do not edit. */\nexport const SCAN_MODULE =\n  '${text}';\n`;
}

if (import.meta.main) writeFileSync(SCAN_FILE, scanText());
