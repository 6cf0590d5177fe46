import type { Fragment, LiteralProblem } from './query-literals.ts';
import type { Question } from './query-questions.ts';
import type { Reason } from './query-reasons.ts';
import type { TimeRange, Window } from './time-window.ts';

/** The questions an analyst asks, by the names used in a guide's `{{query.…}}`. */
export type PivotName =
  | 'did-it-run'
  | 'tree'
  | 'network'
  | 'registry-writes'
  | 'prevalence'
  | 'alerts-48h'
  | 'file-origin'
  | 'remote'
  | 'who-is-sid'
  | 'still-there'
  | 'hash'
  | 'previous-value'
  | 'remove'
  | 'evidence';

export type PivotLanguage = 'KQL' | 'EQL' | 'ES|QL' | 'Osquery' | 'PowerShell' | 'AWS CLI';

/** A question about one alert, and a query that answers it: complete and ready to paste, or omitted with the reason. */
export type Pivot = {
  readonly name: PivotName;
  /** What it asks and how to read the answer. */
  readonly question: string;
  readonly language: PivotLanguage;
  /** The index pattern to search; `null` for queries that run elsewhere. */
  readonly index: string | null;
  /** The time range inside the query; `null` for queries of the current state. */
  readonly range: TimeRange | null;
  readonly rangeInWords: string;
  /** Printable ASCII and newlines; `null` if omitted. */
  readonly text: string | null;
  readonly leftOut: string | null;
  /** The query in Kibana's Discover. */
  readonly link?: string;
};

/** A pivot before it is worded. */
export type QueryDraft = {
  readonly name: PivotName;
  readonly question: Question;
  readonly language: PivotLanguage;
  readonly index: string | null;
  readonly when: Window | 'on-host' | 'this-version';
  readonly query: Fragment<Reason | LiteralProblem>;
};
