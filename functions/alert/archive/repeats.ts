import type { Alert } from '../detection/index.ts';
import { hashOf, keys, type Sha256 } from './keys.ts';
import type { Receipts } from './receipts.ts';
import { type Archive, hostHashOf, readEntry } from './store.ts';

/**
 * What was told on a day: an alert with the same rule, host, path, data and requester as one that was published is a
 * repeat. The mark alone proves nothing; the receipt of the alert it names does. `own`: ids of the same object, whose
 * equal writes are counted in their incidents instead.
 */
export type Repeats = {
  readonly isRepeat: (alert: Alert) => Promise<boolean>;
  /** An alert has its receipt: what is like it is a repeat from here on. */
  readonly wasPublished: (alert: Alert) => Promise<void>;
};

type Mark = { readonly id: string };

const isMark = (entry: Partial<Mark>): entry is Mark => typeof entry.id === 'string';

export function repeatsIn(
  archive: Archive,
  receipts: Receipts,
  topicArn: string,
  sha256: Sha256,
  warn: (error: unknown) => void,
  own: ReadonlySet<string>,
): Repeats {
  const found = new Map<string, Promise<string | null>>();
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
      // Not the facts, which are cut where an object holds too much.
      writtenHash,
    ]);
    return keys.told(day, host, print.slice(0, 40));
  };
  const toldAs = async (key: string): Promise<string | null> => {
    const mark = await readEntry(archive, key, isMark, warn);
    return mark && (await receipts.has(mark.id, topicArn)) ? mark.id : null;
  };
  return {
    isRepeat: async alert => {
      const key = keyOf(alert);
      const asked = found.get(key) ?? toldAs(key);
      found.set(key, asked);
      const id = await asked;
      return id !== null && id !== alert.id && !own.has(id);
    },
    wasPublished: async alert => {
      const key = keyOf(alert);
      found.set(key, Promise.resolve(alert.id));
      await archive.put(key, JSON.stringify({ id: alert.id } satisfies Mark), 'application/json');
    },
  };
}
