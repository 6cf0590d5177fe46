import { data, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';

/** The data in one line of prose, and how much more there is. */
export function dataLine(context: RenderContext, most: number): Text {
  return dataLines(context, most, 1).flatMap((line, at) => (at === 0 ? line : [context.words.gap, ...line]));
}

/** The strings of the value, each cut to `most` characters; the last line counts the omitted ones. */
export function dataLines(
  { alert: { facts, why }, words }: RenderContext,
  most: number,
  strings: number,
): readonly Text[] {
  const all = inOrder(facts.registry.data, why, strings);
  if (all.length === 0) return [words.say('data.none')];
  const shown = all
    .slice(0, strings)
    .map((line): Text => (line === '' ? words.say('data.empty') : [data(line, most)]));
  return all.length > shown.length
    ? [...shown, words.say('data.more', { count: all.length - shown.length })]
    : shown;
}

/**
 * If there are more strings than are shown: first those that the query looks for, then the last, since a list grows at
 * its end.
 */
function inOrder(
  strings: readonly string[],
  why: RenderContext['alert']['why'],
  shown: number,
): readonly string[] {
  if (strings.length <= shown) return strings;
  const wanted = new Set(
    why
      .filter(({ field }) => field === 'registry.data.strings')
      .flatMap(({ matched }) => matched.map(({ value }) => String(value))),
  );
  const found = strings.filter(text => wanted.has(text));
  const rest = strings.filter(text => !wanted.has(text));
  return [...found, ...rest.toReversed()];
}
