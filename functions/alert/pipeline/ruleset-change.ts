import type { Indicators, Rule } from '../ruleset/index.ts';

/** The rules of one set. */
export type Ruleset = {
  /** Of the published set. */
  readonly digest: string;
  readonly rules: readonly Rule[];
  readonly indicators: Indicators;
};

/** A change of the rules, for the people who run the function. */
export type RulesetChange = {
  readonly from: string;
  readonly to: string;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly changed: readonly Rule[];
  readonly exceptionsAdded: readonly {
    readonly rule: Rule;
    readonly exception: Rule['exceptions'][number];
  }[];
  /** Ids of indicators that were added, removed or changed; `levels` if these differ. */
  readonly indicators: readonly string[];
};

/** Rules by folder; a rule of which only the guide differs counts as changed. */
export function changeBetween(from: Ruleset, to: Ruleset): RulesetChange {
  const before = new Map(from.rules.map(rule => [rule.folder, rule]));
  const after = new Set(to.rules.map(({ folder }) => folder));
  return {
    from: from.digest,
    to: to.digest,
    added: to.rules.filter(({ folder }) => !before.has(folder)),
    removed: from.rules.filter(({ folder }) => !after.has(folder)),
    changed: to.rules.filter(rule => {
      const old = before.get(rule.folder);
      return old !== undefined && (old.digest !== rule.digest || old.version !== rule.version);
    }),
    exceptionsAdded: to.rules.flatMap(rule => {
      const known = before.get(rule.folder)?.exceptions ?? [];
      return rule.exceptions
        .filter(exception => known.every(old => !isSameException(old, exception)))
        .map(exception => ({ rule, exception }));
    }),
    indicators: changedIndicators(from.indicators, to.indicators),
  };
}

function isSameException(one: Rule['exceptions'][number], other: Rule['exceptions'][number]): boolean {
  const essence = ({ id, conditionText, strings, expires }: typeof one) =>
    JSON.stringify([id, conditionText, strings, expires]);
  return essence(one) === essence(other);
}

function changedIndicators(from: Indicators, to: Indicators): readonly string[] {
  const essences = ({ levels, list }: Indicators) =>
    new Map([
      ['levels', JSON.stringify(levels)],
      ...list.map(({ id, query, weight, technique, text, source }): [string, string] => [
        id,
        JSON.stringify([query.source, weight, technique, text, source]),
      ]),
    ]);
  const [before, after] = [essences(from), essences(to)];
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter(id => before.get(id) !== after.get(id)).sort();
}
