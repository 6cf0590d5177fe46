import type { Incident } from '../../detection/index.ts';
import { renderAlert } from '../alert/render-alert.ts';
import { renderReport } from '../format/report.ts';
import type { Message } from '../message.ts';
import type { RenderOptions } from '../options.ts';

/** An earlier message that this one goes on from. */
export type Continues = { readonly id: string; readonly begunMs: number };

/** One message for an incident. */
export function renderIncident(
  { id, alerts }: Incident,
  _continues: Continues | null,
  options: RenderOptions,
): Message {
  const message = renderAlert(alerts[0], options);
  return {
    ...message,
    attributes: {
      ...message.attributes,
      incidentId: { type: 'String', value: id },
      alerts: { type: 'Number', value: String(alerts.length) },
    },
  };
}

/** One page with every alert of an incident in full. */
export function renderIncidentReport({ alerts }: Incident, options: RenderOptions): string {
  return alerts.map(alert => renderReport(alert, options)).join('\n');
}
