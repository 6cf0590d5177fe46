import { guideSections } from '../guide/guide-sections.ts';
import { evidenceSection, ruleSections } from './constant-sections.ts';
import { alsoSection, whenSection, writtenSection } from './fact-sections.ts';
import { firstQuestions } from './numbered-queries.ts';
import { otherLanguages, queryBlocks } from './query-sections.ts';
import type { RenderContext } from './render-context.ts';
import type { Section } from './story.ts';
import { whySection } from './why-section.ts';

/**
 * Everything below the first lines, in the order of reading: what is particular to this alert, what to ask first,
 * the rule's guide in its own order, and what is the same for every alert.
 */
export function sectionsOf(context: RenderContext): readonly Section[] {
  const { alert, cuts, queries, words } = context;
  const shown = new Set<string>();
  if (cuts.has('all'))
    return [whenSection(context), writtenSection(context), evidenceSection(context, shown)];
  const facts = [whenSection, writtenSection, whySection, alsoSection].map(section => section(context));
  const triage: Section = {
    name: 'triage',
    heading: words.label('section.triage'),
    blocks: [
      ...queries.named(...firstQuestions(alert)).flatMap(query => queryBlocks(context, query, 0, shown)),
      { kind: 'text', text: words.say('query.straight') },
    ],
  };
  const guide = guideSections(context, shown);
  const evidence = evidenceSection(context, shown);
  const rest = queries.all.filter(({ number }) => !shown.has(number));
  const more: Section = {
    name: 'more-queries',
    heading: words.label('section.more-queries'),
    blocks: rest.flatMap(query => queryBlocks(context, query, 0, shown)),
  };
  return [
    ...facts,
    triage,
    ...guide,
    more,
    evidence,
    ...ruleSections(context),
    otherLanguages(context),
  ].filter(section => section.blocks.length > 0);
}
