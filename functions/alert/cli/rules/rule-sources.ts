import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../io.ts';

/** The file of a rule of somebody else's. */
export type RuleSource = {
  readonly path: string;
  /** The folder that a rule of it has here. */
  readonly folder: string;
  readonly text: string;
};

/** What our own files of rules may have too. */
const LONGEST = 262_144;

/** Beside a rule: its text as upstream had it when it was added or updated last, the base of the next merge. */
export const BASE = 'upstream.toml';

/**
 * The rule files of a path, sorted: the file itself, every `.toml` below a folder, or of a checkout of detection-rules
 * those of its rules. Links are not followed. `onRefused` is told of a file that is too long or cannot be read.
 */
export function ruleSources(path: string, onRefused: (path: string, reason: string) => void): RuleSource[] {
  if (!existsSync(path)) throw new UsageError(`there is no ${JSON.stringify(path)}`);
  const paths = statSync(path).isDirectory() ? rootsOf(path).flatMap(filesBelow) : [path];
  return paths.flatMap(path => {
    try {
      const { size } = statSync(path);
      if (size > LONGEST) throw new Error(`longer than ${LONGEST} bytes`);
      const name = basename(path) === 'rule.toml' ? basename(dirname(path)) : basename(path, extname(path));
      return [{ path, folder: name.replaceAll(/[^\w-]/g, '-'), text: readFileSync(path, 'utf8') }];
    } catch (error) {
      onRefused(path, (error as Error).message);
      return [];
    }
  });
}

function rootsOf(path: string): string[] {
  const roots = ['rules', 'rules_building_block'].map(name => join(path, name));
  const isCheckout = existsSync(join(path, 'detection_rules'));
  return isCheckout ? roots.filter(root => existsSync(root)) : [path];
}

function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(isWanted);
  return entries
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/** Not what is hidden, withdrawn (`_deprecated`), or of a rule beside its own file. */
function isWanted(entry: Dirent): boolean {
  if (/^[._]/.test(entry.name)) return false;
  if (entry.isDirectory()) return true;
  return (
    entry.isFile() &&
    /\.toml$/.test(entry.name) &&
    !/^(?:locations|exceptions|upstream)\.toml$/.test(entry.name)
  );
}

/** The text with the version that Elastic keeps apart; as it is where it has one or none is known. */
export function withVersion(text: string, version: number | undefined): string {
  if (version === undefined || /^version\s*=/m.test(text)) return text;
  return text.replace(/^\[rule\][ \t]*(?:#.*)?\r?$/m, header => `${header}\nversion = ${version}`);
}
