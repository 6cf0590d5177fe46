import { readField } from '../logs/index.ts';
import {
  type PointerEntry,
  type PublishedSet,
  RuleError,
  readIndicators,
  readPointer,
  readRule,
  readSet,
  SetError,
  type SetStore,
} from '../ruleset/index.ts';
import { changeBetween, type Ruleset, type RulesetChange } from './ruleset-change.ts';
import { sha256 } from './scan-log.ts';

/** Rules to run, and the changes that led to them, oldest first. */
type RunningSet = { readonly ruleset: Ruleset; readonly changes: readonly Change[] };

/** `published`: the time according to its pointer; the same change can occur twice. */
export type Change = RulesetChange & { readonly published: string };

export type PublishedRules = {
  /**
   * The rules to run now. Call it between invocations: the first time it takes the newest set that passes, later it
   * looks for a new pointer at most once a minute.
   * @throws SetError if no set ever passed; DeliveryError if S3 cannot be reached the first time
   */
  readonly current: () => Promise<RunningSet>;
};

/** How long a pointer is trusted. */
const FRESH_MS = 60_000;

export type PublishedRulesOptions = {
  /** Folders to run, as the setting `RULES` has them. */
  readonly only: readonly string[] | null;
  readonly now: () => number;
  /** Called for each set that is skipped. */
  readonly onRejected: (error: unknown) => void;
  /** Whether the notice of a change was sent: an environment that starts looks back to the last one that was. */
  readonly isAnnounced: (change: Pick<Change, 'from' | 'to' | 'published'>) => Promise<boolean>;
};

export function publishedRules(
  store: SetStore,
  { only, now, onRejected, isAnnounced }: PublishedRulesOptions,
): PublishedRules {
  let running: RunningSet | null = null;
  let etag: string | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;

  const load = async (digest: string): Promise<Ruleset> => {
    const set = await store.set(digest);
    if (set === null) throw new SetError('SetMissing', `set ${digest.slice(0, 16)} is not in ${store.uri}`);
    return readRuleset(readSet(set, digest, sha256), only);
  };
  const loadIfGood = (digest: string): Promise<Ruleset | null> =>
    load(digest).catch(error => {
      if (error instanceof SetError) return null;
      throw error;
    });
  /** Changes before this environment started, as far back as the pointer lists; a set that does not pass never ran. */
  const missed = async (entries: readonly PointerEntry[], newest: Ruleset): Promise<readonly Change[]> => {
    const changes: Change[] = [];
    let [to, published] = [newest, entries[0]!.published];
    for (const [at, entry] of entries.entries()) {
      const before = entry.from ?? entries[at + 1]?.digest;
      if (
        before === undefined ||
        (await isAnnounced({ from: before, to: entry.digest, published: entry.published }))
      )
        break;
      const from = await loadIfGood(before);
      if (from === null) continue;
      changes.unshift({ ...changeBetween(from, to), published });
      [to, published] = [from, entries[at + 1]?.published ?? ''];
    }
    return changes;
  };
  const newest = async (text: string): Promise<RunningSet> => {
    const { sets } = readPointer(text);
    let last: unknown = null;
    for (const [at, { digest, published }] of sets.entries()) {
      if (digest === running?.ruleset.digest) return running;
      try {
        const ruleset = await load(digest);
        const changes = running
          ? [{ ...changeBetween(running.ruleset, ruleset), published }]
          : await missed(sets.slice(at), ruleset);
        return { ruleset, changes };
      } catch (error) {
        if (!(error instanceof SetError)) throw error;
        onRejected(error);
        last = error;
      }
    }
    throw last;
  };

  return {
    current: async () => {
      if (now() - askedMs < FRESH_MS && running !== null) return running;
      try {
        const pointer = await store.pointer(running && etag);
        if (pointer === null)
          throw new SetError(
            'SetMissing',
            `there is no published set in ${store.uri}; run registry-alert rules publish ${store.uri}`,
          );
        if (pointer !== 'unchanged') {
          running = await newest(pointer.text);
          etag = pointer.etag;
        }
      } catch (error) {
        if (running === null) throw error;
        // The last good set stays in use; a pointer that did not pass is checked again in a minute.
        onRejected(error);
      }
      askedMs = now();
      return running!;
    },
  };
}

/** The rules of a set, each checked like those of the package. @throws SetError `SetRules` */
export function readRuleset(set: PublishedSet, only: readonly string[] | null): Ruleset {
  const name = `set ${set.digest.slice(0, 16)}`;
  const missing = (only ?? []).filter(folder => !set.folders.has(folder));
  if (missing.length > 0)
    throw new SetError('SetRules', `${name}: RULES names ${missing.join(', ')}, which the set does not have`);
  try {
    const { readToml, versions } = set;
    const deps = { readField, sha256, readToml, lockedVersions: versions, unlessDisabled: only === null };
    const rules = [...set.folders]
      .filter(([folder]) => only === null || only.includes(folder))
      .flatMap(([folder, files]) => readRule(folder, files, deps) ?? []);
    const twice = rules.find(({ id }, at) => rules.findIndex(other => other.id === id) < at);
    if (twice)
      throw new SetError('SetRules', `${name}: two rules have the id ${twice.id}; ${twice.folder} is one`);
    if (rules.length === 0) throw new SetError('SetRules', `${name}: no rule in it is enabled`);
    const indicators = readIndicators(
      { file: 'indicators.toml', text: set.indicators ?? '' },
      { readField, sha256, readToml },
    );
    return { digest: set.digest, rules, indicators };
  } catch (cause) {
    if (cause instanceof SetError) throw cause;
    const reason = cause instanceof RuleError ? cause.message : 'its parsed TOML is damaged';
    throw new SetError('SetRules', `${name}: ${reason}`, { cause });
  }
}
