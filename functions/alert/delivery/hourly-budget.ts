import type { Archive } from './archive.ts';
import { inParallel } from './in-parallel.ts';
import { keys } from './keys.ts';

/** Who may be told singly in this hour, counted over all executions. */
export type HourlyBudget = {
  /** Takes one of the hour's single messages; false: they are used up. `host`: hash, `null` for what has none. */
  readonly claim: (id: string, host: string | null) => Promise<boolean>;
  /** A host was told: the kept fifth is not for it any more in this hour. */
  readonly wasTold: (host: string) => Promise<void>;
  /** The hour of a moment, as keys have it: `2026-11-24T02`. */
  readonly hour: () => string;
};

type Series = 'any' | 'new';

/** What this execution has found out about an hour. */
type Found = {
  readonly hour: string;
  /** The first slot that may be free. */
  readonly free: Map<Series, number>;
  /** Series of which no further slot was taken in the hour before. */
  readonly cool: Set<Series>;
};

const HOUR_MS = 3_600_000;
/** A slot is taken a little before its message leaves, and retries of the message take longer still. */
const MARGIN_MS = 60_000;

/** The hour of a moment, UTC. */
export function hourOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 13);
}

/**
 * Each single message takes a numbered slot of the hour by a conditional write, the lowest free one first. A slot is
 * free again an hour after it was taken, so that no sixty minutes hold more than the number. The last fifth of the slots
 * is kept for hosts not yet told in the hour. To be made anew for each execution.
 */
export function hourlyBudget(archive: Archive, perHour: number, now: () => number): HourlyBudget {
  const kept = Math.floor(perHour / 5);
  const sizes: Readonly<Record<Series, number>> = { any: perHour - kept, new: kept };
  const told = new Map<string, Promise<boolean> | true>();
  let found: Found = { hour: '', free: new Map(), cool: new Set() };

  const hour = (): string => hourOf(now());

  const claimOf = async (series: Series, id: string): Promise<boolean> => {
    const present = hour();
    if (found.hour !== present) found = { hour: present, free: new Map(), cool: new Set() };
    let slot = found.free.get(series) ?? (await firstFree(archive, present, series, sizes[series]));
    for (; slot < sizes[series]; slot++) {
      const before = found.cool.has(series) ? null : await lastTaken(archive, series, slot, now());
      if (before === null) found.cool.add(series);
      else if (now() - before < HOUR_MS + MARGIN_MS) break;
      const key = keys.slot(present, series, slot);
      const body = JSON.stringify({ id, at: now() });
      const isOurs =
        (await archive.put(key, body, 'application/json')) === 'created' ||
        (await holderOf(archive, key)) === id;
      if (!isOurs) continue;
      found.free.set(series, slot + 1);
      return true;
    }
    found.free.set(series, slot);
    return false;
  };

  const isNew = async (host: string): Promise<boolean> => {
    const known = told.get(`${hour()} ${host}`);
    if (known !== undefined) return !(await known);
    const asked = archive.has(keys.toldHost(hour(), host));
    told.set(`${hour()} ${host}`, asked);
    return !(await asked);
  };

  return {
    hour,
    claim: async (id, host) => {
      if (perHour === 0 || (await claimOf('any', id))) return true;
      return host !== null && sizes.new > 0 && (await isNew(host)) && (await claimOf('new', id));
    },
    wasTold: async host => {
      const name = `${hour()} ${host}`;
      if (perHour === 0 || told.get(name) === true) return;
      await archive.put(keys.toldHost(hour(), host), '', 'application/json');
      told.set(name, true);
    },
  };
}

/** Slots fill from below, so the first free one is found by asking for eight at a time. */
async function firstFree(archive: Archive, hour: string, series: Series, size: number): Promise<number> {
  let low = 0;
  let high = size;
  while (low < high) {
    const step = Math.max(1, Math.ceil((high - low) / 8));
    const probes: number[] = [];
    for (let slot = high - 1; slot >= low; slot -= step) probes.unshift(slot);
    const taken = await inParallel(probes, 8, slot => archive.has(keys.slot(hour, series, slot)));
    const last = taken.lastIndexOf(true);
    if (last + 1 < probes.length) high = probes[last + 1]!;
    if (last >= 0) low = probes[last]! + 1;
  }
  return low;
}

/** When a slot was taken before this hour; `null`: not of late, and then none above it was. */
async function lastTaken(
  archive: Archive,
  series: Series,
  slot: number,
  now: number,
): Promise<number | null> {
  const hours = new Set([hourOf(now - HOUR_MS), hourOf(now - HOUR_MS - MARGIN_MS)]);
  for (const hour of hours) {
    const entry = await archive.get(keys.slot(hour, series, slot));
    if (entry !== null) return (JSON.parse(entry.text) as { readonly at: number }).at;
  }
  return null;
}

async function holderOf(archive: Archive, key: string): Promise<string | null> {
  const entry = await archive.get(key);
  return entry === null ? null : (JSON.parse(entry.text) as { readonly id: string }).id;
}
