import { inParallel } from './in-parallel.ts';
import { keys } from './keys.ts';
import { type Archive, readEntry } from './store.ts';

/** Limits the messages sent to people individually in an hour, counted over all executions. */
export type RateLimiter = {
  /**
   * Takes one of the hour's slots for individual messages; false: none is left. `host`: hash, `null` if there is none.
   * `isRetry`: an earlier attempt may have taken a slot for this message, which it then keeps.
   */
  readonly claim: (id: string, host: string | null, isRetry: boolean) => Promise<boolean>;
  /** Takes one of the tenth reserved for notices, so that garbage uses up no alert's slot. */
  readonly claimForNotice: (id: string, isRetry: boolean) => Promise<boolean>;
  /** A message about this host was sent: the reserved fifth is not for it any more in this hour. */
  readonly wasPublished: (host: string) => Promise<void>;
  /** The hour of a time, as written in keys: `2026-11-24T02`. */
  readonly hour: () => string;
};

type Series = 'any' | 'new' | 'notice';

/** How many slots were taken in an hour, from slot 0. */
type Taken = { readonly hour: string; readonly count: number };

/** What this execution knows of an hour. */
type Found = {
  readonly hour: string;
  /** The first slot that may be free. */
  readonly free: Map<Series, number>;
  /** Slots taken in the hour before; read only when the current hour comes near that number. */
  readonly before: Map<Series, readonly Taken[]>;
};

export const HOUR_MS = 3_600_000;
/** A slot is taken shortly before its message is sent, and retries of the message take longer still. */
const MARGIN_MS = 60_000;

/** The hour of a time, UTC. */
export function hourOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 13);
}

/**
 * Each individual message takes a numbered slot of the hour by a conditional write, the lowest free one first. A slot
 * is free if taking it leaves at most the limit taken within the last sixty-one minutes: slots of the hour before count
 * too, until they are that old. A failed message keeps its slot within the hour. The last fifth of the slots is
 * reserved for hosts without a message in the hour, a tenth, rounded up, for notices; a single slot is for
 * an alert. Create a new one for each execution.
 */
export function rateLimiter(
  archive: Archive,
  perHour: number,
  now: () => number,
  warn: (error: unknown) => void,
): RateLimiter {
  const [kept, notice] = [Math.floor(perHour / 5), Math.min(Math.ceil(perHour / 10), perHour - 1)];
  const sizes: Readonly<Record<Series, number>> = { any: perHour - kept - notice, new: kept, notice };
  const published = new Map<string, Promise<boolean> | true>();
  let found: Found = { hour: '', free: new Map(), before: new Map() };

  const hour = (): string => hourOf(now());

  /** Whether the slots of the hours before leave space for this one. */
  const hasRoom = async (series: Series, slot: number): Promise<boolean> => {
    const [size, present] = [sizes[series], now()];
    let before = found.before.get(series);
    if (before === undefined) {
      const hours = [...new Set([hourOf(present - HOUR_MS - MARGIN_MS), hourOf(present - HOUR_MS)])];
      // Slots fill from the lowest: if this one is free, fewer were taken in the hour before than would matter.
      const decisive = keys.slot(hours[0]!, series, size - 1 - slot);
      if (hours.length === 1 && !(await archive.has(decisive))) return true;
      before = await inParallel(hours, hours.length, async of => ({
        hour: of,
        count: await firstFree(archive, of, series, size),
      }));
      found.before.set(series, before);
    }
    const at = await takenAt(archive, series, before, slot - size, warn);
    return at === null || present - at >= HOUR_MS + MARGIN_MS;
  };

  const claimOf = async (series: Series, id: string): Promise<boolean> => {
    const present = hour();
    if (found.hour !== present) found = { hour: present, free: new Map(), before: new Map() };
    let slot = found.free.get(series) ?? (await firstFree(archive, present, series, sizes[series]));
    for (; slot < sizes[series] && (await hasRoom(series, slot)); slot++) {
      const key = keys.slot(present, series, slot);
      const body = JSON.stringify({ id, at: now() } satisfies Slot);
      const isOurs =
        (await archive.put(key, body, 'application/json')) === 'created' ||
        (await readEntry(archive, key, isSlot, warn))?.id === id;
      if (!isOurs) continue;
      found.free.set(series, slot + 1);
      await archive.put(keys.claim(present, id), '', 'application/json');
      return true;
    }
    found.free.set(series, slot);
    return false;
  };

  const isNew = async (host: string): Promise<boolean> => {
    const known = published.get(`${hour()} ${host}`);
    if (known !== undefined) return !(await known);
    const asked = archive.has(keys.toldHost(hour(), host));
    published.set(`${hour()} ${host}`, asked);
    return !(await asked);
  };

  const isFree = async (id: string, isRetry: boolean): Promise<boolean> =>
    perHour === 0 || (isRetry && (await archive.has(keys.claim(hour(), id))));

  return {
    hour,
    claimForNotice: async (id, isRetry) => (await isFree(id, isRetry)) || claimOf('notice', id),
    claim: async (id, host, isRetry) => {
      if (await isFree(id, isRetry)) return true;
      if (await claimOf('any', id)) return true;
      return host !== null && sizes.new > 0 && (await isNew(host)) && (await claimOf('new', id));
    },
    wasPublished: async host => {
      const name = `${hour()} ${host}`;
      if (perHour === 0 || published.get(name) === true) return;
      await archive.put(keys.toldHost(hour(), host), '', 'application/json');
      published.set(name, true);
    },
  };
}

/** Slots fill from the lowest, so the first free one is found by asking for eight at a time. */
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

type Slot = { readonly id: string; readonly at: number };

const isSlot = (entry: Partial<Slot>): entry is Slot =>
  typeof entry.id === 'string' && typeof entry.at === 'number';

/**
 * When the slot that many positions before the end of the hours, taken together, was taken; `null`: fewer were
 * taken, or the entry is damaged and is not counted.
 */
async function takenAt(
  archive: Archive,
  series: Series,
  hours: readonly Taken[],
  fromEnd: number,
  warn: (error: unknown) => void,
): Promise<number | null> {
  let slot = hours.reduce((sum, { count }) => sum + count, 0) + fromEnd;
  for (const { hour, count } of hours) {
    if (slot < 0) return null;
    if (slot < count)
      return (await readEntry(archive, keys.slot(hour, series, slot), isSlot, warn))?.at ?? null;
    slot -= count;
  }
  return null;
}
