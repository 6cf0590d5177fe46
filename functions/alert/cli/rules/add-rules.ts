import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readField } from '../../logs/index.ts';
import { checkoutRules, lockedVersions, sha256 } from '../../pipeline/index.ts';
import { RuleError, readRule, readUpstreamRule } from '../../ruleset/index.ts';
import { readFolders } from '../check.ts';
import { readFlags } from '../flags.ts';
import { type Io, UsageError } from '../io.ts';
import { BASE, type RuleSource, ruleSources, withVersion } from './rule-sources.ts';

/** Creates folders from rule files. Status 1: a file was refused; all others were added. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { to: 'text' });
  if (operands.length === 0) throw new UsageError('rules add needs a file, a folder or a checkout');
  const directory = flags.to ?? checkoutRules();
  mkdirSync(directory, { recursive: true });
  const present = presentRules(directory);
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const refuse = (message: string, code: string) => {
    io.err(`${message}\n`);
    count(code);
  };
  const added = new Set<string>();
  for (const path of operands) {
    const versions = lockedVersions(path.endsWith('.toml') ? dirname(path) : path);
    for (const source of ruleSources(path, (at, why) => refuse(`${at}:1:1: ${why} [TooLarge]`, 'TooLarge'))) {
      try {
        const id = readUpstreamRule({ file: source.path, text: source.text })?.id;
        if (id === undefined) {
          // Below a folder, other TOML files are expected.
          if (source.path === path)
            refuse(`${path}:1:1: not a rule: it has no rule_id in [rule] [MissingKey]`, 'MissingKey');
          continue;
        }
        const holder = present.ids.get(id);
        const taken = present.folders.get(source.folder);
        if (holder === undefined && taken !== undefined) {
          refuse(
            `${source.path}:1:1: ${source.folder} is already the folder of another rule, ${taken} [Duplicate]`,
            'Duplicate',
          );
          continue;
        }
        if (holder !== undefined && added.has(id)) {
          refuse(`${source.path}:1:1: rule_id ${id} is already used by ${holder} [Duplicate]`, 'Duplicate');
          continue;
        }
        if (holder !== undefined) {
          count('there already');
          continue;
        }
        const rule = addRule(directory, source, versions.get(id));
        present.ids.set(rule.id, rule.folder);
        present.folders.set(rule.folder, rule.id);
        added.add(id);
        const isKnown = versions.has(id) || /^version\s*=/m.test(source.text);
        const unknown = isKnown ? '' : ', assumed: no version.lock.json has it';
        await io.out(`${rule.folder}: version ${rule.version}${unknown}\n`);
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        const problems = error.problems.map(problem => ({ ...problem, file: source.path }));
        refuse(new RuleError(problems).message, problems[0]?.code ?? error.code);
      }
    }
  }
  const rest = [...counts]
    .sort((one, other) => other[1] - one[1])
    .map(([what, number]) => `${number} ${what}`);
  await io.out(`${[`${added.size} added`, ...rest].join(', ')}\n`);
  return [...counts.keys()].some(what => what !== 'there already') ? 1 : 0;
}

function presentRules(directory: string) {
  const ids = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const { name, files } of readFolders(directory).folders) {
    const [, id] = /^rule_id\s*=\s*["']([^"']+)["']/m.exec(files.get('rule.toml') ?? '') ?? [];
    folders.set(name, id ?? 'which cannot be read');
    if (id !== undefined) ids.set(id, name);
  }
  return { ids, folders };
}

/** Writes a folder atomically. */
function addRule(directory: string, { folder, text }: RuleSource, version: number | undefined) {
  const versioned = withVersion(text, version);
  const rule = readRule(folder, new Map([['rule.toml', versioned]]), { readField, sha256 });
  const making = join(directory, `.${folder}`);
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  for (const name of ['rule.toml', BASE]) writeFileSync(join(making, name), versioned);
  renameSync(making, join(directory, folder));
  return rule;
}
