import { type HeldSummary, levelOf, rankOf, UNRANKED } from '../notification/index.ts';
import { groupKey, isSummary, mergedSummary } from './held-summary.ts';
import { inParallel } from './in-parallel.ts';
import { hashOf, keys, type Sha256 } from './keys.ts';
import { HOUR_MS, hourOf } from './rate-limiter.ts';
import { type Archive, readEntry } from './store.ts';

/** What was held in each hour, until its digest is sent. Hours are written as in keys: `2026-11-24T02`. */
export type HeldHours = {
  /** Stores a summary for the digest of the current hour; once, even if an attempt repeats it. */
  readonly add: (held: HeldPart, summary: HeldSummary) => Promise<void>;
  /** Past hours with something for a digest, oldest first; the receipt shows whether it was sent. */
  readonly due: () => Promise<readonly string[]>;
  /** Whether the caller sends the digest of this hour: one of several executions, or another if that one died. */
  readonly claim: (hour: string) => Promise<boolean>;
  /** Everything held in an hour, within limits; `isLate` ends the reading. */
  readonly collect: (hour: string, isLate: () => boolean) => Promise<HeldInHour>;
};

/** Part number `at` of what was held of an object in an hour. */
type HeldPart = { readonly hour: string; readonly objectId: string; readonly at: number };

export type HeldInHour = HeldSummary & {
  readonly logs: number;
  readonly unread: number;
  readonly isCut: boolean;
};

/** Margin after the end of an hour for its last writes: a request takes seconds, and clocks differ by less. */
const SETTLE_MS = 5 * 60_000;
/** Longer than any Lambda execution. */
const LEASE_MS = 16 * 60_000;
/** Hours looked at, newest first: two whole days. */
const MOST_HOURS = 48;
const PAGE = 1_000;
/** Names of summaries that are listed; if there are more, the digest says so. */
const MOST_PAGES = 100;
/** Summaries that are read, of up to 25 groups each. */
const MOST_READ = 200;
const READ_AT_ONCE = 20;
const LAST_HOUR = 9_999_999;

/** Every hour before this one is over and settled. */
export function firstOpenHour(nowMs: number): string {
  return hourOf(nowMs - SETTLE_MS);
}

/** Hours marked by this environment. */
const MARKED = new WeakMap<Archive, Set<string>>();

export function heldHoursIn(
  archive: Archive,
  sha256: Sha256,
  now: () => number,
  warn: (error: unknown) => void,
): HeldHours {
  const marked = MARKED.get(archive) ?? new Set();
  MARKED.set(archive, marked);
  const mark = async (hour: string): Promise<void> => {
    if (marked.has(hour)) return;
    const order = String(LAST_HOUR - Date.parse(`${hour}:00:00Z`) / HOUR_MS).padStart(7, '0');
    await archive.put(keys.heldHours(order, hour), '', 'application/json');
    marked.add(hour);
  };
  return {
    add: async ({ hour: first, objectId, at }, summary) => {
      const name = nameOf(sha256, summary, objectId, at);
      if (first !== hourOf(now()) && (await archive.has(keys.summary(first, name)))) return;
      let hour: string;
      do {
        hour = hourOf(now());
        await mark(hour);
        await archive.put(keys.summary(hour, name), JSON.stringify(summary), 'application/json');
        // A write that slow may have come after the digest.
      } while (hour < firstOpenHour(now()));
    },
    due: async () => {
      const { entries } = await archive.list(keys.heldHoursFolder(), MOST_HOURS);
      const hours = entries.map(({ key }) => key.slice(-hourOf(0).length)).filter(isHour);
      return hours.filter(hour => hour < firstOpenHour(now())).sort();
    },
    claim: async hour => {
      const key = keys.digestClaim(hour);
      const body = JSON.stringify({ at: now() });
      if ((await archive.put(key, body, 'application/json')) === 'created') return true;
      const entry = await archive.get(key);
      if (entry === null || now() - claimedAt(entry.text) < LEASE_MS) return false;
      return archive.replace(key, body, entry.etag);
    },
    collect: async (hour, isLate) => {
      const { names, isCut } = await namesIn(archive, keys.summaryFolder(hour), isLate);
      const read: HeldSummary[] = [];
      const chosen = rarestFirst(names).slice(0, MOST_READ);
      for (let from = 0; from < chosen.length && !isLate(); from += READ_AT_ONCE) {
        const some = await inParallel(chosen.slice(from, from + READ_AT_ONCE), READ_AT_ONCE, ({ key }) =>
          readEntry(archive, key, isSummary, warn),
        );
        read.push(...some.filter(summary => summary !== null));
      }
      const alerts = names.reduce((sum, name) => sum + name.alerts, 0);
      return {
        ...mergedSummary(read),
        alerts,
        logs: names.length,
        unread: names.length - read.length,
        isCut,
      };
    },
  };
}

/** Rank, dash and group: how names begin. */
const GROUP_LENGTH = 6 + 1 + 16;

type Name = { readonly key: string; readonly rank: number; readonly group: string; readonly alerts: number };

/** Rank first, since listings are ordered by name; then the most suspicious group and the number of alerts. */
function nameOf(
  sha256: Sha256,
  { groups: [first], alerts }: HeldSummary,
  objectId: string,
  at: number,
): string {
  const rank = String(first ? rankOf(first) : UNRANKED).padStart(6, '0');
  const group = first ? hashOf(sha256, ['group', groupKey(first)]) : '0'.repeat(64);
  return `${rank}-${group.slice(0, 16)}-${alerts}-${objectId}-${at}`;
}

async function namesIn(archive: Archive, folder: string, isLate: () => boolean) {
  const names: Name[] = [];
  let after: string | undefined;
  let isSkipped = false;
  for (let page = 0; page < MOST_PAGES && !isLate(); page++) {
    const { entries, isCut } = await archive.list(folder, PAGE, after);
    for (const { key } of entries) {
      const [, rank, group, alerts] =
        /^(\d{6})-([0-9a-f]{16})-(\d{1,9})-/.exec(key.slice(folder.length)) ?? [];
      if (group !== undefined) names.push({ key, rank: Number(rank), group, alerts: Number(alerts) });
    }
    const last = entries.at(-1)?.key;
    if (!isCut || last === undefined) return { names, isCut: isSkipped };
    // A flood of one group fills pages of its own; show the groups behind it first.
    const group = last.slice(0, folder.length + GROUP_LENGTH);
    const isOneGroup = entries[0]!.key.startsWith(group);
    after = isOneGroup ? `${group}~` : last;
    isSkipped ||= isOneGroup;
  }
  return { names, isCut: true };
}

/** By level, then by alerts in the group, then by score: single alerts come before a flood. */
function rarestFirst(names: readonly Name[]): Name[] {
  const alerts = new Map<string, number>();
  for (const name of names) alerts.set(name.group, (alerts.get(name.group) ?? 0) + name.alerts);
  return names.toSorted(
    (a, b) =>
      levelOf(a.rank) - levelOf(b.rank) || alerts.get(a.group)! - alerts.get(b.group)! || a.rank - b.rank,
  );
}

const isHour = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d$/.test(text);

function claimedAt(text: string): number {
  try {
    const { at } = JSON.parse(text) as { readonly at?: unknown };
    return typeof at === 'number' ? at : 0;
  } catch {
    return 0;
  }
}
