import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { firesAt } from '../detection/index.ts';
import { lastDocument, readField } from '../logs/index.ts';
import { checkoutRules, inflateStart, lockedVersions, ruleFolders, sha256 } from '../pipeline/index.ts';
import {
  type Checked,
  checkFolder,
  checkIndicators,
  duplicateRule,
  type Finding,
  INDICATORS_FILE,
  RuleError,
} from '../ruleset/index.ts';
import { readFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert check [--as-of TIME] [--strict] [DIR]
  checks every rule of DIR (default: the package's rules/): metadata, query, locations, guides, exceptions, and that
  each line of match.ndjson alerts and no line of quiet.ndjson does; and indicators.toml, with the evidence of each
  --as-of TIME  the time at which exceptions have expired or not, ISO 8601 UTC; now by default
  --strict      an expired exception is an error`;

/** The folders of a directory of rules, with the text of each file. */
export type RuleFolder = { readonly name: string; readonly files: ReadonlyMap<string, string> };

export type CheckSettings = {
  readonly asOfMs: number;
  readonly isStrict: boolean;
  readonly lockedVersions?: ReadonlyMap<string, number>;
};

/** Checks rules and prints the problems. Status 1: a rule has problems; 2: one is refused, or there is none. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { 'as-of': 'time', strict: 'switch' });
  if (operands.length > 1) throw new UsageError('check takes one directory');
  const directory = operands[0] ?? checkoutRules();
  if (!existsSync(directory)) throw new UsageError(`no such directory: ${JSON.stringify(directory)}`);
  const asOfMs = flags['as-of'] ?? io.now();
  const { root, folders } = readFolders(directory);
  const versions = lockedVersions(directory);
  const results = checkFolders(folders, {
    asOfMs,
    isStrict: flags.strict === true,
    lockedVersions: versions,
  });
  for (const { findings } of results) {
    for (const finding of findings) io.err(`${formatFinding(finding, root)}\n`);
  }
  const { indicators, status } = checkOwnIndicators(directory, io);
  for (const result of results) await io.out(`${summary(result)}\n`);
  if (indicators !== null) await io.out(`${indicators}\n`);
  if (results.length === 0) io.err(`${directory}: no folder with a rule.toml\n`);
  return Math.max(status, statusOf(results));
}

/** Checks `indicators.toml` if the directory has one; prints the problems. */
function checkOwnIndicators(
  directory: string,
  io: Io,
): { readonly indicators: string | null; readonly status: number } {
  const path = join(directory, INDICATORS_FILE);
  if (!existsSync(path)) return { indicators: null, status: 0 };
  const source = { file: INDICATORS_FILE, text: readFileSync(path, 'utf8') };
  const { indicators, findings } = checkIndicators(
    source,
    { readField, sha256 },
    firesAt(readField, inflateStart),
  );
  for (const finding of findings) io.err(`${formatFinding(finding, resolve(directory))}\n`);
  if (indicators === null)
    return { indicators: `${INDICATORS_FILE}: refused, ${counted(findings.length, 'error')}`, status: 2 };
  const raising = indicators.list.filter(({ weight }) => weight > 0).length;
  const lowering = indicators.list.length - raising;
  const errors = findings.filter(({ severity }) => severity !== 'warning').length;
  const counts = `${raising} that raise, ${lowering} that lower; ${counted(errors, 'error')}`;
  return { indicators: `${INDICATORS_FILE}: ${counts}`, status: errors > 0 ? 1 : 0 };
}

/** Reads a directory of rules; a directory that is itself a rule's folder counts as one with a single rule. */
export function readFolders(directory: string): {
  readonly root: string;
  readonly folders: readonly RuleFolder[];
} {
  const path = resolve(directory);
  if (existsSync(join(path, 'rule.toml'))) {
    return { root: dirname(path), folders: [readFolder(dirname(path), basename(path))] };
  }
  // Refuses a link to nothing.
  ruleFolders(directory);
  const names = entriesOf(directory, 'isDirectory').sort();
  return { root: directory, folders: names.map(name => readFolder(directory, name)) };
}

function readFolder(root: string, name: string): RuleFolder {
  const files = entriesOf(join(root, name), 'isFile').map(
    file => [file, readFileSync(join(root, name, file), 'utf8')] as const,
  );
  return { name, files: new Map(files) };
}

/** Names that do not begin with a dot; links are followed, as where the rules are run. */
function entriesOf(directory: string, is: 'isFile' | 'isDirectory'): string[] {
  return readdirSync(directory).filter(
    name =>
      !name.startsWith('.') && existsSync(join(directory, name)) && statSync(join(directory, name))[is](),
  );
}

export type CheckedFolder = Checked & { readonly folder: string };

/** Checks each folder, and that no two rules have the same id. */
export function checkFolders(
  folders: readonly RuleFolder[],
  settings: CheckSettings,
): readonly CheckedFolder[] {
  const holders = new Map<string, string>();
  return folders.map(({ name, files }) => {
    const checked = checkFolder(name, files, { ...settings, readField, sha256, lastDocument });
    const id = checked.rule?.id;
    const holder = id === undefined ? undefined : holders.get(id);
    if (id !== undefined) holders.set(id, holder ?? name);
    const findings: Finding[] = [...checked.findings];
    if (id !== undefined && holder !== undefined) {
      const problem = duplicateRule(name, files.get('rule.toml') ?? '', id, holder);
      findings.push({ severity: 'refused', ...problem });
    }
    return { ...checked, findings, folder: name };
  });
}

function formatFinding(finding: Finding, root: string): string {
  const path = join(root, finding.file);
  const nearby = relative('', path);
  const file = nearby.startsWith('..') ? path : nearby;
  const message = finding.severity === 'warning' ? `warning: ${finding.message}` : finding.message;
  return new RuleError([{ ...finding, file, message }]).message;
}

function summary({ folder, rule, findings, matchLines, quietLines }: CheckedFolder): string {
  const errors = findings.filter(({ severity }) => severity !== 'warning').length;
  const warnings = findings.length - errors;
  const counts = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  if (!rule) return `${folder}: refused, ${counts}`;
  const state = rule.disabled ? 'disabled, ' : '';
  const lines = `${counted(matchLines, 'event')} that ${matchLines === 1 ? 'alerts' : 'alert'}, ${quietLines} that ${quietLines === 1 ? 'does' : 'do'} not`;
  const evidence = `${lines}, ${counted(rule.exceptions.length, 'exception')}`;
  return `${folder}: ${state}version ${rule.version}, ${evidence}; ${counts}`;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function statusOf(results: readonly CheckedFolder[]): number {
  const found = new Set(results.flatMap(({ findings }) => findings.map(({ severity }) => severity)));
  if (results.length === 0 || found.has('refused')) return 2;
  return found.has('unsound') ? 1 : 0;
}
