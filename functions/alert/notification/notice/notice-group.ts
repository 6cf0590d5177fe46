import { type Match, suspicionRank } from '../../detection/index.ts';
import type { NoticeGroup } from './notice.ts';

/** As long as prose shows it: thousands of groups are held. */
const BRIEF_TEXT = 128;

/** A match as a group of one. */
export function groupOf({
  facts,
  location,
  assessment,
}: Pick<Match, 'facts' | 'location' | 'assessment'>): NoticeGroup {
  const cut = (text: string | null): string | null => text?.slice(0, BRIEF_TEXT).toWellFormed() ?? null;
  const { level, score } = assessment;
  return {
    host: cut(facts.hostName ?? facts.hostId),
    location,
    requester: cut(facts.requester.name),
    count: 1,
    assessment: { level, score },
  };
}

/**
 * Groups in display order: the most suspicious level first; within it those of the host and location
 * with the fewest alerts, then the smallest, then by score. So a flood of one kind is listed after a single write of
 * another, however many programs the flood names.
 */
export function inOrder<Group extends NoticeGroup>(groups: readonly Group[]): Group[] {
  const rarity = new Map<string, number>();
  for (const group of groups) rarity.set(placeOf(group), (rarity.get(placeOf(group)) ?? 0) + group.count);
  const sorted = groups.map(group => ({ group, rank: rankOf(group), rarity: rarity.get(placeOf(group))! }));
  sorted.sort(
    (a, b) =>
      levelOf(a.rank) - levelOf(b.rank) ||
      a.rarity - b.rarity ||
      a.group.count - b.group.count ||
      a.rank - b.rank,
  );
  return sorted.map(({ group }) => group);
}

/** After every assessment: groups without one. */
export const UNRANKED = 999_999;

/** The smaller, the more suspicious; at most six digits. */
export function rankOf({ assessment }: Pick<NoticeGroup, 'assessment'>): number {
  return assessment === null ? UNRANKED : suspicionRank(assessment);
}

/** The level in a rank, from 0. */
export function levelOf(rank: number): number {
  return Math.floor(rank / 100_000);
}

const placeOf = ({ host, location }: NoticeGroup): string => `${location?.number ?? ''} ${host ?? ''}`;
