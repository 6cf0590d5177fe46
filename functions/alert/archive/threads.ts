import type { Incident } from '../detection/index.ts';
import { keys, type Sha256 } from './keys.ts';
import { type Archive, hostHashOf, readEntry } from './store.ts';

/** The first message of a thread, which later messages continue. */
export type Continued = {
  /** Id of that incident. */
  readonly id: string;
  /** Time of its first event, milliseconds UTC. */
  readonly begunMs: number;
};

/**
 * Which message an incident of a later object continues. Only a line of the message: if the lookup fails, it is
 * omitted.
 */
export type Threads = {
  readonly continued: (incident: Incident) => Promise<Continued | null>;
  readonly wasPublished: (incident: Incident, continues: Continued | null) => Promise<void>;
};

type Entry = Continued & { readonly firstMs: number; readonly lastMs: number };

const isEntry = (entry: Partial<Entry>): entry is Entry =>
  typeof entry.id === 'string' && [entry.begunMs, entry.firstMs, entry.lastMs].every(Number.isFinite);

/** The same limit as between two alerts of one object. */
const GAP_MS = 10 * 60_000;
/** Entries looked at: events state their own time, so a flood of future ones costs only this line. */
const MOST = 10;
/** Later than any date; keys list in ascending order, and the newest is wanted first. */
const END_MS = 10 ** 16;

export function threadsIn(archive: Archive, sha256: Sha256, onFailure: (error: unknown) => void): Threads {
  const orNull = async <T>(task: () => Promise<T | null>): Promise<T | null> => {
    try {
      return await task();
    } catch (error) {
      onFailure(error);
      return null;
    }
  };
  return {
    continued: incident =>
      orNull(async () => {
        const span = spanOf(incident);
        const thread = threadOf(incident, sha256);
        if (span === null || thread === null) return null;
        const { entries } = await archive.list(keys.threadFolder(thread), MOST);
        for (const { key } of entries) {
          const entry = await readEntry(archive, key, isEntry, onFailure);
          const isNear =
            entry !== null &&
            entry.id !== incident.id &&
            entry.firstMs <= span.lastMs + GAP_MS &&
            entry.lastMs >= span.firstMs - GAP_MS;
          if (isNear) return { id: entry.id, begunMs: entry.begunMs };
        }
        return null;
      }),
    wasPublished: async (incident, continues) => {
      await orNull(async () => {
        const span = spanOf(incident);
        const thread = threadOf(incident, sha256);
        if (span === null || thread === null) return null;
        const entry: Entry = { id: incident.id, begunMs: span.firstMs, ...continues, ...span };
        const order = `${String(END_MS - span.lastMs).padStart(16, '0')}-${incident.id.slice(0, 16)}`;
        return archive.put(keys.thread(thread, order), JSON.stringify(entry), 'application/json');
      });
    },
  };
}

/** Rule, host and recorded initiator; `null`: none is recorded, so two messages may have different ones. */
function threadOf({ alerts: [{ rule, facts }] }: Incident, sha256: Sha256): string | null {
  const initiator = facts.requester.entityId;
  if (initiator === null) return null;
  return sha256([rule.id, hostHashOf(sha256, facts), initiator].join('\n')).slice(0, 40);
}

function spanOf({ alerts }: Incident): { readonly firstMs: number; readonly lastMs: number } | null {
  const times = alerts.flatMap(({ facts }) => facts.timestampMs ?? []);
  return times.length === 0 ? null : { firstMs: Math.min(...times), lastMs: Math.max(...times) };
}
