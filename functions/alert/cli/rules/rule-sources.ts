import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../io.ts';

/** A rule file from elsewhere. */
export type RuleSource = {
  readonly path: string;
  /** The folder that its rule has here. */
  readonly folder: string;
  readonly text: string;
};

/** What our own rule files may contain as well. */
const LONGEST = 262_144;

/** Beside a rule: upstream's text when it was last added or updated, the base of the next merge. */
export const BASE = 'upstream.toml';

/**
 * The rule files of a path, sorted: the file itself, every `.toml` below a folder, or the rules of a checkout of
 * detection-rules. Links are not followed. `onRefused` is called for a file that is too long or cannot be read.
 */
export function ruleSources(path: string, onRefused: (path: string, reason: string) => void): RuleSource[] {
  if (!existsSync(path)) throw new UsageError(`no such file or directory: ${JSON.stringify(path)}`);
  const paths = statSync(path).isDirectory() ? rootsOf(path).flatMap(filesBelow) : [path];
  if (paths.length === 0) throw new UsageError(`no .toml file in ${JSON.stringify(path)}`);
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

/** Excludes hidden and withdrawn (`_deprecated`) files, and files beside a rule's own. */
function isWanted(entry: Dirent): boolean {
  if (/^[._]/.test(entry.name)) return false;
  if (entry.isDirectory()) return true;
  return (
    entry.isFile() &&
    /\.toml$/.test(entry.name) &&
    !/^(?:locations|exceptions|upstream)\.toml$/.test(entry.name)
  );
}

/** The text with the version that Elastic keeps separately; unchanged if it has one or none is known. */
export function withVersion(text: string, version: number | undefined): string {
  if (version === undefined || /^version\s*=/m.test(text)) return text;
  return text.replace(/^\[rule\][ \t]*(?:#.*)?\r?$/m, header => `${header}\nversion = ${version}`);
}
