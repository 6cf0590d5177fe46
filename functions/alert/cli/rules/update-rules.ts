import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readField } from '../../logs/index.ts';
import { checkoutRules, lockedVersions, sha256 } from '../../pipeline/index.ts';
import { isSameQuery, RuleError, readRule, readUpstreamRule, upstreamChanges } from '../../ruleset/index.ts';
import { type RuleFolder, readFolders } from '../check.ts';
import { run as compare } from '../compare.ts';
import { readFlags } from '../flags.ts';
import { type Io, UsageError } from '../io.ts';
import { mergeRule, ownTables } from './merge-rule.ts';
import { BASE, ruleSources, withVersion } from './rule-sources.ts';

/** A rule to write: its own text, and upstream's as the next base. */
type Update = { readonly folder: string; readonly text: string; readonly base: string };

/** Merges upstream's changes. Status 1: something needs a manual merge, was refused, or was not confirmed. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { rules: 'text', replay: 'text' });
  const [checkout, ...more] = operands;
  if (checkout === undefined) throw new UsageError('rules update needs a checkout of detection-rules');
  if (more.length > 0 && flags.replay === undefined) throw new UsageError('rules update takes one checkout');
  const directory = flags.rules ?? checkoutRules();
  const { folders } = readFolders(directory);
  const upstream = upstreamTexts(checkout, folders, io);
  let isWhole = true;
  const updates: Update[] = [];
  for (const folder of folders) {
    const theirs = upstream.get(idOf(folder) ?? '');
    if (theirs === undefined) continue;
    try {
      const update = await updateOf(folder, theirs, io);
      if (update === 'conflict') isWhole = false;
      else if (update) updates.push(update);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      io.err(`${error.message}\n${folder.name}: not updated\n`);
      isWhole = false;
    }
  }
  const gone = folders.filter(folder => folder.files.has(BASE) && !upstream.has(idOf(folder) ?? ''));
  if (gone.length > 0) {
    await io.out(`not in ${checkout}, perhaps withdrawn: ${gone.map(({ name }) => name).join(', ')}\n`);
  }
  const logs = flags.replay === undefined ? [] : [flags.replay, ...more];
  if (updates.length > 0 && logs.length > 0 && !(await isWanted(directory, updates, logs, io))) {
    await io.out('nothing written\n');
    return 1;
  }
  for (const update of updates) write(directory, update);
  await io.out(`${updates.length} updated\n`);
  return isWhole ? 0 : 1;
}

/** Upstream's texts of the rules that are here, by id. */
function upstreamTexts(
  checkout: string,
  folders: readonly RuleFolder[],
  io: Io,
): ReadonlyMap<string, string> {
  const wanted = new Set(folders.map(idOf));
  const versions = lockedVersions(checkout);
  const found = new Map<string, string>();
  for (const { text } of ruleSources(checkout, (at, why) => io.err(`${at}:1:1: ${why} [TooLarge]\n`))) {
    const id = idIn(text);
    if (id !== undefined && wanted.has(id)) found.set(id, withVersion(text, versions.get(id)));
  }
  return found;
}

async function updateOf(folder: RuleFolder, theirs: string, io: Io): Promise<Update | 'conflict' | null> {
  const { name, files } = folder;
  const ours = files.get('rule.toml') ?? '';
  const base = files.get(BASE);
  const read = (file: string, text: string) => readUpstreamRule({ file: `${name}/${file}`, text })!;
  const [before, after] = [read(BASE, base ?? ours), read('rule.toml', theirs)];
  const changes = upstreamChanges(before, after);
  if (base === theirs || (changes.length === 1 && changes[0] === 'query unchanged')) return null;
  await io.out(`${name}: version ${before.version ?? '1'} to ${after.version ?? 'unknown'}\n`);
  for (const change of changes) await io.out(`  ${change}\n`);
  const own = [...files.keys()].filter(file => file !== 'rule.toml' && file !== BASE);
  if (own.length > 0) await io.out(`  ours, unchanged: ${own.sort().join(', ')}\n`);
  if (base === undefined && !isSameQuery(before, after)) {
    io.err(
      `${name}/rule.toml:1:1: the queries differ, and no ${BASE} shows which side changed it: merge by hand\n`,
    );
    return 'conflict';
  }
  // Without a base, the file is assumed to be upstream's own, except for tables that upstream does not have.
  const tables = ownTables(ours);
  const merged =
    base === undefined
      ? { text: `${theirs.trimEnd()}\n${tables === '' ? '' : `\n${tables}`}` }
      : mergeRule(base, ours, theirs);
  if ('conflicts' in merged) {
    for (const conflict of merged.conflicts) {
      io.err(`${name}/rule.toml:${conflict.line}:1: changed here and upstream: merge by hand\n`);
      io.err(`${indented('- ', conflict.ours)}${indented('+ ', conflict.theirs)}`);
    }
    return 'conflict';
  }
  readRule(name, new Map([...files, ['rule.toml', merged.text]]), { readField, sha256 });
  return { folder: name, text: merged.text, base: theirs };
}

function indented(mark: string, text: string): string {
  return text
    .split('\n')
    .map(line => `    ${mark}${line.replaceAll(/[\p{Cc}\p{Cf}]/gu, '·')}\n`)
    .join('');
}

/** Replays logs with both sets; asks if an alert would be lost. */
async function isWanted(
  directory: string,
  updates: readonly Update[],
  logs: readonly string[],
  io: Io,
): Promise<boolean> {
  const staged = mkdtempSync(join(tmpdir(), 'registry-alert-'));
  try {
    cpSync(directory, staged, { recursive: true });
    for (const update of updates) write(staged, update);
    const status = await compare(['--rules', staged, '--against', directory, ...logs], io);
    return status === 0 || (await io.confirm('Write these rules anyway?'));
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function write(directory: string, { folder, text, base }: Update): void {
  for (const [name, content] of [
    ['rule.toml', text],
    [BASE, base],
  ] as const) {
    const path = join(directory, folder, name);
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  }
}

function idOf({ files }: RuleFolder): string | undefined {
  return idIn(files.get('rule.toml') ?? '');
}

function idIn(text: string): string | undefined {
  return /^rule_id\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
}
