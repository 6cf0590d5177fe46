import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

const ROOT = 'test/golden';

/** Holds a text against the recorded one; `UPDATE=1` records it instead. */
export function expectGolden(path: string, text: string): void {
  const file = join(ROOT, path);
  if (process.env['UPDATE'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (!existsSync(file)) throw new Error(`${file} is not recorded; UPDATE=1 records it`);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** Removes what earlier names recorded, before everything is recorded anew. */
export function clearGolden(): void {
  if (process.env['UPDATE'] !== '1') return;
  for (const entry of readdirSync(ROOT, { withFileTypes: true })) {
    if (entry.isDirectory()) rmSync(join(ROOT, entry.name), { recursive: true });
  }
}

/** JSON as a person reads it. */
export const readable = (json: string): string => `${JSON.stringify(JSON.parse(json), null, 2)}\n`;
