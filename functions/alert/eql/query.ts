import type { Pipe } from './compile/pipes.ts';
import type { RawText } from './compile/required-literals.ts';
import type { JsonObject, Scalar } from './document.ts';
import type { Span } from './syntax/span.ts';

/** One condition of the query, evaluated on one document. */
export type Clause = {
  readonly span: Span;
  /** The condition as written. */
  readonly source: string;
  readonly result: 'true' | 'false' | 'missing';
  /** Its field, if it tests exactly one. */
  readonly field?: string;
  readonly values: readonly Scalar[];
  /** For a list of constants: the positions (from 1) of those that matched. */
  readonly matched: readonly {
    readonly position: number;
    readonly constant: Scalar;
    readonly value: Scalar;
  }[];
};

export type Explanation = {
  readonly matches: boolean;
  /** The conditions in the order of the query, the category first. */
  readonly clauses: readonly Clause[];
  /** Index in `clauses` of the first one that decides. */
  readonly decidedBy: number;
};

/** One value of the field, ASCII case-insensitively, is this text, or contains these texts. */
export type RequiredValue = { readonly field: string } & (
  | { readonly is: string }
  | { readonly holds: readonly string[] }
);

/** An EQL event query, compiled. */
export type Query = {
  readonly source: string;
  /** Every field it reads, including the category's, sorted. */
  readonly fields: readonly string[];
  /**
   * ASCII-folded strings of which at least one occurs in every document that can match, whatever the spelling;
   * `null`: none is known, so every document has to be read.
   */
  readonly requiredLiterals: readonly string[] | null;
  /** The options it was compiled with. */
  readonly categoryField: string;
  readonly caseFolding: 'ascii' | 'unicode';
  /** The category; `null`: any, or one that equals more than its text. */
  readonly category: { readonly field: string; readonly value: string } | null;
  /** At least one of these is true for every document that can match; `null`: none is known. */
  readonly requiredValues: readonly RequiredValue[] | null;
  /** Of each list one is true for every document that can match; a query that is not compiled yet begins with them. */
  readonly requiredOfEach: readonly (readonly RequiredValue[])[];
  /** The same for raw records, given which parts of a required text occur verbatim in them. */
  requiredLiteralsIn(rawText: RawText): readonly string[] | null;
  readonly pipes: readonly Pipe[];
  /** Applies the pipes, or only the first so many, to matching documents, by the time in a field. */
  throughPipes(
    documents: readonly JsonObject[],
    timestampField: string,
    most?: number,
  ): readonly JsonObject[];
  /** Throws `TooManyCombinations` if fields have more values than a function over several fields is evaluated with. */
  matches(document: JsonObject): boolean;
  /** Whether the document states a category that is not the query's. */
  isOtherCategory(document: JsonObject): boolean;
  explain(document: JsonObject): Explanation;
};

/** A query without its functions: what is kept as JSON. */
export type KnownOfQuery = {
  readonly [Key in keyof Query as Query[Key] extends (...args: never[]) => unknown ? never : Key]: Query[Key];
};

/** One term of the conjunction that a condition is: `field operator constants`. */
export type ConditionTest = {
  readonly field: string;
  readonly operator: string;
  readonly constants: readonly Scalar[];
  /** No wildcard, pattern or range: the field has to be one of the constants. */
  readonly exact: boolean;
  readonly span: Span;
};

/** The condition of an exception, compiled under its stricter meaning: every value must satisfy it. */
export type Condition = {
  readonly source: string;
  readonly fields: readonly string[];
  readonly tests: readonly ConditionTest[];
  accepts(document: JsonObject): boolean;
};
