import { exceptionBlock } from './exception-block.ts';
import { LONGEST_QUERY } from './literals.ts';
import type { Telling } from './telling.ts';

/** The exception of an alert as a message shows it: whole, or absent with the reason. */
export function shownException({
  alert,
  cuts,
  words,
}: Telling):
  | { readonly text: string; readonly leftOut: null }
  | { readonly text: null; readonly leftOut: string } {
  const tooLong = { text: null, leftOut: words.label('query.too-long') } as const;
  if (cuts.has('all')) return tooLong;
  const { text, leftOut } = exceptionBlock(alert);
  if (text === null) return { text, leftOut: leftOut[words.locale] };
  return text.length > LONGEST_QUERY ? tooLong : { text, leftOut: null };
}
