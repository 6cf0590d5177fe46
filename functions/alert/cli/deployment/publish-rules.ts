import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Archive } from '../../archive/index.ts';
import { asking } from '../../aws/aws-failure.ts';
import { archiveIn } from '../../aws/s3-archive.ts';
import { type SetPlace, setStoreIn } from '../../aws/s3-rule-sets.ts';
import { setPlace } from '../../lambda/settings.ts';
import {
  changeBetween,
  checkoutRules,
  lockedVersions,
  type Ruleset,
  readRuleset,
  ruleFiles,
  ruleFolders,
  sha256,
} from '../../pipeline/index.ts';
import {
  INDICATORS_FILE,
  type Pointer,
  pointBack,
  pointerKey,
  pointTo,
  readPointer,
  readSet,
  SetError,
  type SetStore,
  setKey,
  writeSet,
} from '../../ruleset/index.ts';
import * as check from '../check.ts';
import { clients } from '../clients.ts';
import { readFlags } from '../flags.ts';
import { type Io, Refusal, UsageError } from '../io.ts';

/** Concurrent executions of this command that may move the pointer. */
const MOST_RIVALS = 5;

const READ = 's3:GetObject on the prefix';
const WRITE = 's3:PutObject on the prefix';

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/**
 * `rules publish`: checks the rules as `check` does and writes them as one immutable set, then the pointer. A set that
 * no pointer names is not used, so an interruption does no harm. Status 1 or 2 as for `check`.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { rules: 'text', 'dry-run': 'switch' });
  const directory = flags.rules ?? checkoutRules();
  const { place, archive, store } = await opened(operands, 'publish');
  const status = await check.run([directory], io);
  if (status !== 0) {
    io.err(`registry-alert: nothing was published: fix the problems in ${directory}\n`);
    return status;
  }
  const text = setOf(directory);
  const digest = sha256(text);
  const next = readRuleset(readSet(text, digest, sha256), null);
  const before = await currentSet(store);
  await describe(before, next, io);
  if (flags['dry-run']) {
    await io.out(`would publish set ${digest} to ${store.uri}\n`);
    return 0;
  }
  if (before?.digest === digest) {
    await io.out(`set ${digest} is already published\n`);
    return 0;
  }
  const key = setKey(place.prefix, digest);
  await asking(`s3://${place.bucket}/${key}`, WRITE, () =>
    archive.put(key, gzipSync(text), 'application/gzip'),
  );
  await movePointer(archive, place, pointer => pointTo(pointer, digest, new Date(io.now()).toISOString()));
  await io.out(`published set ${digest}; functions that read ${store.uri} use it within a minute\n`);
  return 0;
}

/** `rules status`: the sets that the pointer lists, and whether a function of this version can use each. */
export async function status(args: readonly string[], io: Io): Promise<number> {
  const { operands } = readFlags(args, {});
  const { store } = await opened(operands, 'status');
  const found = await asking(store.uri, READ, () => store.pointer(null));
  if (found === null || found === 'unchanged') {
    await io.out(`${store.uri}: nothing is published; without a set the function scans nothing\n`);
    return 1;
  }
  let running = false;
  let worst = 0;
  for (const { digest, published } of readPointer(found.text).sets) {
    try {
      const { rules } = await loadSet(store, digest);
      const exceptions = rules.reduce((sum, rule) => sum + rule.exceptions.length, 0);
      const state = running ? '' : '  <- runs';
      running = true;
      await io.out(
        `${digest}  ${published}  ${counted(rules.length, 'rule')}, ${counted(exceptions, 'exception')}${state}\n`,
      );
    } catch (error) {
      if (!(error instanceof SetError)) throw error;
      worst = 1;
      await io.out(`${digest}  ${published}  cannot be used: ${error.message} [${error.code}]\n`);
    }
  }
  return running ? worst : 1;
}

