import type { HeldSummary, Notice, NoticeGroup } from '../notification/index.ts';
import { DeliveryError } from '../observability/index.ts';
import { heldHoursIn } from './held-hours.ts';
import { type HeldItem, isSummary, summaryOf } from './held-summary.ts';
import { keys, noticeIdOf, type Sha256 } from './keys.ts';
import type { Receipts } from './receipts.ts';
import { type Archive, addressOf, readEntry } from './store.ts';

/**
 * The held alerts and notices of one object: archived, listed under their hour, and covered by that hour's digest.
 * Those of a backfill are listed under `keys.heldRun` instead of an hour and covered by the digest of the run.
 */
export type Deferred = {
  /** Ids that an earlier attempt held, so that they are not published now. */
  readonly earlier: () => Promise<ReadonlySet<string>>;
  /** Assigns these to this hour, permanently. */
  readonly keep: (items: readonly HeldItem[], hour: string) => Promise<void>;
  /**
   * Ensures that everything held is listed under its hour, with its summary, and that the digest of each hour was sent.
   */
  readonly announce: (first: NoticeGroup | null) => Promise<void>;
};

export type DeferredPorts = {
  readonly archive: Archive;
  readonly receipts: Receipts;
  readonly sha256: Sha256;
  readonly objectId: string;
  readonly topicArn: string;
  readonly perHour: number;
  /** Nothing of the object was archived before, so nothing of it can have been held. */
  readonly isFresh: () => boolean;
  /** What a quiet backfill held is published when the object arrives live. */
  readonly isLive: boolean;
  /** Milliseconds UTC. */
  readonly now: () => number;
  readonly warn: (error: unknown) => void;
  /** Publishes the digest of an hour or a run and writes its receipt. */
  readonly publish: (notice: Notice) => Promise<void>;
};

const RUNS = keys.heldRun('');

/** Held at one time; `ids` are of alerts and notices in the archive. Versions before 0.2 wrote no summary. */
type Part = { readonly hour: string; readonly ids: readonly string[]; readonly summary?: HeldSummary };

const isPart = (entry: Partial<Part>): entry is Part =>
  typeof entry.hour === 'string' && Array.isArray(entry.ids) && entry.ids.every(id => typeof id === 'string');

/** Executions that could each write a list first. */
const MOST_RIVALS = 20;

export function deferredIn(ports: DeferredPorts): Deferred {
  const { archive, receipts, objectId, isLive } = ports;
  const heldHours = heldHoursIn(archive, ports.sha256, ports.now, ports.warn);
  let parts: Promise<Part[]> | null = null;
  const counts = ({ hour }: Part): boolean => !isLive || !hour.startsWith(RUNS);
  const known = (): Promise<Part[]> => {
    parts ??= ports.isFresh() ? Promise.resolve([]) : readParts(ports);
    return parts;
  };
  return {
    earlier: async () => new Set((await known()).filter(counts).flatMap(part => part.ids)),
    keep: async (items, hour) => {
      const all = await known();
      let left = items.filter(({ id }) => !all.some(part => counts(part) && part.ids.includes(id)));
      for (let rivals = 0; left.length > 0; rivals++) {
        const part: Part = { hour, ids: left.map(({ id }) => id), summary: summaryOf(left) };
        const key = keys.heldHour(objectId, all.length);
        if ((await archive.put(key, JSON.stringify(part), 'application/json')) === 'created') {
          all.push(part);
          return;
        }
        const theirs = await readPart(ports, all.length);
        if (theirs === null || rivals === MOST_RIVALS)
          throw new DeliveryError(
            'ArchiveUnavailable',
            `${addressOf(archive, key)}: exists and cannot be read`,
          );
        all.push(theirs);
        left = left.filter(({ id }) => !(counts(theirs) && theirs.ids.includes(id)));
      }
    },
    announce: async first => {
      for (const [at, part] of (await known()).entries()) {
        if (part.ids.length === 0) continue;
        const { hour, ids } = part;
        await Promise.all([
          archive.put(keys.held(hour, objectId, at), JSON.stringify({ hour, ids }), 'application/json'),
          hour.startsWith(RUNS) ? null : heldHours.add({ hour, objectId, at }, summaryIn(part)),
        ]);
        const notice = heldNotice(ports, part.hour, first);
        if (!(await receipts.has(notice.id, ports.topicArn))) await ports.publish(notice);
      }
    },
  };
}

function summaryIn({ ids, summary }: Part): HeldSummary {
  return summary && isSummary(summary)
    ? summary
    : { alerts: ids.length, groups: [], moreGroups: 0, notices: [] };
}

function heldNotice(
  { archive, sha256, perHour }: DeferredPorts,
  hour: string,
  first: NoticeGroup | null,
): Notice {
  const place = { bucket: archive.bucket, key: keys.heldFolder(hour) };
  const run = hour.startsWith(RUNS) ? hour.slice(RUNS.length) : null;
  if (run !== null) return { id: noticeIdOf(sha256, 'backfill', run), kind: 'backfill', run, place, first };
  return {
    id: noticeIdOf(sha256, 'held', hour),
    kind: 'held',
    hour: `${hour}:00:00Z`,
    limit: perHour,
    held: null,
    place,
    first,
  };
}

async function readParts(ports: DeferredPorts): Promise<Part[]> {
  const parts: Part[] = [];
  for (;;) {
    const part = await readPart(ports, parts.length);
    if (part === null) return parts;
    parts.push(part);
  }
}

/** A damaged list keeps its slot and counts as empty: its entries are published, or held once more. */
async function readPart({ archive, objectId, warn }: DeferredPorts, at: number): Promise<Part | null> {
  const key = keys.heldHour(objectId, at);
  const part = await readEntry(archive, key, isPart, warn);
  return part ?? ((await archive.has(key)) ? { hour: '', ids: [] } : null);
}
