import type { Alert, Repeated } from '../detection/index.ts';
import { inParallel } from './in-parallel.ts';
import { hashOf, keys, type Sha256 } from './keys.ts';
import type { Receipts } from './receipts.ts';
import { type Archive, hostHashOf, readEntry } from './store.ts';

/**
 * What was published on a day: an alert with the same rule, host, path, data and requester as a published one is a
 * repeat. The mark alone proves nothing; the receipt of the alert it names does. `own`: ids of the same object, whose
 * equal writes are counted in their incidents instead.
 */
export type Repeats = {
  /** `null`: no repeat. `due`: what to say when the last message about it is too old. */
  readonly repeatOf: (alert: Alert) => Promise<Repeat | null>;
  /** An alert has its receipt: equal alerts are repeats from now on. */
  readonly wasPublished: (alert: Alert) => Promise<void>;
  /** An earlier attempt wrote the receipt and may have died before writing the mark. */
  readonly restore: (alert: Alert) => Promise<void>;
  /** One more repeat that was not sent. */
  readonly wasQuiet: (alert: Alert) => unknown;
  /** Writes the counts; if that fails, the number is too low and nothing else is wrong. */
  readonly settle: () => Promise<void>;
};

type Repeat = { readonly due: Repeated | null };

/** Older marks contain only the id. */
type Mark = {
  /** The most recent one published. */
  readonly id: string;
  /** When the first one was published, ISO 8601 UTC. */
  readonly since?: string;
  /** Repeats since then, at least. */
  readonly count?: number;
};

type Found = {
  readonly id: string;
  readonly publishedMs: number;
  readonly sinceMs: number;
  readonly count: number;
};

const isMark = (entry: Partial<Mark>): entry is Mark =>
  typeof entry.id === 'string' &&
  (entry.since === undefined || Number.isFinite(Date.parse(entry.since))) &&
  (entry.count === undefined || Number.isSafeInteger(entry.count));

const AT_ONCE = 20;

export type RepeatPorts = {
  readonly topicArn: string;
  readonly sha256: Sha256;
  readonly now: () => number;
  /** A repeat is sent again when the last message about it is older than this. */
  readonly repeatMinutes: number;
  readonly warn: (error: unknown) => void;
};

export function repeatsIn(
  archive: Archive,
  receipts: Receipts,
  { topicArn, sha256, now, repeatMinutes, warn }: RepeatPorts,
  own: ReadonlySet<string>,
): Repeats {
  const found = new Map<string, Promise<Found | null>>();
  const quiet = new Map<string, number>();
  const keyOf = (alert: Alert): string => {
    const { facts, rule, evidence, writtenHash } = alert;
    const day = evidence.lastModified?.slice(0, 10) ?? 'undated';
    const host = hostHashOf(sha256, facts);
    const print = hashOf(sha256, [
      rule.id,
      facts.hostName ?? '',
      facts.agentId ?? '',
      facts.requester.executable ?? '',
      facts.requester.name ?? '',
      // Not the facts, which are truncated where an object holds too much.
      writtenHash,
    ]);
    return keys.told(day, host, print.slice(0, 40));
  };
  const read = async (key: string): Promise<Found | null> => {
    const mark = await readEntry(archive, key, isMark, warn);
    const publishedMs = mark && (await receipts.publishedMs(mark.id, topicArn));
    if (mark === null || publishedMs === null) return null;
    const sinceMs = mark.since === undefined ? publishedMs : Date.parse(mark.since);
    return { id: mark.id, publishedMs, sinceMs, count: mark.count ?? 0 };
  };
  const lookUp = (key: string): Promise<Found | null> => {
    const asked = found.get(key) ?? read(key);
    found.set(key, asked);
    return asked;
  };
  return {
    repeatOf: async alert => {
      const last = await lookUp(keyOf(alert));
      if (last === null || last.id === alert.id || own.has(last.id)) return null;
      const isDue = now() - last.publishedMs > repeatMinutes * 60_000;
      return {
        due: isDue
          ? { sinceMs: last.sinceMs, count: last.count + (quiet.get(keyOf(alert)) ?? 0) + 1, others: 0 }
          : null,
      };
    },
    wasPublished: async alert => {
      const key = keyOf(alert);
      const last = await found.get(key);
      const publishedMs = now();
      const made: Found = last
        ? { ...last, id: alert.id, publishedMs, count: last.count + 1 }
        : { id: alert.id, publishedMs, sinceMs: publishedMs, count: 0 };
      found.set(key, Promise.resolve(made));
      const body = markOf(made);
      if (!last && (await archive.put(key, body, 'application/json')) === 'created') return;
      const present = await archive.get(key);
      // A concurrent execution's mark is as recent as this one.
      if (present !== null && present.text !== body) await archive.replace(key, body, present.etag);
    },
    restore: async alert => {
      const key = keyOf(alert);
      const body = JSON.stringify({ id: alert.id } satisfies Mark);
      if ((await archive.put(key, body, 'application/json')) === 'created') found.delete(key);
    },
    wasQuiet: alert => quiet.set(keyOf(alert), (quiet.get(keyOf(alert)) ?? 0) + 1),
    settle: async () => {
      await inParallel([...quiet], AT_ONCE, async ([key, more]) => {
        try {
          const present = await archive.get(key);
          const kept = await read(key);
          if (present === null || kept === null) return;
          await archive.replace(key, markOf({ ...kept, count: kept.count + more }), present.etag);
        } catch (error) {
          warn(error);
        }
      });
      quiet.clear();
    },
  };
}

function markOf({ id, sinceMs, count }: Found): string {
  return JSON.stringify({ id, since: new Date(sinceMs).toISOString(), count } satisfies Mark);
}
