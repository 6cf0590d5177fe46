import type { Alert } from '../../detection/index.ts';
import type { Locale } from '../../ruleset/index.ts';
import { actOf, actPrevalence } from './event-act.ts';
import { evidence } from './evidence-queries.ts';
import { hash, stillThere } from './host-queries.ts';
import { discoverLink } from './kibana-link.ts';
import type { Pivot, QueryDraft } from './pivot.ts';
import { didItRun, network, tree } from './process-queries.ts';
import { QUESTIONS, WHEN } from './query-questions.ts';
import { reasonOf } from './query-reasons.ts';
import { type Subject, subjectOf } from './query-subject.ts';
import { otherUsers, prevalence, previousValue, registryWrites } from './registry-queries.ts';
import { removal } from './removal.ts';
import { alerts48h, fileOrigin, remote, whoIsSid } from './surrounding-queries.ts';

export type { Pivot, PivotLanguage, PivotName } from './pivot.ts';

export type PivotOptions = {
  /** Kibana's address with its space: every KQL query gets a link as well. */
  readonly kibanaUrl?: string | undefined;
};

/** In an analyst's order, ending with undo and evidence. */
const ASKED: readonly ((subject: Subject) => readonly QueryDraft[])[] = [
  didItRun,
  tree,
  remote,
  network,
  registryWrites,
  fileOrigin,
  hash,
  prevalence,
  otherUsers,
  alerts48h,
  whoIsSid,
  stillThere,
  previousValue,
  removal,
  evidence,
];

/** For an event other than a registry event. */
const ASKED_OF_OTHERS: typeof ASKED = [tree, network, fileOrigin, hash, actPrevalence, alerts48h, evidence];

/**
 * Every query about an alert, ready to paste: with its facts quoted for the language, a time range, and no
 * placeholder; or omitted, with the reason in its place.
 *
 * @example
 * pivots(alert, 'en').find(({ name, language }) => name === 'did-it-run' && language === 'KQL')?.text
 */
export function pivots(alert: Alert, locale: Locale, options: PivotOptions = {}): readonly Pivot[] {
  const subject = subjectOf(alert, locale);
  return (actOf(alert) === null ? ASKED : ASKED_OF_OTHERS)
    .flatMap(ask => ask(subject))
    .map(draft => inWords(draft, locale, options));
}

function inWords({ query, when, ...draft }: QueryDraft, locale: Locale, { kibanaUrl }: PivotOptions): Pivot {
  const window = typeof when === 'string' ? null : when;
  const link =
    kibanaUrl !== undefined &&
    draft.language === 'KQL' &&
    window &&
    query.text !== null &&
    draft.index !== null
      ? discoverLink(kibanaUrl, query.text, window.range, draft.index)
      : undefined;
  return {
    ...draft,
    question: QUESTIONS[draft.question][locale],
    range: window?.range ?? null,
    rangeInWords: typeof when === 'string' ? WHEN[when][locale] : when.inWords,
    text: query.text,
    leftOut: query.problem === null ? null : reasonOf(query.problem)[locale],
    ...(link === undefined ? {} : { link }),
  };
}
