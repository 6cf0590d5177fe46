import type { Guide, GuideSection, GuideStep } from '../../ruleset/index.ts';
import { plannedBlocks, undoBlocks } from '../alert/constant-sections.ts';
import { queryBlocks } from '../alert/query-sections.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { type Block, type Section, textBlock } from '../alert/story.ts';
import type { PivotName } from '../queries/pivots.ts';
import { filled } from './fill-guide.ts';

/** The rule's own guide, in its own order and whole, each step with what this event already answers. */
export function guideSections(context: RenderContext, shown: Set<string>): readonly Section[] {
  const { alert, cuts, words } = context;
  const own: Guide | undefined = alert.rule.guides[words.locale];
  const guide = own ?? alert.rule.guides.en;
  const sections: Section[] = [];
  let intro: Block[] = [];
  if (guide === undefined) intro.push(textBlock(words.say('guide.none')));
  else if (cuts.has('guide'))
    intro.push(
      textBlock(words.say(context.options.archiveBucket === undefined ? 'guide.cut-nowhere' : 'guide.cut')),
    );
  else if (own === undefined) intro.push(textBlock(words.say('guide.english-only')));
  const has = (number: string) => guide?.sections.some(section => section.number === number) ?? false;
  for (const section of cuts.has('guide') ? [] : (guide?.sections ?? [])) {
    const blocks = [...intro, ...stepBlocks(section, context, shown)];
    intro = [];
    const also =
      section.number === 'F'
        ? plannedBlocks(context)
        : section.number === 'R'
          ? undoBlocks(context, shown)
          : [];
    sections.push({
      name: `guide-${section.number}`,
      heading: section.heading,
      blocks: [...blocks, ...also],
    });
  }
  const ownSections: Section[] = [];
  if (cuts.has('guide') || !has('F')) {
    ownSections.push({
      name: 'planned',
      heading: words.label('section.planned'),
      blocks: plannedBlocks(context),
    });
  }
  if (cuts.has('guide') || !has('R')) {
    ownSections.push({
      name: 'undo',
      heading: words.label('section.undo'),
      blocks: undoBlocks(context, shown),
    });
  }
  const opening: Section[] =
    intro.length > 0 ? [{ name: 'guide', heading: words.label('section.guide'), blocks: intro }] : [];
  // A heading with nothing below it introduces the next one.
  return [...opening, ...mergeEmpty(sections), ...ownSections];
}

function stepBlocks(section: GuideSection, context: RenderContext, shown: Set<string>): readonly Block[] {
  return section.steps.flatMap(step => [
    { kind: 'step', number: step.number, depth: step.depth, text: filled(step.text, context) } as const,
    ...codeOf(step),
    ...newQueries(step, context, shown),
  ]);
}

function codeOf({ query, depth }: GuideStep): readonly Block[] {
  return query ? [{ kind: 'code', depth, label: null, text: query.text }] : [];
}

/** A query that a step is the first to name stands below it. */
function newQueries(step: GuideStep, context: RenderContext, shown: Set<string>): readonly Block[] {
  const names = [...step.text.matchAll(/\{\{query\.([a-z0-9-]+)\}\}/g)].map(match => match[1] as PivotName);
  return context.queries
    .named(...names)
    .filter(({ number, name }) => !shown.has(number) && name !== 'remove')
    .flatMap(query => queryBlocks(context, query, step.depth, shown));
}

function mergeEmpty(sections: readonly Section[]): readonly Section[] {
  const merged: Section[] = [];
  let headings: Block[] = [];
  let first: Section | undefined;
  for (const section of sections) {
    if (section.blocks.length === 0) {
      if (first === undefined) first = section;
      else headings.push({ kind: 'heading', text: section.heading });
      continue;
    }
    if (first === undefined) merged.push(section);
    else {
      headings.push({ kind: 'heading', text: section.heading });
      merged.push({ ...first, blocks: [...headings, ...section.blocks] });
    }
    first = undefined;
    headings = [];
  }
  return merged;
}
