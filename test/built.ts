import { copyFileSync, cpSync, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyRules } from '../infra/bundle/copy-rules.ts';

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
 * @throws if it is missing, or something that it is built of is newer, so that no test runs what was
 */
export function built(name: 'handler' | 'watch' | 'cli'): string {
  const path = `dist/${name}.mjs`;
  if (!existsSync(path)) throw new Error(`${path} is missing; run: npm run build`);
  changed ??= newest(['functions', 'infra', 'rules', 'package-lock.json']);
  if (statSync(path).mtimeMs < changed.at)
    throw new Error(`${changed.file} is newer than ${path}; run: npm run build`);
  return path;
}

let changed: { readonly file: string; readonly at: number } | undefined;

/** The times of folders count too, for what was removed from them. */
function newest(paths: readonly string[]): { readonly file: string; readonly at: number } {
  const inside = paths
    .filter(path => statSync(path).isDirectory())
    .flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
    );
  return (
    [...paths, ...inside]
      .filter(path => path !== join('infra', 'RUNBOOK.md'))
      // What an editor has locked is a link to nothing.
      .map(file => ({ file, at: lstatSync(file).mtimeMs }))
      .reduce((last, one) => (one.at > last.at ? one : last))
  );
}
