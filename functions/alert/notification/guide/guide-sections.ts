import type { Guide, GuideSection, GuideStep } from '../../ruleset/index.ts';
import { shownOf } from '../alert/alert-queries.ts';
import { plannedBlocks, undoBlocks } from '../alert/constant-sections.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { type Block, type Section, textBlock } from '../alert/section.ts';
import { actOf } from '../queries/event-act.ts';
import type { PivotName } from '../queries/pivots.ts';
import { joined, type Text } from '../text/text.ts';
import { filled } from './fill-guide.ts';
import { filledQuery } from './fill-query.ts';

/**
 * The rule's own guide as a checklist, complete and in its own order, each step with this event's answers. Its
 * steps of response and of false positives are the beginning of RESPOND and IF IT WAS PLANNED.
 */
export function guideSections(context: RenderContext): readonly Section[] {
  const { alert, cuts, words } = context;
  const own: Guide | undefined = alert.rule.guides[words.locale];
  const guide = own ?? alert.rule.guides.en;
  const shown = new Set<string>();
  const isCut = cuts.has('guide');
  const sections = isCut ? [] : (guide?.sections ?? []);
  const about = (number: string): readonly Block[] =>
    sections
      .filter(section => section.number === number)
      .flatMap(section => stepBlocks(section, context, shown));
  const note =
    guide === undefined
      ? words.say('guide.none')
      : isCut
        ? words.say(context.options.archiveBucket === undefined ? 'guide.cut-nowhere' : 'guide.cut')
        : own === undefined
          ? words.say('guide.english-only')
          : null;
  const checklist: Block[] = [
    ...(note === null ? [] : [textBlock(note)]),
    ...sections
      .filter(({ number }) => number !== 'F' && number !== 'R')
      .flatMap((section, at, all): readonly Block[] => {
        // A heading with nothing below it introduces the next one.
        if (section.steps.length === 0 && at < all.length - 1) return [];
        const opening = all[at - 1]?.steps.length === 0 ? [all[at - 1]!.heading] : [];
        return [
          { kind: 'heading', text: [...opening, section.heading].join(words.locale === 'en' ? ': ' : '：') },
          ...stepBlocks(section, context, shown),
        ];
      }),
  ];
  return [
    { name: 'guide', heading: words.label('section.guide'), blocks: checklist },
    {
      name: 'respond',
      heading: words.label('section.respond'),
      blocks: [
        textBlock(words.say(actOf(alert) === null ? 'respond.order' : 'respond.order-other')),
        ...othersBlocks(context),
        ...about('R'),
        ...undoBlocks(context, shown),
      ],
    },
    {
      name: 'planned',
      heading: words.label('section.planned'),
      blocks: [...about('F'), ...plannedBlocks(context)],
    },
  ];
}

/** Of an incident, the message has the commands of one write. */
const othersBlocks = ({ incident, options, words }: RenderContext): readonly Block[] =>
  incident === null || incident.others.length === 0 || options.archiveBucket === undefined
    ? []
    : [textBlock(words.say('respond.others', { count: incident.others.length }))];

/** What the rule requires to be set up before it can fire. */
export function setupSection(context: RenderContext): Section {
  const sections = context.cuts.has('guide') ? [] : (context.alert.rule.setup?.sections ?? []);
  const blocks = sections.flatMap(({ heading, steps }): readonly Block[] => [
    { kind: 'heading', text: heading },
    ...steps.flatMap(step =>
      stepBlocks({ number: '', heading, level: 1, steps: [step] }, context, new Set()),
    ),
  ]);
  return { name: 'setup', heading: context.words.label('section.setup'), blocks };
}

/** Longest text of a step that shares a line with its siblings. */
const LONGEST_SHORT = 60;

function stepBlocks({ steps }: GuideSection, context: RenderContext, shown: Set<string>): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at]!;
    const below = shortStepsBelow(steps, at);
    const texts = below.map(
      ({ number, text }): Text => [number === '' ? '' : `${number} `, ...filled(text, context)],
    );
    const own = filled(step.text, context);
    blocks.push(
      {
        kind: 'step',
        number: step.number,
        depth: step.depth,
        text: texts.length === 0 ? own : [...own, context.words.gap, ...joined(texts, context.words.listGap)],
      },
      ...queryOf(step, context),
      ...newQueries(step, context, shown),
    );
    at += below.length;
  }
  return blocks;
}

/** Steps one level below that are all a few words long: they share the line of the step that ends in a colon. */
function shortStepsBelow(steps: readonly GuideStep[], at: number): readonly GuideStep[] {
  const { depth, text, query } = steps[at]!;
  if (query !== undefined || !/[:：]$/.test(text)) return [];
  const end = steps.findIndex((step, index) => index > at && step.depth <= depth);
  const below = steps.slice(at + 1, end < 0 ? steps.length : end);
  return below.every(step => step.depth === depth + 1 && isShort(step)) ? below : [];
}

const isShort = ({ text, query }: GuideStep): boolean =>
  text.length <= LONGEST_SHORT && query === undefined && !text.includes('{{query.');

/** A query of the guide's own, below its step. If the step does not name it, its label does. */
function queryOf({ number, text, query }: GuideStep, context: RenderContext): readonly Block[] {
  if (query === undefined) return [];
  const { query: shown, notes } = filledQuery(query, context);
  const block: readonly Block[] =
    shown === null
      ? []
      : number === '' && !text.includes(query.label)
        ? [{ kind: 'query', id: null, title: [query.label], query: shown }]
        : [{ kind: 'code', text: shown.text, isPacked: query.language === 'osquery' }];
  return [...block, ...notes.map(textBlock)];
}

/** A query that no question shows is below the first step that names it. */
function newQueries(step: GuideStep, { queries }: RenderContext, shown: Set<string>): readonly Block[] {
  const names = [...step.text.matchAll(/\{\{query\.([a-z0-9-]+)\}\}/g)].map(match => match[1] as PivotName);
  return names.flatMap((name): readonly Block[] => {
    const named = queries.named(name);
    const query = shownOf(named);
    if (named[0]?.asks !== null || shown.has(name)) return [];
    // The reason for its absence is in the step.
    shown.add(name);
    if (query === null) return [];
    return [{ kind: 'query', id: null, title: null, query }];
  });
}
