import type { Alert } from '../../detection/index.ts';
import { code, duration, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';

/** `continues incident 1f0a…, begun 14 min ago`, if it does. */
export function continuesTexts({ alert, incident, words: { locale, say } }: RenderContext): readonly Text[] {
  if (!incident?.continues) return [];
  const { continues, others } = incident;
  const span = spanOf([alert, ...others]);
  const ago = span === null ? -1 : span.lastMs - continues.begunMs;
  const id = code(continues.id.slice(0, SHOWN_ID));
  // Events state their own times: an earlier one can arrive later.
  return [
    ago < 0
      ? say('before.continues', { id })
      : say('before.continues-since', { id, duration: duration(ago, locale) }),
  ];
}

/** Characters of an incident's id that people compare. */
const SHOWN_ID = 12;

/** Which page the message points to: for several alerts, that of the incident. */
export const reportIdOf = ({ alert, incident }: Pick<RenderContext, 'alert' | 'incident'>): string =>
  incident === null || incident.others.length === 0 ? alert.id : incident.id;

/** First and last time of the events, milliseconds UTC; `null`: none has a time. */
export function spanOf(
  alerts: readonly Alert[],
): { readonly firstMs: number; readonly lastMs: number } | null {
  const times = alerts.flatMap(({ facts }) => facts.timestampMs ?? []);
  return times.length === 0 ? null : { firstMs: Math.min(...times), lastMs: Math.max(...times) };
}
