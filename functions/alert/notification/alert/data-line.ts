import { data, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';

const LONGEST = 200;

/** The data as prose shows it: one line, and how much more there is. */
export function dataLine({ alert: { facts }, words }: RenderContext, most = LONGEST): Text {
  const [first, ...rest] = facts.registry.data;
  if (first === undefined) return words.say('data.none');
  const shown: Text = first === '' ? words.say('data.empty') : [data(first, most)];
  return rest.length === 0
    ? shown
    : [...shown, words.gap, ...words.say('data.more', { count: facts.registry.data.length })];
}
