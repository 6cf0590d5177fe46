import type { Fragment, LiteralProblem } from './query-literals.ts';
import type { Question } from './query-questions.ts';
import type { Reason } from './query-reasons.ts';
import type { TimeRange, Window } from './time-window.ts';

/** The questions an analyst asks, by the name that a guide's `{{query.…}}` has for each. */
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

/** A question about one alert, and a query that answers it: whole and ready to paste, or left out with the reason. */
export type Pivot = {
  readonly name: PivotName;
  /** What it asks and how to read the answer. */
  readonly question: string;
  readonly language: PivotLanguage;
  /** The index pattern to search; `null` for what runs elsewhere. */
  readonly index: string | null;
  /** The time range inside the query; `null` for what looks at the present state. */
  readonly range: TimeRange | null;
  readonly rangeInWords: string;
  /** Printable ASCII and newlines; `null` when left out. */
  readonly text: string | null;
  readonly leftOut: string | null;
  /** The query in Kibana's Discover. */
  readonly link?: string;
};

/** A pivot before it is put into words. */
export type QueryDraft = {
  readonly name: PivotName;
  readonly question: Question;
  readonly language: PivotLanguage;
  readonly index: string | null;
  readonly when: Window | 'on-host' | 'this-version';
  readonly query: Fragment<Reason | LiteralProblem>;
};
