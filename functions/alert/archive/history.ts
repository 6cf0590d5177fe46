import type { Alert, History } from '../detection/index.ts';
import { inParallel } from './in-parallel.ts';
import { hashOf, keys, type Sha256 } from './keys.ts';
import { type Archive, hostHashOf, readEntry } from './store.ts';

/**
 * What the archive knows of a value and a host. Only a line of the alert: if the lookup fails, the line says unknown.
 */
export type Histories = {
  readonly of: (alert: Alert) => Promise<History | null>;
  readonly wasSeen: (alert: Alert) => Promise<void>;
};

type Seen = { readonly host: string | null };

const isSeen = (entry: Partial<Seen>): entry is Seen => entry.host === null || typeof entry.host === 'string';

const HOSTS_NAMED = 5;
const ALERTS_COUNTED = 100;
const DAY_MS = 86_400_000;

export function historiesIn(
  archive: Archive,
  sha256: Sha256,
  onFailure: (error: unknown) => void,
): Histories {
  const hostAlerts = new Map<string, Promise<number>>();
  const dataOf = ({ facts: { registry } }: Alert): string =>
    hashOf(sha256, ['value', registry.value, ...registry.data]).slice(0, 40);

  const otherHosts = async (alert: Alert): Promise<Pick<History, 'otherHosts' | 'otherHostsMore'>> => {
    const own = keys.seen(dataOf(alert), hostHashOf(sha256, alert.facts));
    const { entries, isCut } = await archive.list(keys.seenFolder(dataOf(alert)), HOSTS_NAMED + 2);
    const others = entries.filter(({ key }) => key !== own);
    const names = await inParallel(others.slice(0, HOSTS_NAMED), HOSTS_NAMED, async ({ key }) => {
      const seen = await readEntry(archive, key, isSeen, onFailure);
      return seen?.host ?? null;
    });
    return {
      otherHosts: names.flatMap(name => name ?? []),
      otherHostsMore: isCut || others.length > HOSTS_NAMED,
    };
  };

  const alertsOf = async (alert: Alert): Promise<number | null> => {
    if (alert.evidence.lastModified === null) return null;
    const host = hostHashOf(sha256, alert.facts);
    const until = Date.parse(alert.evidence.lastModified);
    const known = hostAlerts.get(host) ?? countAlerts(archive, host, until);
    hostAlerts.set(host, known);
    return known;
  };

  return {
    of: async alert => {
      try {
        const [others, count] = await Promise.all([otherHosts(alert), alertsOf(alert)]);
        return { ...others, hostAlerts: count };
      } catch (error) {
        onFailure(error);
        return null;
      }
    },
    wasSeen: async alert => {
      try {
        const key = keys.seen(dataOf(alert), hostHashOf(sha256, alert.facts));
        await archive.put(
          key,
          JSON.stringify({ host: alert.facts.hostName } satisfies Seen),
          'application/json',
        );
      } catch (error) {
        onFailure(error);
      }
    },
  };
}

/**
 * Alerts published for a host on the object's day and the two days before; at most a hundred of each day are counted.
 */
async function countAlerts(archive: Archive, host: string, until: number): Promise<number> {
  const days = [0, 1, 2].map(back => new Date(until - back * DAY_MS).toISOString().slice(0, 10));
  const listings = await inParallel(days, days.length, day =>
    archive.list(keys.toldFolder(day, host), ALERTS_COUNTED),
  );
  return listings
    .flatMap(({ entries }) => entries)
    .filter(({ modifiedMs }) => modifiedMs >= until - 2 * DAY_MS).length;
}
