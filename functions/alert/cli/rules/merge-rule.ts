import { diff3Merge } from 'node-diff3';

export type Merged =
  | { readonly text: string }
  /** Lines of our file, from 1, that both sides changed. */
  | {
      readonly conflicts: readonly {
        readonly line: number;
        readonly ours: string;
        readonly theirs: string;
      }[];
    };

/** Merges three texts of a rule line by line. */
export function mergeRule(base: string, ours: string, theirs: string): Merged {
  const lines = (text: string) => text.split(/\r?\n/);
  const regions = diff3Merge(lines(ours), lines(base), lines(theirs), { excludeFalseConflicts: true });
  const conflicts = regions.flatMap(({ conflict }) =>
    conflict
      ? [{ line: conflict.aIndex + 1, ours: conflict.a.join('\n'), theirs: conflict.b.join('\n') }]
      : [],
  );
  if (conflicts.length > 0) return { conflicts };
  return { text: regions.flatMap(({ ok }) => ok ?? []).join('\n') };
}

/** Our tables that upstream does not have, with the comments before them. */
export function ownTables(text: string): string {
  const at = /(?:^#.*\n)*^\[registry_alert/m.exec(text)?.index;
  return at === undefined ? '' : text.slice(at);
}
