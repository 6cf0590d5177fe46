import type { Alert } from '../../detection/index.ts';
import { spanOf } from '../alert/incident-texts.ts';
import type { IncidentContext } from '../alert/render-context.ts';
import type { RenderOptions } from '../options.ts';

/**
 * The chat thread of a message. With a recorded initiator: rule, host, its entity id, and the UTC day on which the
 * incident, or the one that it continues, began. Without one, nothing shows that two messages belong together, and each
 * has a thread of its own: a decoy must not open the one into which the next alert folds.
 */
export function threadIdOf(
  alert: Alert,
  incident: IncidentContext | null,
  sha256: RenderOptions['sha256'],
): string {
  const { facts, rule } = alert;
  const { entityId } = facts.requester;
  const begunMs =
    incident?.continues?.begunMs ?? spanOf([alert, ...(incident?.others ?? [])])?.firstMs ?? null;
  const parts =
    entityId === null
      ? [incident?.continues?.id ?? incident?.id ?? alert.id]
      : [
          rule.id,
          facts.hostId ?? facts.hostName ?? facts.agentId ?? '',
          entityId,
          begunMs === null ? '' : new Date(begunMs).toISOString().slice(0, 10),
        ];
  return sha256(parts.map(part => `${part.length}:${part}`).join('')).slice(0, 40);
}
