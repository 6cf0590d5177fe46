import { levelOf, UNRANKED } from '../notification/index.ts';

/** Which matches of one rule in one object are published individually. */
export type Selection<Match, Brief = Match> = {
  /** Takes the next match, in the order of the object, with its group; false: it will not be published. */
  readonly add: (match: Match, group: string, record: number) => boolean;
  readonly result: () => Selected<Match, Brief>;
};

export type Selected<Match, Brief = Match> = {
  /** In the order of the object; at most the limit. */
  readonly told: readonly Match[];
  /** Those that waited for a slot and got none. */
  readonly waited: readonly Match[];
  readonly total: number;
  readonly firstRecord: number;
  readonly lastRecord: number;
  /** Unordered. Exact, unless there were more groups than are counted; then only the most suspicious ones are. */
  readonly groups: readonly Group<Brief>[];
  /** Distinct groups, or as many as were counted. */
  readonly groupCount: number;
  /** Runs of record numbers of the matches not published, inclusive, the first thousand. */
  readonly restRecords: readonly { readonly from: number; readonly to: number }[];
};

/** `first`: what is kept of a group's most suspicious match. */
type Group<Brief> = { readonly first: Brief; readonly count: number };

type Counted<Brief> = { first: Brief; rank: number; count: number };

type Waiting<Match> = { readonly match: Match; readonly at: number; readonly record: number };
type Run = { from: number; to: number };

const GROUPS_COUNTED = 4_096;
const RUNS = 1_000;

/**
 * Selects the first four fifths of the limit, and for the rest the first match of each further group, so that a real
 * match after a hundred decoys is published; slots that no group takes go to the next matches. Depends only on the
 * matches and their order. Holds at most 1.2 times the limit in matches, and for thousands of groups what `briefOf`
 * keeps. `rankOf`: the smaller, the more suspicious.
 */
export function select<Match, Brief = Match>(
  most: number,
  briefOf: (match: Match) => Brief = match => match as unknown as Brief,
  rankOf: (match: Match) => number = () => 0,
): Selection<Match, Brief> {
  const sure = Math.floor(most * 0.8);
  const first: Waiting<Match>[] = [];
  const ofGroup: Waiting<Match>[] = [];
  const next: Waiting<Match>[] = [];
  const groups = new Map<string, Counted<Brief>>();

  const runs: Run[] = [];
  let lastLevel = levelOf(UNRANKED);
  let total = 0;
  let firstRecord = 0;
  let lastRecord = 0;

  const passOver = (record: number): void => {
    const last = runs.at(-1);
    if (last && record <= last.to + 1) last.to = record;
    else if (runs.length < RUNS) runs.push({ from: record, to: record });
  };

  /** Drops a group of a less suspicious level. Each level ends once, so this is cheap whatever the order of matches. */
  const makeRoom = (level: number): boolean => {
    for (; lastLevel > level; lastLevel--)
      for (const [group, { rank }] of groups) if (levelOf(rank) === lastLevel) return groups.delete(group);
    return false;
  };

  const count = (known: Counted<Brief> | undefined, match: Match, group: string): void => {
    const rank = rankOf(match);
    if (known) known.count++;
    if (known && known.rank <= rank) return;
    if (known) Object.assign(known, { rank, first: briefOf(match) });
    else if (groups.size < GROUPS_COUNTED || makeRoom(levelOf(rank)))
      groups.set(group, { first: briefOf(match), rank, count: 1 });
  };

  return {
    add: (match, group, record) => {
      const held = { match, at: total++, record };
      if (held.at === 0) firstRecord = record;
      lastRecord = record;
      const known = groups.get(group);
      count(known, match, group);
      const place = first.length < sure ? first : !known && ofGroup.length < most - sure ? ofGroup : next;
      const isHeld = place !== next || next.length < most - sure;
      if (isHeld) place.push(held);
      else passOver(record);
      return isHeld;
    },
    result: () => {
      const room = Math.max(0, most - first.length - ofGroup.length);
      const waited = next.slice(room);
      const told = [...first, ...ofGroup, ...next.slice(0, room)].sort((a, b) => a.at - b.at);
      return {
        told: told.map(({ match }) => match),
        waited: waited.map(({ match }) => match),
        total,
        firstRecord,
        lastRecord,
        groups: [...groups.values()],
        groupCount: groups.size,
        restRecords: runsWith(waited, runs),
      };
    },
  };
}

/** The matches that waited for a slot and got none come before the skipped ones, with adjacent runs joined. */
function runsWith<Match>(waited: readonly Waiting<Match>[], runs: readonly Run[]): Run[] {
  const all = [...waited.map(({ record }) => ({ from: record, to: record })), ...runs].sort(
    (a, b) => a.from - b.from,
  );
  const joined: Run[] = [];
  for (const run of all) {
    const last = joined.at(-1);
    if (last && run.from <= last.to + 1) last.to = Math.max(last.to, run.to);
    else joined.push({ ...run });
  }
  return joined;
}
