import { copyFileSync, cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyRules } from '../infra/bundle.ts';

/** Copies the built function into a directory, with its rules, or with those of another directory beside it. */
export function copyFunction(directory: string, rules?: string): string {
  const bundle = join(directory, 'handler.mjs');
  copyFileSync(built('handler'), bundle);
  if (rules) copyRules(rules, join(directory, 'rules'));
  else cpSync('dist/rules', join(directory, 'rules'), { recursive: true });
  return bundle;
}

/**
 * The path of what was built. `npm test` builds before the tests: once for all of them.
 * @throws if something that it is built of is newer, so that no test runs what was
 */
export function built(name: 'handler' | 'watch' | 'cli'): string {
  const path = `dist/${name}.mjs`;
  const since = existsSync(path) ? statSync(path).mtimeMs : 0;
  changed ??= newest(['functions', 'infra', 'rules']);
  if (since < changed.at) throw new Error(`${changed.file} is newer than ${path}; run: npm run build`);
  return path;
}

let changed: { readonly file: string; readonly at: number } | undefined;

function newest(folders: readonly string[]): { readonly file: string; readonly at: number } {
  return folders
    .flatMap(folder => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && !entry.name.endsWith('.md'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map(file => ({ file, at: statSync(file).mtimeMs }))
    .reduce((last, one) => (one.at > last.at ? one : last));
}
