import { allShown, leftOutOf } from './alert-queries.ts';
import type { RenderContext } from './render-context.ts';
import { type Block, type Section, textBlock } from './section.ts';

/** Every query in every language, by question; for those that could not be written, the reason. */
export function allQueries({ cuts, queries, words }: RenderContext): Section {
  // References point to the first query of a name, and to the section of that name.
  const taken = new Set<string>(['evidence']);
  const blocks = queries.all.flatMap((query): readonly Block[] => {
    const shown = allShown([query]);
    if (shown.length === 0)
      return [
        textBlock([
          query.question,
          words.gap,
          ...words.say('question.no-query', { reason: leftOutOf([query]) ?? '' }),
        ]),
      ];
    const id = taken.has(query.name) ? null : query.name;
    taken.add(query.name);
    return shown.map((one, at) => ({
      kind: 'query',
      id: at === 0 ? id : null,
      title: at === 0 ? [query.question] : null,
      query: one,
    }));
  });
  return {
    name: 'queries',
    heading: words.label('section.queries'),
    blocks: cuts.has('languages') ? [] : [...blocks, textBlock(words.say('query.straight'))],
  };
}
