import {
  type Condition,
  compileCondition,
  type JsonObject,
  lazyQuery,
  type ReadField,
} from '../eql/index.ts';
import { type Exception, withStrings } from './exceptions.ts';
import type { Indicators } from './indicators.ts';
import type { Rule } from './rule/rule.ts';

type Versions = ReadonlyMap<string, number>;
type Files = ReadonlyMap<string, string>;

/** What is kept of a rule as JSON: all but the functions of its queries. */
type Frozen = {
  readonly files: readonly (readonly [name: string, length: number])[];
  readonly locked: number | null;
  readonly rule: Rule;
};

/**
 * A parsed rule as text for `thawRule`, a line of JSON and the files: TOML, Markdown and the checks of a rule take two
 * thirds of a cold start. It is valid only for those files: one changed afterwards is never evaluated in its old version.
 */
export function freezeRule(files: Files, versions: Versions, rule: Rule): string {
  const lengths = [...files].map(([name, text]) => [name, text.length] as const);
  const frozen: Frozen = { files: lengths, locked: versions.get(rule.id) ?? null, rule };
  return `${JSON.stringify(frozen)}\n${[...files.values()].join('')}`;
}

/** The rule again; its queries are compiled when a document could match them. `null`: the files differ. */
export function thawRule(text: string, files: Files, versions: Versions, readField: ReadField): Rule | null {
  let at = text.indexOf('\n') + 1;
  const { files: read, locked, rule } = JSON.parse(text.slice(0, at)) as Frozen;
  if (locked !== (versions.get(rule.id) ?? null) || read.length !== files.size) return null;
  for (const [name, length] of read) {
    const file = files.get(name);
    if (file?.length !== length || !text.startsWith(file, at)) return null;
    at += length;
  }
  return {
    ...rule,
    query: lazyQuery(rule.query, readField),
    exceptions: rule.exceptions.map(exception => thawException(exception, rule, readField)),
  };
}

function thawException(exception: Exception, { query }: Rule, readField: ReadField): Exception {
  const { categoryField, caseFolding } = query;
  let compiled: Condition | undefined;
  const accepts = (document: JsonObject): boolean => {
    compiled ??= withStrings(
      compileCondition(exception.conditionText, { readField, categoryField, caseFolding }),
      exception.strings,
      readField,
    );
    return compiled.accepts(document);
  };
  return { ...exception, condition: { ...exception.condition, accepts } };
}

/** The same for indicators, whose expressions are all compiled to check them. */
export function freezeIndicators(source: string, indicators: Indicators): string {
  return `${JSON.stringify(indicators)}\n${source}`;
}

/** @param json The first line of the frozen text; read and parsed for the first alert. */
export function thawIndicators(json: () => string, readField: ReadField): Indicators {
  let thawed: Indicators | undefined;
  const indicators = (): Indicators => {
    if (thawed === undefined) {
      const { levels, list } = JSON.parse(json()) as Indicators;
      thawed = { levels, list: list.map(one => ({ ...one, query: lazyQuery(one.query, readField) })) };
    }
    return thawed;
  };
  return {
    get levels() {
      return indicators().levels;
    },
    get list() {
      return indicators().list;
    },
  };
}
