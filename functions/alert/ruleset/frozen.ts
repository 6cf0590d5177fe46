import { compileCondition, lazyQuery, type ReadField } from '../eql/index.ts';
import { withStrings } from './exceptions.ts';
import type { Indicators } from './indicators.ts';
import type { Rule } from './rule/rule.ts';

type Versions = ReadonlyMap<string, number>;
type Files = ReadonlyMap<string, string>;

/** What is kept of a rule as JSON: all but the functions of its queries. */
type Frozen = {
  readonly files: readonly (readonly [name: string, text: string])[];
  readonly locked: number | null;
  readonly rule: Rule;
};

/**
 * A parsed rule as JSON text for `thawRule`: TOML, Markdown and the checks of a rule take two thirds of a cold start.
 * It includes the files' text and is valid only for that: a file changed afterwards is never evaluated in its old
 * version.
 */
export function freezeRule(files: Files, versions: Versions, rule: Rule): string {
  const frozen: Frozen = { files: [...files], locked: versions.get(rule.id) ?? null, rule };
  return JSON.stringify(frozen);
}

/** The rule again; its query is compiled when the first document could match it. `null`: the files differ. */
export function thawRule(text: string, files: Files, versions: Versions, readField: ReadField): Rule | null {
  const { files: read, locked, rule } = JSON.parse(text) as Frozen;
  if (locked !== (versions.get(rule.id) ?? null)) return null;
  if (read.length !== files.size || read.some(([name, text]) => files.get(name) !== text)) return null;
  const { categoryField, caseFolding } = rule.query;
  return {
    ...rule,
    query: lazyQuery(rule.query, readField),
    exceptions: rule.exceptions.map(exception => ({
      ...exception,
      condition: withStrings(
        compileCondition(exception.conditionText, { readField, categoryField, caseFolding }),
        exception.strings,
        readField,
      ),
    })),
  };
}

/** The same for indicators, whose expressions are all compiled to check them. */
export function freezeIndicators(source: string, indicators: Indicators): string {
  return JSON.stringify({ source, indicators });
}

export function thawIndicators(text: string, source: string, readField: ReadField): Indicators | null {
  const { source: read, indicators } = JSON.parse(text) as { source: string; indicators: Indicators };
  if (read !== source) return null;
  return {
    ...indicators,
    list: indicators.list.map(indicator => ({ ...indicator, query: lazyQuery(indicator.query, readField) })),
  };
}
