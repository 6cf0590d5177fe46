import type { GuideQuery, Rule } from '../../ruleset/index.ts';
import { initiatorOf, ownerOf } from '../alert/persons.ts';
import { questionsOf } from '../alert/questions.ts';
import type { RenderContext } from '../alert/render-context.ts';
import type { ShownQuery } from '../alert/section.ts';
import { filled } from '../guide/fill-guide.ts';
import { filledQuery } from '../guide/fill-query.ts';
import { shownException } from '../guide/shown-exception.ts';
import type { Pivot } from '../queries/pivots.ts';
import { firstScreen } from '../screen/first-screen.ts';
import { plain } from './columns.ts';
import type { Plain } from './safe-json.ts';

/** What an alert says in one language, as data: sentences, the guide in steps, queries, the exception. */
export function renderedFields(context: RenderContext): Plain {
  const { alert, cuts, queries, words } = context;
  const { effect, headline, rows, text: screenText } = firstScreen(context);
  const text = cuts.has('all') ? undefined : alert.location?.text[words.locale];
  const all = (templates: readonly string[] | undefined): readonly string[] =>
    (templates ?? []).map(template => plain(filled(template, context)));
  const guide = alert.rule.guides[words.locale] ?? alert.rule.guides.en;
  const exception = shownException(context);
  return {
    headline: plain(headline),
    effect: { kind: effect.kind, text: plain(effect.text) },
    requester: plain(initiatorOf(context, true)),
    owner: plain(ownerOf(context)),
    first: plain(rows.find(({ name }) => name === 'first')!.text),
    first_screen: screenText,
    questions: (cuts.has('all') ? [] : questionsOf(context)).map(
      ({ name, sentence, query, link, reason, others }) => ({
        name,
        sentence: plain(sentence),
        link,
        query: query && queryDocument(query),
        reason,
        others: cuts.has('languages') ? [] : others.map(queryDocument),
      }),
    ),
    notes: all(text?.notes),
    checks: all(text?.checks),
    restore: all(text?.restore),
    guide: cuts.has('guide')
      ? null
      : (guide?.sections ?? []).map(section => ({
          number: section.number,
          heading: section.heading,
          steps: section.steps.map(step => ({
            number: step.number,
            depth: step.depth,
            text: plain(filled(step.text, context)),
            query: step.query && guideQuery(step.query, context),
          })),
        })),
    queries: (cuts.has('all') ? [] : queries.all).map(({ number, name, question, variants }) => ({
      number,
      name,
      question,
      variants: (cuts.has('languages') ? firstWithText(variants) : variants).map(
        ({ language, index, range, rangeInWords, text: query, leftOut, link }) => ({
          language,
          index,
          range: range && { from: range.from, to: range.to },
          range_in_words: rangeInWords,
          text: query,
          left_out: leftOut,
          link,
        }),
      ),
    })),
    exception: {
      text: exception.text,
      left_out: exception.leftOut,
    },
  };
}

function guideQuery(query: GuideQuery, context: RenderContext): Plain | undefined {
  const { query: shown } = filledQuery(query, context);
  return shown === null ? undefined : { language: query.language, label: query.label, text: shown.text };
}

const queryDocument = ({ language, index, window, text }: ShownQuery): Plain => ({
  language,
  index,
  window,
  text,
});

const firstWithText = (variants: readonly Pivot[]): readonly Pivot[] => [
  variants.find(({ text }) => text !== null) ?? variants[0]!,
];

/** All metadata of a rule, under the names used in its file. */
export function ruleDocument(rule: Rule): Plain {
  return {
    id: rule.id,
    name: rule.name.en,
    names: rule.name,
    description: rule.description.en,
    descriptions: rule.description,
    version: rule.version,
    type: rule.type,
    severity: rule.severity,
    risk_score: rule.riskScore,
    index: rule.indices,
    interval: rule.interval,
    from: rule.from,
    max_signals: rule.maxSignals,
    references: rule.references,
    tags: rule.tags,
    author: rule.authors,
    license: rule.license,
    query: rule.queryText,
    threat: rule.threats.map(({ framework, tactic, techniques }) => ({
      framework,
      tactic: { id: tactic.id, name: tactic.name, reference: tactic.reference },
      technique: techniques.map(({ id, name, reference, subtechniques }) => ({
        id,
        name,
        reference,
        subtechnique: subtechniques.map(sub => ({ id: sub.id, name: sub.name, reference: sub.reference })),
      })),
    })),
    folder: rule.folder,
    digest: rule.digest,
  };
}
