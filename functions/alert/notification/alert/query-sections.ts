import type { Text } from '../text/text.ts';
import type { NumberedQuery } from './numbered-queries.ts';
import type { RenderContext } from './render-context.ts';
import { type Block, queryBlock, type Section } from './story.ts';

/** A question with its query in the first language that has one, or why there is none. Notes that it was shown. */
export function queryBlocks(
  { words }: RenderContext,
  { number, question, variants }: NumberedQuery,
  depth: number,
  shown: Set<string>,
): readonly Block[] {
  shown.add(number);
  const pivot = variants.find(({ text }) => text !== null) ?? variants[0]!;
  const leftOut: Text | null =
    pivot.leftOut === null ? null : words.say('query.left-out', { reason: pivot.leftOut });
  return [queryBlock(number, pivot, leftOut, question, depth)];
}

/** The queries of questions shown above, in their other languages; what is left out of these is said once a reason. */
export function otherLanguages({ queries, words, cuts }: RenderContext): Section {
  const blocks: Block[] = [];
  const reasons = new Map<string, string[]>();
  for (const { number, variants } of queries.all) {
    const first = variants.find(({ text }) => text !== null);
    for (const pivot of variants) {
      if (first === undefined || pivot === first) continue;
      if (pivot.text !== null) blocks.push(queryBlock(number, pivot, null, null));
      else {
        const key = pivot.leftOut ?? '';
        reasons.set(key, [...(reasons.get(key) ?? []), `${number} ${pivot.language}`]);
      }
    }
  }
  for (const [reason, numbers] of reasons) {
    const sentence = words.say('query.left-out', { reason });
    blocks.push({ kind: 'text', text: [`${numbers.join(words.comma)}: `, ...sentence] });
  }
  return {
    name: 'other-languages',
    heading: words.label('section.other-languages'),
    blocks: cuts.has('languages') ? [] : blocks,
  };
}
