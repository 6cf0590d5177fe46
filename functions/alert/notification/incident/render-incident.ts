import type { Alert, Incident } from '../../detection/index.ts';
import { contextsOf, renderMessage } from '../alert/render-alert.ts';
import type { Cut, IncidentContext } from '../alert/render-context.ts';
import { jsonDocument, listedDocument } from '../format/json-document.ts';
import { type Plain, safeJson } from '../format/safe-json.ts';
import { byteLength, bytesOf, MOST_SENT } from '../format/size-budget.ts';
import type { Message } from '../message.ts';
import type { RenderOptions } from '../options.ts';

/**
 * One message for an incident: the most suspicious alert as it would be by itself, and a line for each other write.
 * Cut in this order to make it fit: the other alerts of the JSON's list, least suspicious first, then what is cut
 * of a single alert. First screens, lines and ids are never cut: an incident has at most a hundred alerts.
 */
export function renderIncident(
  { id, alerts: [first, ...others] }: Incident,
  continues: IncidentContext['continues'],
  options: RenderOptions,
): Message {
  const incident = { id, others, continues };
  const message = renderMessage(first, options, incident);
  if (others.length === 0) return message;
  const alerts = listedWithin(MOST_SENT - bytesOf(message), others, options);
  const cut = alerts.length < others.length ? ['alerts', ...message.cut] : message.cut;
  const contexts = contextsOf(first, options, new Set(message.cut as Cut[]), incident);
  const document = { ...jsonDocument(contexts), alerts, cut, truncated: cut.length > 0 || first.eventCut };
  return { ...message, cut, default: safeJson(document) };
}

/** As many of the alerts, from the first, as fit in `bytes`. */
function listedWithin(bytes: number, alerts: readonly Alert[], options: RenderOptions): readonly Plain[] {
  const listed: Plain[] = [];
  let left = bytes;
  for (const alert of alerts) {
    const document = listedDocument(alert, options);
    // The body is a JSON text within a JSON text; plus the comma.
    left -= byteLength(JSON.stringify(safeJson(document))) - 1;
    if (left < 0) break;
    listed.push(document);
  }
  return listed;
}
