import {
  type HeldSummary,
  inOrder,
  type NoticeGroup,
  type NoticeKind,
  rankOf,
} from '../notification/index.ts';

/** What an execution holds: an alert as a group of one, or a notice by kind. */
export type HeldItem = { readonly id: string; readonly held: NoticeGroup | NoticeKind };

/** The most that a notice lists, for an object and for an hour. */
const GROUPS_GIVEN = 25;

/** A short summary of the alerts and notices that were held. */
export function summaryOf(items: readonly HeldItem[]): HeldSummary {
  const groups = items.flatMap(({ held }) => (typeof held === 'string' ? [] : [brief(held)]));
  const notices = items.flatMap(({ held }) => (typeof held === 'string' ? [{ kind: held, count: 1 }] : []));
  return mergedSummary([{ alerts: groups.length, groups, moreGroups: 0, notices }]);
}

/** The parts of a location that a digest shows. */
function brief({ location, ...group }: NoticeGroup): NoticeGroup {
  if (location === null) return { ...group, location };
  const { number, text } = location;
  return {
    ...group,
    location: { number, text: { en: { what: text.en.what }, 'zh-CN': { what: text['zh-CN'].what } } },
  };
}

/** Merges summaries; equal groups become one, which names its most suspicious alert. */
export function mergedSummary(summaries: readonly HeldSummary[]): HeldSummary {
  const groups = new Map<string, NoticeGroup>();
  const notices = new Map<NoticeKind, number>();
  for (const summary of summaries) {
    for (const group of summary.groups) {
      const key = groupKey(group);
      const known = groups.get(key);
      const first = known !== undefined && rankOf(known) <= rankOf(group) ? known : group;
      groups.set(key, { ...first, count: group.count + (known?.count ?? 0) });
    }
    for (const { kind, count } of summary.notices) notices.set(kind, (notices.get(kind) ?? 0) + count);
  }
  const given = inOrder([...groups.values()]).slice(0, GROUPS_GIVEN);
  return {
    alerts: summaries.reduce((sum, { alerts }) => sum + alerts, 0),
    groups: given,
    moreGroups: groups.size - given.length + summaries.reduce((sum, { moreGroups }) => sum + moreGroups, 0),
    notices: [...notices].map(([kind, count]) => ({ kind, count })),
  };
}

/** Groups with the same key are merged. */
export const groupKey = ({ host, location, requester }: NoticeGroup): string =>
  JSON.stringify([host, location?.number ?? null, requester]);

/** Whether an archive entry has the shape that `summaryOf` gives. */
export const isSummary = (entry: Partial<HeldSummary>): entry is HeldSummary =>
  typeof entry.alerts === 'number' &&
  typeof entry.moreGroups === 'number' &&
  Array.isArray(entry.groups) &&
  entry.groups.every(isGroup) &&
  Array.isArray(entry.notices) &&
  entry.notices.every(({ kind, count }) => typeof kind === 'string' && typeof count === 'number');

function isGroup({ host, location, requester, count, assessment }: NoticeGroup): boolean {
  const isText = (value: unknown) => value === null || typeof value === 'string';
  return (
    isText(host) &&
    isText(requester) &&
    typeof count === 'number' &&
    (assessment === null || typeof assessment?.level === 'string') &&
    (location === null || typeof location?.text?.en?.what === 'string')
  );
}
