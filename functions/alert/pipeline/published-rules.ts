import { readField } from '../logs/index.ts';
import {
  type Indicators,
  type PublishedSet,
  type Rule,
  RuleError,
  readIndicators,
  readPointer,
  readRule,
  readSet,
  SetError,
  type SetStore,
} from '../ruleset/index.ts';
import { sha256 } from './scan-log.ts';

/** The rules of one set. */
export type Ruleset = {
  /** Of the published set. */
  readonly digest: string;
  readonly rules: readonly Rule[];
  readonly indicators: Indicators;
};

/** Rules to run, and how they differ from those before; `null`: there were none, or they cannot be read any more. */
export type RunningSet = { readonly ruleset: Ruleset; readonly change: RulesetChange | null };

export type PublishedRules = {
  /**
   * The rules to run now. To be asked between invocations: the first time it takes the newest set that passes, later it
   * looks for a new pointer at most once a minute.
   * @throws SetError where no set was ever good; DeliveryError where S3 cannot be asked the first time
   */
  readonly current: () => Promise<RunningSet>;
};

/** How long a pointer is believed. */
const FRESH_MS = 60_000;

/** `only`: folders to run, as the setting `RULES` has them. `onRejected` is told of each set that is passed over. */
export function publishedRules(
  store: SetStore,
  only: readonly string[] | null,
  now: () => number,
  onRejected: (error: unknown) => void,
): PublishedRules {
  let running: RunningSet | null = null;
  let etag: string | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;

  const load = async (digest: string): Promise<Ruleset> => {
    const set = await store.set(digest);
    if (set === null) throw new SetError('SetMissing', `set ${digest.slice(0, 16)} is not in ${store.uri}`);
    return readRuleset(readSet(set, digest, sha256), only);
  };
  const changeFrom = async (from: string | null, to: Ruleset): Promise<RulesetChange | null> => {
    if (from === null) return null;
    const before = running?.ruleset.digest === from ? running.ruleset : await load(from).catch(() => null);
    return before && changeBetween(before, to);
  };
  const newest = async (text: string): Promise<RunningSet> => {
    let last: unknown = null;
    for (const { digest, from } of readPointer(text).sets) {
      if (digest === running?.ruleset.digest) return running;
      try {
        const ruleset = await load(digest);
        return { ruleset, change: await changeFrom(from, ruleset) };
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
        // The last good set stays; a pointer that did not pass is looked at again in a minute.
        onRejected(error);
      }
      askedMs = now();
      return running!;
    },
  };
}

/** The rules of a set, each of them checked as those of the package are. @throws SetError `SetRules` */
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

/** What a change of rules is, for the people who run the function. */
export type RulesetChange = {
  readonly from: string;
  readonly to: string;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly changed: readonly Rule[];
  readonly exceptionsAdded: readonly {
    readonly rule: Rule;
    readonly exception: Rule['exceptions'][number];
  }[];
};

/** Rules by folder; a rule whose guide alone differs is changed too. */
export function changeBetween(from: Ruleset, to: Ruleset): RulesetChange {
  const before = new Map(from.rules.map(rule => [rule.folder, rule]));
  const after = new Set(to.rules.map(({ folder }) => folder));
  return {
    from: from.digest,
    to: to.digest,
    added: to.rules.filter(({ folder }) => !before.has(folder)),
    removed: from.rules.filter(({ folder }) => !after.has(folder)),
    changed: to.rules.filter(rule => {
      const old = before.get(rule.folder);
      return old !== undefined && (old.digest !== rule.digest || old.version !== rule.version);
    }),
    exceptionsAdded: to.rules.flatMap(rule => {
      const known = before.get(rule.folder)?.exceptions ?? [];
      return rule.exceptions
        .filter(exception => known.every(old => !isSameException(old, exception)))
        .map(exception => ({ rule, exception }));
    }),
  };
}

function isSameException(one: Rule['exceptions'][number], other: Rule['exceptions'][number]): boolean {
  const essence = ({ id, conditionText, strings, expires }: typeof one) =>
    JSON.stringify([id, conditionText, strings, expires]);
  return essence(one) === essence(other);
}
