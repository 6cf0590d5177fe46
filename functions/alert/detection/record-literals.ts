import type { Query } from '../eql/index.ts';
import type { Rule } from '../ruleset/index.ts';

/** How other products' records become events, and how required values appear in them before that. */
export type RecordMapping = {
  readonly name: 'extended' | 'elastic';
  readonly forms: readonly {
    readonly mayBeReadBy: (indices: readonly string[]) => boolean;
    readonly markers: readonly string[];
    readonly rawText: (field: string, text: string) => readonly string[];
  }[];
};

/** What rules require, of documents and of the raw records of every source that they may read. */
export function literalsOf(rules: readonly Rule[], forms: RecordMapping['forms']): readonly string[] | null {
  const all = rules.map(({ query, indices }) =>
    literalsWith(
      query,
      forms.filter(form => form.mayBeReadBy(indices)),
    ),
  );
  return all.some(literals => literals === null)
    ? null
    : [...new Set(all.flatMap(literals => literals ?? []))];
}

/** At least one of these occurs in every record that can match, in Elastic's form or in one of these raw forms. */
export function literalsWith(query: Query, forms: RecordMapping['forms']): readonly string[] | null {
  const all = [
    query.requiredLiterals,
    ...forms.flatMap(({ rawText, markers }) => [query.requiredLiteralsIn(rawText), markers]),
  ];
  return all.some(literals => literals === null) ? null : all.flatMap(literals => literals ?? []);
}
