import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fits, readField } from '../logs/index.ts';
import {
  duplicateRule,
  INDICATORS_FILE,
  type Indicators,
  type Rule,
  RuleError,
  readIndicators,
  readRule,
  thawIndicators,
  thawRule,
} from '../ruleset/index.ts';
import { lockedVersions } from './locked-versions.ts';
import { readOnce } from './read-once.ts';
import { sha256 } from './scan-log.ts';

/** A rule's files that the function itself reads; the evidence is for `check`. */
const RULE_FILE = /^(rule|locations|exceptions)\.toml$|^guide\.[A-Za-z-]+\.md$/;

/** In the rule folders of a bundle: the parsed rule. */
export const FROZEN_RULE = 'rule.frozen';

/** Beside the rules of a bundle: the parsed indicators. */
export const FROZEN_INDICATORS = 'indicators.frozen';

/** Beside the rules of a bundle: the `rule.toml` of each disabled rule, by folder; nothing else of it need be read. */
export const FROZEN_DISABLED = 'disabled.frozen';

const HERE = dirname(fileURLToPath(import.meta.url));

/** The rules of the function: beside the bundle, or in the checkout. */
export function ownRules(): string {
  return firstThatExists(join(HERE, 'rules'), join(HERE, '..', '..', '..', 'rules'));
}

/**
 * The rules of the command line: those of the checkout, whose evidence no bundle contains, before those beside the
 * bundle. From `dist/` three folders up is not the checkout any more, so that place is looked at last.
 */
export function checkoutRules(): string {
  return firstThatExists(
    join(HERE, '..', 'rules'),
    join(HERE, 'rules'),
    join(HERE, '..', '..', '..', 'rules'),
  );
}

function firstThatExists(...directories: readonly string[]): string {
  return directories.find(directory => existsSync(directory)) ?? directories[0]!;
}

/**
 * Names of the rule folders in a directory, sorted; links to folders are followed. A folder whose name begins with a dot,
 * such as one that `rules add` was making, or that has no `rule.toml` is not one.
 * @throws RuleError for a link to nothing: its rule would be missing without a word
 */
export function ruleFolders(directory: string): string[] {
  const names = readdirSync(directory).filter(name => !name.startsWith('.'));
  const broken = names.find(name => !existsSync(join(directory, name)));
  if (broken !== undefined) throw missingRules(join(directory, broken), 'a link to nothing');
  return names.filter(name => existsSync(join(directory, name, 'rule.toml'))).sort();
}

/** The text of a rule's files, by name. */
export function ruleFiles(directory: string, folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(join(directory, folder)).filter(name => RULE_FILE.test(name));
  return new Map(names.map(name => [name, textOf(join(directory, folder, name))]));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    // Node does not name the path of a directory that it cannot read.
    throw Object.assign(cause as Error, { path });
  }
}

/**
 * Reads the rules to run: those named, or every one that is not disabled. With `onRefused`, problems of some rules
 * are reported and the others returned.
 * @throws RuleError that lists all problems of any of them, or if none can run.
 */
export function loadRules(
  directory: string,
  only: readonly string[] | null = null,
  onRefused?: (refused: RuleError) => void,
): Rule[] {
  if (!existsSync(directory)) throw missingRules(directory, 'no such directory');
  const folders = ruleFolders(directory);
  const missing = (only ?? []).filter(name => !folders.includes(name));
  if (missing.length > 0)
    throw missingRules(
      directory,
      `no rule ${missing.join(', ')} here; the rules are ${folders.join(', ') || 'none'}`,
    );
  const rules: Rule[] = [];
  const problems: RuleError[] = [];
  const versions = lockedVersions(directory);
  const lock = versions.size === 0 ? '' : sha256(JSON.stringify([...versions]));
  // In any other directory the rest of a disabled rule is read too, and its problems are reported.
  const isOwn = resolve(directory) === join(HERE, 'rules');
  const disabled = only === null && isOwn ? frozenDisabled() : {};
  for (const folder of new Set(only ?? folders)) {
    const known = disabled[folder];
    if (known !== undefined && known === readFileSync(join(directory, folder, 'rule.toml'), 'utf8')) continue;
    try {
      const files = ruleFiles(directory, folder);
      const deps = { readField, sha256, lockedVersions: versions, unlessDisabled: only === null };
      const rule =
        frozenRule(folder, files, versions) ??
        readOnce([folder, [...files], lock, deps.unlessDisabled], () => readRule(folder, files, deps));
      if (!rule || (rule.disabled && only === null)) continue;
      const holder = rules.find(({ id }) => id === rule.id);
      if (holder)
        throw new RuleError([duplicateRule(folder, files.get('rule.toml') ?? '', rule.id, holder.folder)]);
      rules.push(rule);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) {
    const found = problems.flatMap(error => error.problems);
    const refused = new RuleError(
      found.map(problem => ({ ...problem, file: join(directory, problem.file) })),
    );
    if (!onRefused || rules.length === 0) throw refused;
    onRefused(refused);
  }
  if (rules.length === 0)
    throw missingRules(
      directory,
      folders.length === 0
        ? 'no rule here; a rule is a folder with a rule.toml'
        : `every rule here is disabled: ${folders.join(', ')}`,
    );
  return rules;
}

/**
 * Reads the indicators of a directory of rules, or the package's if it has none.
 * @throws RuleError that lists all their problems.
 */
export function loadIndicators(directory: string): Indicators {
  const home = existsSync(join(directory, INDICATORS_FILE)) ? directory : ownRules();
  const path = join(home, INDICATORS_FILE);
  const source = readFileSync(path);
  const thawed = frozenIndicators(source);
  if (thawed !== null) return thawed;
  const text = source.toString();
  return readOnce([text], () => readIndicators({ file: path, text }, { readField, sha256 }));
}

/** Folders of the rules, disabled ones too, that have an index among their patterns. */
export function rulesReading(directory: string, index: string): readonly string[] {
  const origin = { index, dataStream: null };
  return ruleFolders(directory).filter(folder => {
    try {
      return loadRules(directory, [folder]).some(rule => fits(rule.indices, origin) === 'fits');
    } catch (error) {
      if (error instanceof RuleError) return false;
      throw error;
    }
  });
}

/** What was parsed when this bundle was built, provided that the folder's files are unchanged. */
function frozenRule(
  folder: string,
  files: ReadonlyMap<string, string>,
  versions: ReadonlyMap<string, number>,
): Rule | null {
  const path = join(HERE, 'rules', folder, FROZEN_RULE);
  return existsSync(path) ? thawRule(readFileSync(path, 'utf8'), files, versions, readField) : null;
}

/** What was parsed of the indicators when this bundle was built. Compared as bytes: to decode half a megabyte is a millisecond of a start. */
export function frozenIndicators(source: Buffer, rules = join(HERE, 'rules')): Indicators | null {
  const path = join(rules, FROZEN_INDICATORS);
  if (!existsSync(path)) return null;
  const frozen = readFileSync(path);
  const end = frozen.indexOf('\n') + 1;
  const isMadeOfIt = frozen.subarray(end).equals(source);
  return isMadeOfIt ? thawIndicators(() => frozen.toString('utf8', 0, end), readField) : null;
}

function frozenDisabled(): { readonly [folder: string]: string } {
  const path = join(HERE, 'rules', FROZEN_DISABLED);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function missingRules(directory: string, message: string): RuleError {
  return new RuleError([{ code: 'RuleMissing', file: directory, line: 0, column: 0, message, excerpt: '' }]);
}