/** `rules rollback`: points to the previous set. */
export async function rollback(args: readonly string[], io: Io): Promise<number> {
  const { operands } = readFlags(args, {});
  const { place, archive, store } = await opened(operands, 'rollback');
  const found = await asking(store.uri, READ, () => store.pointer(null));
  const target = found !== null && found !== 'unchanged' ? readPointer(found.text).sets[1] : undefined;
  if (!target) throw new Refusal(`${store.uri}: there is no set before the one in use`);
  // A set that does not pass is not rolled back to.
  await describe(await currentSet(store), await loadSet(store, target.digest), io);
  await movePointer(archive, place, pointer => {
    const back = pointer && pointBack(pointer, new Date(io.now()).toISOString());
    if (back?.sets[0]?.digest !== target.digest)
      throw new Refusal(`${store.uri}: changed by someone else meanwhile; run rules status, then try again`);
    return back;
  });
  await io.out(`set ${target.digest} is in use again within a minute\n`);
  return 0;
}

async function opened(operands: readonly string[], name: string) {
  const [uri, ...others] = operands;
  const place = uri === undefined ? null : setPlace(uri);
  if (place === null || others.length > 0 || !('bucket' in place))
    throw new UsageError(
      `rules ${name} takes one s3://BUCKET/PREFIX${uri === undefined ? '' : `; got ${JSON.stringify(operands.join(' '))}`}`,
    );
  const s3 = await clients.s3();
  return { place, archive: archiveIn(s3, place.bucket, sleep), store: setStoreIn(s3, place) };
}

/** The files that a function reads, of every rule in the directory. */
function setOf(directory: string): string {
  const files = new Map<string, string>();
  for (const folder of ruleFolders(directory))
    for (const [name, text] of ruleFiles(directory, folder)) files.set(`${folder}/${name}`, text);
  const own = join(directory, INDICATORS_FILE);
  const indicators = existsSync(own) ? own : join(checkoutRules(), INDICATORS_FILE);
  files.set(INDICATORS_FILE, readFileSync(indicators, 'utf8'));
  return writeSet(files, lockedVersions(directory), VERSION, sha256);
}

const VERSION = '0.1.0';

async function loadSet(store: SetStore, digest: string): Promise<Ruleset> {
  const text = await asking(store.uri, READ, () => store.set(digest));
  if (text === null) throw new SetError('SetMissing', `set ${digest.slice(0, 16)} is not in ${store.uri}`);
  return readRuleset(readSet(text, digest, sha256), null);
}

/** The newest set that passes the checks; `null`: none. */
async function currentSet(store: SetStore): Promise<Ruleset | null> {
  const found = await asking(store.uri, READ, () => store.pointer(null));
  if (found === null || found === 'unchanged') return null;
  for (const { digest } of readPointer(found.text).sets) {
    try {
      return await loadSet(store, digest);
    } catch (error) {
      if (!(error instanceof SetError)) throw error;
    }
  }
  return null;
}

/** Moves the pointer with a conditional write, so that no concurrent change is overwritten. */
async function movePointer(
  archive: Archive,
  { bucket, prefix }: SetPlace,
  move: (pointer: Pointer | null) => Pointer,
): Promise<void> {
  const key = pointerKey(prefix);
  await asking(`s3://${bucket}/${key}`, WRITE, async () => {
    for (let rivals = 0; ; rivals++) {
      const entry = await archive.get(key);
      const text = `${JSON.stringify(move(entry && readPointer(entry.text)))}\n`;
      const isMoved = entry
        ? await archive.replace(key, text, entry.etag)
        : (await archive.put(key, text, 'application/json')) === 'created';
      if (isMoved) return;
      if (rivals === MOST_RIVALS)
        throw new Refusal(`s3://${bucket}/${key} is changed by others at every attempt; try again`);
    }
  });
}

async function describe(before: Ruleset | null, next: Ruleset, io: Io): Promise<void> {
  if (before === null) {
    await io.out(`${counted(next.rules.length, 'rule')}, the first set here\n`);
    return;
  }
  const { added, removed, changed, exceptionsAdded, indicators } = changeBetween(before, next);
  for (const { folder } of added) await io.out(`+ ${folder}\n`);
  for (const { folder } of removed) await io.out(`- ${folder}\n`);
  for (const { folder } of changed) await io.out(`~ ${folder}\n`);
  for (const id of indicators) await io.out(`~ indicator ${id}\n`);
  for (const { rule, exception } of exceptionsAdded)
    await io.out(
      `! ${rule.folder}: exception ${exception.id} until ${exception.expires}, owner ${exception.owner}: ${exception.reason}\n`,
    );
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
