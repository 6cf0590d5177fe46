import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readField, readFields } from '../../functions/alert/logs/decoding/read-field.ts';
import type { Problem } from '../../functions/alert/ruleset/problem.ts';
import { RuleError } from '../../functions/alert/ruleset/problem.ts';
import { type Rule, readRule } from '../../functions/alert/ruleset/rule/rule.ts';

export const WMI_RULE = 'rules/persistence-via-wmi-stdregprov';

/** The lines of a file that have something in them. */
export function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '');
}

/** The events of the evidence that the rule alerts on. */
export const MATCH: readonly string[] = linesOf(`${WMI_RULE}/match.ndjson`);

export const deps = {
  readField,
  readFields,
  sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
};

/** The files of a folder on disk, by name. */
export function filesOf(folder: string): Map<string, string> {
  return new Map(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}

export function ruleOf(folder: string): Rule {
  const rule = read.get(folder) ?? readRule(basename(folder), filesOf(folder), deps);
  read.set(folder, rule);
  return rule;
}

/** By folder; no test changes a rule on disk that it reads by this. */
const read = new Map<string, Rule>();

/** A text with one piece replaced; the piece has to be there, or the test would plant nothing. */
export function planted(text: string, piece: string, by: string): string {
  if (!text.includes(piece)) throw new Error(`nothing to plant at: ${piece}`);
  return text.replace(piece, () => by);
}

/** What a reading is refused for; empty when it is not. */
export function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof RuleError) return error.problems;
    throw error;
  }
}

/** A rule of files of which some are changed; `null`: the file is not there. */
export function readChanged(
  folder: string,
  files: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | null>,
): Rule {
  const changed = new Map(files);
  for (const [name, text] of changes) {
    if (text === null) changed.delete(name);
    else changed.set(name, text);
  }
  return readRule(folder, changed, deps);
}

export type Keys = { readonly [key: string]: string };

/** An `[[exception]]` with everything in order but what `keys` changes, each as TOML; an empty string leaves a key out. */
export function exception(condition: string, keys: Keys = {}): string {
  const all: Keys = {
    id: '"inventory-agent"',
    owner: '"Endpoint engineering"',
    reason: '"The agent sets its own autorun; CHG-20417"',
    created: '2026-01-01',
    expires: '2026-12-31',
    ...keys,
  };
  const lines = Object.entries(all).flatMap(([key, value]) => (value === '' ? [] : [`${key} = ${value}`]));
  return `[[exception]]\n${lines.join('\n')}\ncondition = '''\n${condition}\n'''\n`;
}
