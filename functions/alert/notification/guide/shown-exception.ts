import type { RenderContext } from '../alert/render-context.ts';
import { LONGEST_QUERY } from '../queries/query-literals.ts';
import { exceptionBlock } from './exception-block.ts';

/** The exception of an alert as a message shows it: complete, or omitted with the reason. */
export function shownException({
  alert,
  cuts,
  words,
}: RenderContext):
  | { readonly text: string; readonly leftOut: null }
  | { readonly text: null; readonly leftOut: string } {
  const tooLong = { text: null, leftOut: words.label('query.too-long') } as const;
  if (cuts.has('all')) return tooLong;
  const { text, leftOut } = exceptionBlock(alert, words.locale);
  if (text === null) return { text, leftOut: leftOut[words.locale] };
  return text.length > LONGEST_QUERY ? tooLong : { text, leftOut: null };
}
