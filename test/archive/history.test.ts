import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import { jumpingClock, makePorts, makeWorld } from '../faults/world.ts';
import { alerts, scene, sent } from '../publish/scene.ts';

describe('history', () => {
  it('names other hosts with the value, and counts the alerts of the host', async () => {
    const { deliver } = scene();
    const seen: unknown[] = [];
    const options = (): Partial<DeliverPorts> => ({
      renderIncident: (incident, continues) => {
        seen.push(incident.alerts[0].history);
        return makePorts(makeWorld(jumpingClock(0)), async (_, effect) => effect()).renderIncident(
          incident,
          continues,
        );
      },
    });
    const on = (name: string, host: string, path: string) => ({ name, host, path, data: 'same' });
    await deliver({ key: 'k', alerts: [on('a', 'H1', 'p')] }, options());
    await deliver({ key: 'l', alerts: [on('b', 'H2', 'p'), on('c', 'H2', 'q')] }, options());
    await deliver({ key: 'm', alerts: [on('d', 'H2', 'r')] }, options());
    expect(seen).toEqual([
      { otherHosts: [], otherHostsMore: false, hostAlerts: 0 },
      { otherHosts: ['H1'], otherHostsMore: false, hostAlerts: 0 },
      { otherHosts: ['H1'], otherHostsMore: false, hostAlerts: 0 },
      { otherHosts: ['H1'], otherHostsMore: false, hostAlerts: 2 },
    ]);
  });

  it('that cannot be read keeps no alert back', async () => {
    const { world, deliver } = scene();
    const warned: unknown[] = [];
    await deliver(
      { key: 'k', alerts: alerts('a') },
      { warn: error => warned.push(error) },
      ({ operation, key }) => {
        if (operation === 'list' || key.startsWith('seen/')) throw new DeliveryError('ArchiveDenied', '');
      },
    );
    expect([sent(world), warned.length]).toEqual([['a'], 2]);
  });
});
