import type { Alert } from '../../detection/index.ts';
import type { RenderOptions } from '../options.ts';
import { type Words, wordsOf } from '../text/words.ts';
import { type AlertQueries, alertQueries } from './alert-queries.ts';

/** What can be cut to make a message fit, in the order of cutting. */
export const CUTS = ['event', 'languages', 'neighbours', 'values', 'queries', 'guide', 'all'] as const;

export type Cut = (typeof CUTS)[number];

/** The incident that a message is about, of which its alert is the most suspicious. */
export type IncidentContext = {
  readonly id: string;
  /** The other alerts, most suspicious first. */
  readonly others: readonly Alert[];
  /** The earlier message that this one continues: its incident, and the time of its first event in milliseconds UTC. */
  readonly continues: { readonly id: string; readonly begunMs: number } | null;
};

/** One alert to be rendered in one language: the input of every part. */
export type RenderContext = {
  readonly alert: Alert;
  readonly words: Words;
  readonly queries: AlertQueries;
  readonly options: RenderOptions;
  readonly cuts: ReadonlySet<Cut>;
  /** `null`: the alert by itself. */
  readonly incident: IncidentContext | null;
};

export function renderContextOf(
  alert: Alert,
  locale: Words['locale'],
  options: RenderOptions,
  cuts: ReadonlySet<Cut> = new Set(),
  incident: IncidentContext | null = null,
): RenderContext {
  const words = wordsOf(locale);
  return {
    alert,
    words,
    options,
    cuts,
    incident,
    queries: alertQueries(alert, words, options, cuts.has('queries')),
  };
}
