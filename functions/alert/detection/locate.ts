import type { Clause } from '../eql/index.ts';
import type { Certainty, Location, Rule } from '../ruleset/index.ts';
import { fitsKey, foldAscii, parseRegistryPath } from '../ruleset/index.ts';
import type { EventFacts } from './alert.ts';

const STRENGTH: Record<Certainty, number> = { runs: 0, 'may-run': 1, 'no-known-effect': 2 };

export type Located = {
  readonly location: Location | null;
  readonly locations: readonly Location[];
  /** Whether the event's key and value are exactly where Windows is known to read the location that counts. */
  readonly isDocumented: boolean;
};

/**
 * The locations whose patterns matched, and the one that counts. `*` spans backslashes, so an attacker can choose a
 * path that also fits a harmless location: the one whose documented key is the event's counts, else the strongest.
 */
export function locate(rule: Rule, why: readonly Clause[], facts: EventFacts): Located {
  const matched = new Set(
    why
      .filter(clause => clause.field === 'registry.path')
      .flatMap(clause => clause.matched.map(hit => hit.position)),
  );
  const locations = rule.locations
    .filter(location => location.patterns.some(pattern => matched.has(pattern)))
    .toSorted((a, b) => STRENGTH[a.certainty] - STRENGTH[b.certainty] || a.number - b.number);
  const documented = locations.find(location => isDocumented(location, facts));
  return {
    location: documented ?? locations[0] ?? null,
    locations,
    isDocumented: documented !== undefined,
  };
}

function isDocumented(location: Location, { registry, owner }: EventFacts): boolean {
  const key = owner.sid === null ? registry.key : parseRegistryPath(`HKU\\${registry.key}`).below;
  const isValue = location.value === '*' || foldAscii(location.value) === foldAscii(registry.value);
  return (
    isValue &&
    (location.hive === 'machine') === (registry.root === 'machine') &&
    [location.key, ...location.also].some(documented => fitsKey(documented, key))
  );
}
