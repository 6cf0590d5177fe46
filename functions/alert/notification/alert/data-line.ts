import { eventTexts } from '../text/event-texts.ts';
import { code, data, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';

/** The data in one line of prose, and how much more there is. */
export function dataLine(context: RenderContext, most: number): Text {
  return dataLines(context, most, 1).flatMap((line, at) => (at === 0 ? line : [context.words.gap, ...line]));
}

/** The strings of the value, each cut to `most` characters; the last line counts the omitted ones. */
export function dataLines(
  { alert: { event, facts, why }, words }: RenderContext,
  most: number,
  strings: number,
): readonly Text[] {
  const all = inOrder(facts.registry.data, why, strings);
  if (all.length === 0) {
    const bytes = bytesOf(event);
    const sentence = strings > 1 ? 'data.bytes' : 'data.bytes-short';
    return [bytes === null ? words.say('data.none') : words.say(sentence, bytes)];
  }
  const shown = all
    .slice(0, strings)
    .map((line): Text => (line === '' ? words.say('data.empty') : [data(line, most)]));
  return all.length > shown.length
    ? [...shown, words.say('data.more', { count: all.length - shown.length })]
    : shown;
}

/** Data that is not text, as Defend records it (`registry.data.bytes`, base64): its length, and how it begins in hex. */
export function bytesOf(event: RenderContext['alert']['event']) {
  const [base64 = ''] = eventTexts(event, 'registry.data.bytes');
  const padding = base64.indexOf('=');
  const length = padding < 0 ? base64.length : padding;
  const start = base64.slice(0, Math.min(length, BEGINNING));
  if (!/^[A-Za-z0-9+/]{2,16}$/.test(start) || start.length % 4 === 1) return null;
  const beginning = [...atob(start)];
  const hex = beginning.map(byte => byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')).join(' ');
  return { count: Math.floor((length * 3) / 4), beginning: code(hex) };
}

/** Characters of base64: twelve bytes. */
const BEGINNING = 16;

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
