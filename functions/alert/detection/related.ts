import type { Alert, History, Match, Neighbours } from './alert.ts';
import { DistinctIds } from './identity.ts';

/** Most groups and ids that are counted exactly; in a log with more of either, the rest is "not counted". */
const MOST = 10_000;
const SAMPLE = 6;

type Group = { count: number; readonly sample: { path: string; value: string; id: string }[] };

/**
 * Counts, while an object is read, matches of one rule, host and requester, and how many
 * records were the same event. Completes matches to alerts once the object is read. Memory is bounded.
 *
 * @example
 * const counted = new RelatedMatches();
 * [counted.add(match), counted.add(match)]; // [true, false]
 * counted.complete(match, null).occurrences; // 2
 */
export class RelatedMatches {
  readonly #distinct = new DistinctIds();
  readonly #groups = new Map<string, Group>();
  readonly #occurrences = new Map<string, number>();

  /** Counts a match. True for the first with its id: then it is an alert, and a neighbour of others. */
  add(match: Match): boolean {
    const isFirst = this.#distinct.add(match.id);
    const seen = this.#occurrences.get(match.id);
    if (seen !== undefined || this.#occurrences.size < MOST) this.#occurrences.set(match.id, (seen ?? 0) + 1);
    if (isFirst) this.#addNeighbour(match);
    return isFirst;
  }

  /** Counts one more record of an event whose match was given, known only by its id; false: there was none. */
  repeat(id: string): boolean {
    if (!this.#distinct.has(id)) return false;
    const seen = this.#occurrences.get(id);
    if (seen !== undefined) this.#occurrences.set(id, seen + 1);
    return true;
  }

  #addNeighbour(match: Match): void {
    const key = groupOf(match);
    let group = this.#groups.get(key);
    if (!group) {
      if (this.#groups.size >= MOST) return;
      group = { count: 0, sample: [] };
      this.#groups.set(key, group);
    }
    group.count++;
    const { path, value } = match.facts.registry;
    if (group.sample.length < SAMPLE) group.sample.push({ path, value, id: match.id });
  }

  /** The alert of a match, given the counts and what the archive knows. */
  complete(match: Match, history: History | null): Alert {
    const group = this.#groups.get(groupOf(match));
    const neighbours: Neighbours | null = group
      ? {
          count: group.count - 1,
          sample: group.sample
            .filter(({ id }) => id !== match.id)
            .slice(0, SAMPLE - 1)
            .map(({ path, value }) => ({ path, value })),
        }
      : null;
    return { ...match, neighbours, occurrences: this.#occurrences.get(match.id) ?? 1, history };
  }
}

/** Rule, host and requester, as one key. Lengths keep the parts apart. */
function groupOf({ rule, facts }: Match): string {
  const parts = [
    rule.id,
    facts.hostId ?? facts.hostName ?? '',
    facts.requester.entityId ?? facts.requester.executable ?? facts.requester.name ?? '',
  ];
  return parts.map(part => `${part.length}:${part}`).join('');
}
