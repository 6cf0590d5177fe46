import type { Alert } from '../../detection/index.ts';
import type { RenderOptions } from '../options.ts';
import { type Pivot, type PivotName, pivots } from '../queries/pivots.ts';
import { LONGEST_QUERY } from '../queries/query-literals.ts';
import { joined, type Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';

/** One question, its number in the message, and the query for it in each language. */
export type NumberedQuery = {
  readonly number: string;
  readonly name: PivotName;
  readonly question: string;
  readonly variants: readonly Pivot[];
};

export type NumberedQueries = {
  readonly all: readonly NumberedQuery[];
  /** How prose refers to the queries of a name: `Q3, Q4, Q5`. */
  readonly refer: (name: PivotName) => Text;
  readonly named: (...names: readonly PivotName[]) => readonly NumberedQuery[];
};

/** The questions of the first section in an analyst's order; who asked comes first where the event does not tell. */
const FIRST: readonly PivotName[] = [
  'did-it-run',
  'tree',
  'remote',
  'who-is-sid',
  'file-origin',
  'hash',
  'prevalence',
  'still-there',
];

const THEN: readonly PivotName[] = [
  'alerts-48h',
  'network',
  'registry-writes',
  'remove',
  'previous-value',
  'evidence',
];

export function firstQuestions(alert: Alert): readonly PivotName[] {
  return alert.facts.requester.kind === 'named'
    ? FIRST
    : ['remote', ...FIRST.filter(name => name !== 'remote')];
}

/** Longest query in a message that has little room. */
const LONGEST_SHORT = 1_000;

function wholeOrNone(pivot: Pivot, most: number, words: Words): Pivot {
  if (pivot.text === null || pivot.text.length <= most) return pivot;
  const { link: _, ...rest } = pivot;
  return { ...rest, text: null, leftOut: words.label('query.too-long') };
}

/** The first question that has a query and not only a reason. */
export const withText = (queries: readonly NumberedQuery[]): NumberedQuery | undefined =>
  queries.find(({ variants }) => variants.some(({ text }) => text !== null));

/** Numbers the queries of an alert in the order in which they stand. */
export function numberedQueries(
  alert: Alert,
  words: Words,
  options: RenderOptions,
  onlyShort: boolean,
): NumberedQueries {
  const { comma, locale } = words;
  const groups = new Map<string, Pivot[]>();
  for (const asked of pivots(alert, locale, options)) {
    const pivot = wholeOrNone(asked, onlyShort ? LONGEST_SHORT : LONGEST_QUERY, words);
    const key = `${pivot.name} ${pivot.question}`;
    groups.set(key, [...(groups.get(key) ?? []), pivot]);
  }
  const order = [...firstQuestions(alert), ...THEN];
  const sorted = [...groups.values()].toSorted(([a], [b]) => order.indexOf(a!.name) - order.indexOf(b!.name));
  const all = sorted.map((variants, at) => {
    const { name, question } = variants[0]!;
    return { number: `Q${at + 1}`, name, question, variants };
  });
  const named = (...names: readonly PivotName[]) =>
    names.flatMap(name => all.filter(query => query.name === name));
  return {
    all,
    named,
    refer: name =>
      joined(
        named(name).map(({ number }) => [{ query: number }]),
        comma,
      ),
  };
}
