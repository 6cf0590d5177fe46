import type { Alert } from '../../detection/index.ts';
import type { RenderOptions } from '../options.ts';
import { type Pivot, type PivotName, pivots } from '../queries/pivots.ts';
import { LONGEST_QUERY } from '../queries/query-literals.ts';
import type { Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';
import type { ShownQuery } from './section.ts';

/** The five questions; their names never change. */
export type QuestionName = (typeof QUESTION_NAMES)[number];

export const QUESTION_NAMES = ['WHO', 'SPREAD', 'FILE', 'RAN', 'THERE'] as const;

/** The question that a query belongs to, if it is one of the five. */
const QUESTION_OF: { readonly [name in PivotName]?: QuestionName } = {
  tree: 'WHO',
  remote: 'WHO',
  prevalence: 'SPREAD',
  'file-origin': 'FILE',
  'did-it-run': 'RAN',
  'still-there': 'THERE',
};

/** One query of an alert, and the same in each language. */
export type AlertQuery = {
  /** Its number in the JSON, `Q1`. */
  readonly number: string;
  readonly name: PivotName;
  readonly asks: QuestionName | null;
  readonly question: string;
  readonly variants: readonly Pivot[];
};

export type AlertQueries = {
  readonly all: readonly AlertQuery[];
  readonly named: (...names: readonly PivotName[]) => readonly AlertQuery[];
  /** How prose names the query: by its question, language and index; or why there is none. */
  readonly refer: (name: PivotName) => Text;
};

const ORDER: readonly PivotName[] = [
  'tree',
  'remote',
  'who-is-sid',
  'prevalence',
  'file-origin',
  'hash',
  'did-it-run',
  'still-there',
  'alerts-48h',
  'network',
  'registry-writes',
  'remove',
  'previous-value',
  'evidence',
];

/** If the event does not name the caller, this comes first: was it remote? */
const orderOf = (alert: Alert): readonly PivotName[] =>
  alert.facts.requester.kind === 'named' ? ORDER : ['remote', ...ORDER.filter(name => name !== 'remote')];

/** Longest query in a message with little space. */
const LONGEST_SHORT = 1_000;

export function alertQueries(
  alert: Alert,
  words: Words,
  options: RenderOptions,
  onlyShort: boolean,
): AlertQueries {
  const groups = new Map<string, Pivot[]>();
  for (const asked of pivots(alert, words.locale, options)) {
    const pivot = wholeOrNone(asked, onlyShort ? LONGEST_SHORT : LONGEST_QUERY, words);
    const key = `${pivot.name} ${pivot.question}`;
    groups.set(key, [...(groups.get(key) ?? []), pivot]);
  }
  const order = orderOf(alert);
  const all = [...groups.values()]
    .toSorted(([a], [b]) => order.indexOf(a!.name) - order.indexOf(b!.name))
    .map((variants, at): AlertQuery => {
      const { name, question } = variants[0]!;
      return { number: `Q${at + 1}`, name, asks: QUESTION_OF[name] ?? null, question, variants };
    });
  const named = (...names: readonly PivotName[]) => all.filter(({ name }) => names.includes(name));
  return { all, named, refer: name => referenceTo(named(name), words) };
}

function wholeOrNone(pivot: Pivot, most: number, words: Words): Pivot {
  if (pivot.text === null || pivot.text.length <= most) return pivot;
  const { link: _, ...rest } = pivot;
  return { ...rest, text: null, leftOut: words.label('query.too-long') };
}

function referenceTo(queries: readonly AlertQuery[], { say }: Words): Text {
  const [first] = queries;
  if (first === undefined) return say('query.none');
  if (first.asks !== null) return [{ query: first.asks }];
  const shown = shownOf(queries);
  const isCommand = first.variants[0]!.language === 'PowerShell';
  return shown === null
    ? say(isCommand ? 'query.left-out-command' : 'query.left-out', { reason: leftOutOf(queries) ?? '' })
    : shown.index === null
      ? [{ query: shown.language, anchor: first.name }]
      : say('query.in', { language: { query: shown.language, anchor: first.name }, index: shown.index });
}

/** The first query that could be written. */
export const shownOf = (queries: readonly AlertQuery[]): ShownQuery | null => allShown(queries)[0] ?? null;

/** Every query that could be written, in every language. */
export const allShown = (queries: readonly AlertQuery[]): readonly ShownQuery[] =>
  queries.flatMap(({ variants }) =>
    variants.flatMap(({ language, index, rangeInWords, text, link }) =>
      text === null ? [] : [{ language, index, window: rangeInWords, text, link: link ?? null }],
    ),
  );

/** Why there is none. */
export const leftOutOf = (queries: readonly AlertQuery[]): string | null =>
  queries.flatMap(({ variants }) => variants.map(({ leftOut }) => leftOut)).find(reason => reason !== null) ??
  null;
