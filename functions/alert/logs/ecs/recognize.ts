import type { JsonObject } from '../json.ts';
import { fdrFields, isFdrEvent, isFdrInventory } from './crowdstrike-fdr.ts';
import { defenderFields, readDefenderRow } from './defender-xdr.ts';
import { ecsDocument, isoOf, member } from './ecs-document.ts';
import { SECURITY_CHANNEL, securityFields } from './security-4657.ts';
import { cloudFunnelFields, isCloudFunnel } from './sentinelone.ts';
import type { RawSource } from './sources.ts';
import { SYSMON_CHANNEL, sysmonFields } from './sysmon.ts';
import { readWindowsEvent, type WindowsEvent } from './windows-event.ts';

/** A record of another product as Elastic maps it. */
export type Recognized = {
  readonly source: RawSource;
  /** The index that Elastic gives such an event, unless the document names its own. */
  readonly index: string;
  readonly document: JsonObject;
};

/**
 * Recognises a record by its content, unchanged, before any dotted key is read as a path. If it looks like
 * two sources, the first in this order counts: FDR, its inventory, Cloud Funnel, Defender, Windows events.
 * `inventory`: not an event. `refused`: text that is meant to be an event as XML but is invalid. `null`: none of them.
 */
export function recognize(record: JsonObject): Recognized | 'inventory' | 'refused' | null {
  if (isFdrEvent(record))
    return mapped(
      'crowdstrike',
      'crowdstrike.fdr',
      ecsDocument(fdrFields(record), dataset('crowdstrike.fdr')),
    );
  if (isFdrInventory(record)) return 'inventory';
  if (isCloudFunnel(record)) {
    const name = 'sentinel_one_cloud_funnel.event';
    return mapped('sentinelone', name, ecsDocument(cloudFunnelFields(record), dataset(name)));
  }
  const row = readDefenderRow(record);
  if (row !== null)
    return mapped(
      'defender-xdr',
      'm365_defender.event',
      ecsDocument(defenderFields(row), dataset('m365_defender.event')),
    );
  // Already mapped, possibly with dotted keys; text in it is its own original.
  if (Object.hasOwn(record, 'registry') || Object.hasOwn(record, 'registry.path')) return null;
  const event = readWindowsEvent(record);
  return event === null || event === 'refused' ? event : windowsEvent(event);
}

function mapped(source: RawSource, name: string, document: JsonObject): Recognized {
  return { source, index: `logs-${name}-default`, document };
}

function dataset(name: string): JsonObject {
  return { event: { dataset: name } };
}

function windowsEvent(event: WindowsEvent): Recognized {
  const { around, channel, provider, eventId, computer, recordId, shape } = event;
  const isSysmon = channel === SYSMON_CHANNEL;
  const isSecurity = channel === SECURITY_CHANNEL;
  const source = isSysmon ? 'sysmon' : isSecurity ? 'windows-security' : 'windows-event';
  const isWinlogbeat = member(around, 'agent', 'type') === 'winlogbeat';
  const stream = member(around, 'data_stream', 'dataset');
  const isOwnModule = isWinlogbeat || (stream === undefined && member(around, 'winlog', 'api') !== undefined);
  const name = isSysmon ? 'windows.sysmon_operational' : isSecurity ? 'system.security' : 'winlog.winlog';
  const document = ecsDocument(
    {
      'event.kind': 'event',
      'event.code': eventId,
      'event.provider': provider,
      'event.created': isoOf(event.createdMs),
      'event.module': isSysmon && isOwnModule ? 'sysmon' : undefined,
      'event.dataset': member(around, 'event', 'dataset') ?? stream ?? (isWinlogbeat ? undefined : name),
      'host.os.type': stream === 'windows.forwarded' ? 'windows' : undefined,
      'host.name': shape === 'winlog' ? undefined : computer,
      'winlog.channel': channel,
      'winlog.event_id': eventId,
      'winlog.provider_name': provider,
      'winlog.computer_name': computer,
      'winlog.record_id': recordId,
      ...(isSysmon ? sysmonFields(event) : isSecurity ? securityFields(event) : timeOf(event)),
    },
    around,
  );
  return { source, index: isWinlogbeat ? 'winlogbeat-default' : `logs-${name}-default`, document };
}

function timeOf({ createdMs }: WindowsEvent) {
  return { '@timestamp': isoOf(createdMs) };
}
