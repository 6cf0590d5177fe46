import { compileCondition, lazyQuery } from '../../eql/index.ts';
import type { Rule, RuleDeps } from './rule.ts';

type Versions = ReadonlyMap<string, number>;
type Files = ReadonlyMap<string, string>;

/** What JSON keeps of a rule: all but the functions of its queries. */
type Frozen = {
  readonly files: readonly (readonly [name: string, text: string])[];
  readonly locked: number | null;
  readonly rule: Rule;
};

/**
 * A rule that was read, as JSON text for `thawRule`: TOML, Markdown and the checks of a rule are two thirds of a cold
 * start. It holds for files of the same text, which it has as well: so a file changed afterwards is never evaluated as what it was.
 */
export function freezeRule(files: Files, versions: Versions, rule: Rule): string {
  const frozen: Frozen = { files: [...files], locked: versions.get(rule.id) ?? null, rule };
  return JSON.stringify(frozen);
}

/** The rule again; its query is compiled when the first document could match it. `null`: the files are others. */
export function thawRule(
  text: string,
  files: Files,
  versions: Versions,
  readField: RuleDeps['readField'],
): Rule | null {
  const { files: read, locked, rule } = JSON.parse(text) as Frozen;
  if (locked !== (versions.get(rule.id) ?? null)) return null;
  if (read.length !== files.size || read.some(([name, text]) => files.get(name) !== text)) return null;
  const { categoryField, caseFolding } = rule.query;
  return {
    ...rule,
    query: lazyQuery(rule.query, readField),
    exceptions: rule.exceptions.map(exception => ({
      ...exception,
      condition: compileCondition(exception.conditionText, { readField, categoryField, caseFolding }),
    })),
  };
}
