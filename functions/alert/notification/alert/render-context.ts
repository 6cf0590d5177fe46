import type { Alert } from '../../detection/index.ts';
import type { RenderOptions } from '../options.ts';
import { type Words, wordsOf } from '../text/words.ts';
import { type AlertQueries, alertQueries } from './alert-queries.ts';

/** What can be cut so that a message fits, in the order of cutting. */
export const CUTS = ['event', 'languages', 'neighbours', 'values', 'queries', 'guide', 'all'] as const;

export type Cut = (typeof CUTS)[number];

/** One alert rendered in one language: what every part of it is made from. */
export type RenderContext = {
  readonly alert: Alert;
  readonly words: Words;
  readonly queries: AlertQueries;
  readonly options: RenderOptions;
  readonly cuts: ReadonlySet<Cut>;
};

export function renderContextOf(
  alert: Alert,
  locale: Words['locale'],
  options: RenderOptions,
  cuts: ReadonlySet<Cut> = new Set(),
): RenderContext {
  const words = wordsOf(locale);
  return {
    alert,
    words,
    options,
    cuts,
    queries: alertQueries(alert, words, options, cuts.has('queries')),
  };
}
