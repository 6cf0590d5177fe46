import { guideSections, setupSection } from '../guide/guide-sections.ts';
import { alsoWritten } from '../incident/also-written.ts';
import { evidenceSection, ruleSection } from './constant-sections.ts';
import { factsSection, relatedSection } from './fact-sections.ts';
import { allQueries } from './query-sections.ts';
import { questionBlocks } from './questions.ts';
import type { RenderContext } from './render-context.ts';
import type { Section } from './section.ts';
import { whySection } from './why-section.ts';

/**
 * Everything below the first screen: the other writes of the incident, the five questions, the guide as a checklist
 * with this event's answers, how to respond, what to do if it was planned, the evidence, the rule; then what only the
 * report has.
 */
export function sectionsOf(context: RenderContext): readonly Section[] {
  const { cuts, words } = context;
  if (cuts.has('all')) return [...alsoWritten(context), factsSection(context), evidenceSection(context)];
  const questions: Section = {
    name: 'questions',
    heading: words.label('section.questions'),
    blocks: questionBlocks(context),
  };
  const report = [factsSection, whySection, relatedSection, setupSection, allQueries].map(section => ({
    ...section(context),
    reportOnly: true,
  }));
  return [
    ...alsoWritten(context),
    questions,
    ...guideSections(context),
    evidenceSection(context),
    ruleSection(context),
    ...report,
  ].filter(section => section.blocks.length > 0);
}
