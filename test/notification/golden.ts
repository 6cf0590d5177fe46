import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

const ROOT = 'test/golden';
/** What this run recorded. */
const recorded = new Set<string>();

/** Holds a text against the recorded one; `UPDATE=1` records it instead. */
export function expectGolden(path: string, text: string): void {
  const file = join(ROOT, path);
  if (process.env['UPDATE'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    recorded.add(file);
    return;
  }
  if (!existsSync(file)) throw new Error(`${file} is not recorded; UPDATE=1 records it`);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** Removes what was not recorded this time: to be called in the last test of a whole recording. */
export function removeStale(): void {
  if (recorded.size === 0) return;
  for (const name of readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).toReversed()) {
    const path = join(ROOT, name);
    const isKept = name === 'README.md' || [...recorded].some(file => `${file}/`.startsWith(`${path}/`));
    if (!isKept) rmSync(path, { recursive: true });
  }
}

/** JSON as a person reads it. */
export const readable = (json: string): string => `${JSON.stringify(JSON.parse(json), null, 2)}\n`;
