import { type Archive, hashOf, keys, noticeIdOf } from '../archive/index.ts';
import type { ObjectIdentity } from '../detection/index.ts';
import type { Notice } from '../notification/index.ts';
import { type ScanReport, sha256 } from './scan-log.ts';
import { isMostlyUnknown } from './unread-records.ts';

/** Findings common to many objects that are published once a day. */
export type DailyNotices = {
  readonly of: (object: ObjectIdentity, report: ScanReport) => Promise<readonly Notice[]>;
  /** They were delivered: this environment no longer checks the archive for them. */
  readonly delivered: (notices: readonly Notice[]) => void;
};

type Options = {
  readonly archive: Archive;
  readonly sourcePrefix: string;
  /** Folders of the rules, running or not, that read an index. */
  readonly rulesReading: (index: string) => readonly string[];
  readonly now: () => number;
};

/** Most notices of unknown shapes in a day; the alarm gives the number of objects. */
const MOST_SHAPES = 5;

/**
 * The notices of a day: one for each source that no running rule reads, and, for objects of which more than half is of
 * unknown shape, one for each first part of their keys, at most five. The day is the clock's, which affects no match.
 */
export function dailyNotices({ archive, sourcePrefix, rulesReading, now }: Options): DailyNotices {
  const known = new Set<string>();

  /** Whether this part of the keys has one of the day's slots, or gets one now. */
  const hasSlot = async (day: string, part: string): Promise<boolean> => {
    for (let slot = 0; slot < MOST_SHAPES; slot++) {
      const key = keys.shapeSlot(day, slot);
      if ((await archive.put(key, JSON.stringify({ part }), 'application/json')) === 'created') return true;
      if ((await archive.get(key))?.text === JSON.stringify({ part })) return true;
    }
    return false;
  };

  return {
    of: async (object, { report, unread }) => {
      const day = new Date(now()).toISOString().slice(0, 10);
      const notices: Notice[] = [];
      for (const [product, { index, count }] of unread.sources) {
        const id = noticeIdOf(sha256, 'unread-source', day, product);
        if (known.has(id)) continue;
        const readers = rulesReading(index);
        notices.push({ id, kind: 'unread-source', object, product, index, count, readers });
      }
      if (!isMostlyUnknown(report.unknown, report.records)) return notices;
      const below = object.key.startsWith(sourcePrefix) ? object.key.slice(sourcePrefix.length) : object.key;
      const part = hashOf(sha256, [object.bucket ?? '', below.replace(/^\/+/, '').split('/', 1)[0]!]);
      const id = noticeIdOf(sha256, 'unknown-shape', day, part);
      if (known.has(id) || !(await hasSlot(day, part))) return notices;
      const { unknown, records, unknownKeys } = report;
      return [...notices, { id, kind: 'unknown-shape', object, unknown, records, keys: unknownKeys }];
    },
    delivered: notices => {
      if (known.size > 1000) known.clear();
      for (const { id, kind } of notices)
        if (kind === 'unread-source' || kind === 'unknown-shape') known.add(id);
    },
  };
}
