import type { Alert, Draft, History, Neighbours } from './alert.ts';
import { DistinctIds } from './identity.ts';

/** Most groups and ids that are counted exactly; a log with more of either says "not counted" for the rest. */
const MOST = 10_000;
const SAMPLE = 6;

type Group = { count: number; readonly sample: { path: string; value: string; id: string }[] };

/**
 * Counts, while an object is read, what belongs together: matches of one rule, host and requester, and how many
 * records were the same event. Completes drafts to alerts once the object is read. Memory is bounded.
 *
 * @example
 * const counted = new Neighbourhood();
 * [counted.add(draft), counted.add(draft)]; // [true, false]
 * counted.complete(draft, null).occurrences; // 2
 */
export class Neighbourhood {
  readonly #distinct = new DistinctIds();
  readonly #groups = new Map<string, Group>();
  readonly #occurrences = new Map<string, number>();

  /** Counts a match. True the first time its id comes: then it is an alert, and a neighbour of others. */
  add(draft: Draft): boolean {
    const isFirst = this.#distinct.add(draft.id);
    const seen = this.#occurrences.get(draft.id);
    if (seen !== undefined || this.#occurrences.size < MOST) this.#occurrences.set(draft.id, (seen ?? 0) + 1);
    if (isFirst) this.#addNeighbour(draft);
    return isFirst;
  }

  #addNeighbour(draft: Draft): void {
    const key = groupOf(draft);
    let group = this.#groups.get(key);
    if (!group) {
      if (this.#groups.size >= MOST) return;
      group = { count: 0, sample: [] };
      this.#groups.set(key, group);
    }
    group.count++;
    const { path, value } = draft.facts.registry;
    if (group.sample.length < SAMPLE) group.sample.push({ path, value, id: draft.id });
  }

  /** The alert of a draft, given what was counted and what the archive knows. */
  complete(draft: Draft, history: History | null): Alert {
    const group = this.#groups.get(groupOf(draft));
    const neighbours: Neighbours | null = group
      ? {
          count: group.count - 1,
          sample: group.sample
            .filter(({ id }) => id !== draft.id)
            .slice(0, SAMPLE - 1)
            .map(({ path, value }) => ({ path, value })),
        }
      : null;
    return { ...draft, neighbours, occurrences: this.#occurrences.get(draft.id) ?? 1, history };
  }
}

/** Rule, host and requester, as one key. Lengths keep two lists of parts apart. */
function groupOf({ rule, facts }: Draft): string {
  const parts = [
    rule.id,
    facts.hostId ?? facts.hostName ?? '',
    facts.requester.entityId ?? facts.requester.executable ?? facts.requester.name ?? '',
  ];
  return parts.map(part => `${part.length}:${part}`).join('');
}
