import type { JsonObject } from '../json.ts';
import { type Fields, fileNameOf, integerOf, isoOf, listOf, member, textOf } from './ecs-document.ts';
import { argumentFields } from './windows-arguments.ts';

/** A line of Falcon Data Replicator: has `event_simpleName` with the agent and the customer. */
export function isFdrEvent(record: JsonObject): boolean {
  return ['event_simpleName', 'aid', 'cid'].every(name => typeof member(record, name) === 'string');
}

/** Inventory that FDR writes beside its events (`fdrv2/`): hosts with and without a sensor, and users. */
export function isFdrInventory(record: JsonObject): boolean {
  const has = (name: string): boolean => Object.hasOwn(record, name);
  if (has('event_simpleName') || !has('cid') || !has('_time')) return false;
  return (
    has('discoverer_aid') ||
    (has('aid') && has('ComputerName')) ||
    (has('UserSid_readable') && has('LogonTime'))
  );
}

const PLATFORMS: Readonly<Record<string, string>> = {
  Win: 'windows',
  Mac: 'macos',
  Lin: 'linux',
  iOS: 'ios',
};

type Kind = { readonly category: readonly string[]; readonly type: string; readonly kind?: string };

const REGISTRY: Kind = { category: ['registry'], type: 'change' };
const START: Kind = { category: ['process'], type: 'start' };
const END: Kind = { category: ['process'], type: 'end' };

/** Registry and process events; all others are known and have no category here. */
const EVENTS: Readonly<Record<string, Kind>> = {
  AsepKeyUpdate: REGISTRY,
  AsepValueUpdate: REGISTRY,
  RegGenericValueUpdate: REGISTRY,
  RegSystemConfigValueUpdate: { category: ['registry', 'host', 'configuration'], type: 'change' },
  RegistryOperationDetectInfo: { category: ['registry'], type: 'change', kind: 'alert' },
  ProcessRollup2: START,
  SyntheticProcessRollup2: START,
  ProcessRollup2Stats: { category: ['process'], type: 'info', kind: 'state' },
  CreateProcessArgs: { category: ['process'], type: 'start', kind: 'state' },
  HostedServiceStarted: START,
  HostedServiceStopped: END,
  TerminateProcess: END,
  EndOfProcess: END,
};

const OPERATIONS: Readonly<Record<string, string>> = {
  1: 'change',
  2: 'deletion',
  3: 'creation',
  4: 'deletion',
  5: 'change',
  6: 'info',
  7: 'change',
  8: 'access',
  9: 'access',
};
const ACTIONS: Readonly<Record<string, string>> = {
  change: 'modification',
  deletion: 'deletion',
  creation: 'creation',
};

const DATA_TYPES =
  'NONE SZ EXPAND_SZ BINARY DWORD DWORD_BIG_ENDIAN LINK MULTI_SZ RESOURCE_LIST FULL_RESOURCE_DESCRIPTOR RESOURCE_REQUIREMENTS_LIST QWORD'.split(
    ' ',
  );

/** Maps a line of FDR as elastic/integrations `crowdstrike.fdr` does. All its values are text. */
export function fdrFields(record: JsonObject): Fields {
  const text = (name: string): string | undefined => textOf(member(record, name));
  const name = text('event_simpleName')!;
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  const isRegistry = event?.category.includes('registry') === true;
  const type = (isRegistry && OPERATIONS[text('RegOperationType') ?? '']) || event?.type;
  const aid = text('aid');
  const image = text('ImageFileName');
  const line = text('CommandLine');
  const time = isoOf(timestampOf(text));
  return {
    '@timestamp': time,
    message: name,
    'event.action': (isRegistry && type && ACTIONS[type]) || name,
    'event.category': event?.category,
    'event.type': listOf(type),
    'event.kind': event?.kind ?? 'event',
    'event.outcome': name === 'ProcessRollup2Stats' ? 'unknown' : 'success',
    'event.created': time,
    'event.id': [text('id'), aid, text('cid')].join('|'),
    'crowdstrike.ContextTimeStamp': isoOf(contextTimeOf(text('ContextTimeStamp'))),
    'host.id': aid,
    'host.os.type': PLATFORMS[text('event_platform') ?? ''],
    'host.hostname': text('ComputerName'),
    'host.name': text('ComputerName'),
    'device.id': aid,
    'observer.serial_number': aid,
    'observer.ip': listOf(text('aip')),
    'observer.address': listOf(text('aip')),
    'observer.version': text('ConfigBuild'),
    'process.entity_id': text('TargetProcessId') ?? text('ContextProcessId'),
    'process.thread.id': integerOf(member(record, 'ContextThreadId')),
    'process.pid': integerOf(member(record, 'RawProcessId')) ?? integerOf(member(record, 'EtwRawProcessId')),
    'process.executable': image,
    'process.name': fileNameOf(image),
    'process.command_line': line,
    ...argumentFields('process', line),
    'process.start': isoOf(seconds(text('ProcessStartTime'))),
    'process.parent.entity_id': text('ParentProcessId'),
    'process.parent.name': text('ParentBaseFileName'),
    'user.id': text('UserSid') ?? text('UID'),
    'user.name': text('UserName') ?? text('UserPrincipal')?.split('@')[0],
    'user.domain': text('UserPrincipal')?.split('@')[1],
    ...(isRegistry ? registryFields(text) : {}),
  };
}

/** The prefix stays in the path and is removed from the key; numbers and bytes are not mapped. */
function registryFields(text: (name: string) => string | undefined): Fields {
  const key = text('RegObjectName');
  const value = text('RegValueName');
  const type = text('RegType') ?? '';
  const data = text('RegStringValue');
  return {
    'registry.path': key === undefined || value === undefined ? key : `${key}\\${value}`,
    'registry.key': key?.replace(/^\\REGISTRY\\(?:MACHINE|USER)\\/, ''),
    'registry.value': value,
    'registry.data.strings': listOf(data),
    'registry.data.type':
      /^\d{1,2}$/.test(type) && DATA_TYPES[Number(type)] ? `REG_${DATA_TYPES[Number(type)]}` : undefined,
  };
}

function timestampOf(text: (name: string) => string | undefined): number | undefined {
  const utc = number(text('UTCTimestamp'));
  if (utc !== undefined) return utc < 1e11 ? utc * 1000 : utc;
  return (
    number(text('timestamp')) ??
    seconds(text('CreationTimeStamp')) ??
    seconds(text('Time')) ??
    seconds(text('_time'))
  );
}

const FILETIME = 0x0100000000000000;
const FILETIME_EPOCH_MS = 11_644_473_600_000;

/** Seconds with a fraction, or 100 ns since 1601. */
function contextTimeOf(text: string | undefined): number | undefined {
  const value = number(text);
  if (value === undefined) return undefined;
  return value > FILETIME ? value / 10_000 - FILETIME_EPOCH_MS : seconds(text);
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** Milliseconds of seconds with up to three significant decimals: multiplied, 0.443 would become 442.99. */
function seconds(text: string | undefined): number | undefined {
  const parts = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text ?? '');
  return parts === null
    ? undefined
    : Number(parts[1]) * 1000 + Number((parts[2] ?? '').padEnd(3, '0').slice(0, 3));
}
