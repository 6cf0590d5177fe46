import type { Detector } from '../detection/index.ts';
import { fits, type LogEvent, originOf, type RawSource, readField } from '../logs/index.ts';
import type { Rule } from '../ruleset/index.ts';

/** Records of other products that no running rule evaluates. */
export type UnreadRecords = {
  /** Sources of which no running rule has an index, with one of their indices and the number of records. */
  readonly sources: ReadonlyMap<RawSource, { readonly index: string; readonly count: number }>;
  /** From sources that are read, but of a category that no rule evaluates. */
  readonly otherCategory: number;
};

export type UnreadCounter = {
  /** Whether a running rule may be true for an event. */
  readonly isRead: (event: LogEvent) => boolean;
  readonly counts: () => UnreadRecords;
};

/** Whether more than half of an object is of unknown shape: then nobody here reads its exporter. */
export function isMostlyUnknown(unknown: number, records: number): boolean {
  return unknown * 2 > records;
}

const MOST_ORIGINS = 1000;
const CATEGORY = readField('event.category');

/** Counts, among the decoded records of an object, those of other products that no running rule reads. */
export function countUnread({ rules }: Detector): UnreadCounter {
  const readers = new Map<string, readonly Rule[]>();
  const sources = new Map<RawSource, { index: string; count: number }>();
  let otherCategory = 0;

  const readersOf = (event: LogEvent): readonly Rule[] => {
    const origin = originOf(event.document, event.index);
    const key = `${origin.index}|${origin.dataStream}`;
    let found = readers.get(key);
    if (found === undefined) {
      if (readers.size >= MOST_ORIGINS) readers.clear();
      found = rules.filter(rule => fits(rule.indices, origin) !== 'other');
      readers.set(key, found);
    }
    return found;
  };

  return {
    isRead: event => {
      const { source, index, document } = event;
      if (source === null) return true;
      const reading = readersOf(event);
      if (reading.length === 0) {
        const seen = sources.get(source) ?? { index: index ?? '', count: 0 };
        seen.count++;
        sources.set(source, seen);
        return false;
      }
      const isOther =
        CATEGORY(document).length === 0 || reading.every(({ query }) => query.isOtherCategory(document));
      if (isOther) otherCategory++;
      return true;
    },
    counts: () => ({ sources, otherCategory }),
  };
}
