import type { JsonObject, JsonValue } from '../../../functions/alert/logs/json.ts';

/** One write of a Run value by the registry provider, as each product writes it; all values are ours. */

export const KEY = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';
export const DATA = 'C:\\ProgramData\\agent\\a.exe /q & exit';
const IMAGE = 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe';
const SID = 'S-1-5-21-1004336348-1177238915-682003330-1203';
const TIME = '2026-10-05T01:46:51.125Z';
const SYSMON = 'Microsoft-Windows-Sysmon';

/** Fields of Sysmon's event 13, in its order. */
export const SYSMON_13 = {
  RuleName: '-',
  EventType: 'SetValue',
  UtcTime: '2026-10-05 01:46:51.125',
  ProcessGuid: '{0f3c8a5e-6c1d-6702-9c01-000000001200}',
  ProcessId: '2960',
  Image: IMAGE,
  TargetObject: `HKU\\${SID}\\${KEY}\\Agent`,
  Details: DATA,
  User: 'NT AUTHORITY\\NETWORK SERVICE',
};
type Data = { readonly [name: string]: JsonValue };

export const winlogbeat = (data: Data = SYSMON_13, id = '13'): JsonObject => ({
  '@timestamp': '2026-10-05T01:46:51.300Z',
  agent: { type: 'winlogbeat', version: '9.1.0' },
  ecs: { version: '8.0.0' },
  event: { code: id, kind: 'event', provider: SYSMON },
  host: { name: 'hq-ws-17', os: { type: 'windows' } },
  winlog: {
    channel: `${SYSMON}/Operational`,
    provider_name: SYSMON,
    event_id: id,
    computer_name: 'hq-ws-17.corp.example',
    event_data: data,
    record_id: 71,
    user: { identifier: 'S-1-5-18' },
  },
});

export const nxlog = (data: Data = SYSMON_13): JsonObject => ({
  EventTime: '2026-10-05 03:46:51',
  Hostname: 'hq-ws-17.corp.example',
  EventID: 13,
  SourceName: SYSMON,
  ExecutionProcessID: 3388,
  Channel: `${SYSMON}/Operational`,
  UserID: 'S-1-5-18',
  ...data,
  SourceModuleType: 'im_msvistalog',
});

export const fluentBit = (inserts: readonly JsonValue[] | null = Object.values(SYSMON_13)): JsonObject => ({
  ProviderName: SYSMON,
  EventID: 13,
  Channel: `${SYSMON}/Operational`,
  TimeCreated: '2026-10-05 03:46:51.300 +0200',
  EventRecordID: 71,
  ProcessID: 3388,
  Computer: 'hq-ws-17.corp.example',
  UserID: 'S-1-5-18',
  Message: `Registry value set:\r\n${Object.entries(SYSMON_13)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}`,
  ...(inserts && { StringInserts: inserts }),
});

export const evtxDump = (data: Data = { ...SYSMON_13, ProcessId: 2960 }): JsonObject => ({
  Event: {
    System: {
      Provider: { '#attributes': { Name: SYSMON } },
      EventID: { '#text': 13, '#attributes': { Qualifiers: '' } },
      TimeCreated: { '#attributes': { SystemTime: '2026-10-05T01:46:51.300512Z' } },
      EventRecordID: 71,
      Channel: `${SYSMON}/Operational`,
      Computer: 'hq-ws-17.corp.example',
      Security: { '#attributes': { UserID: 'S-1-5-18' } },
    },
    EventData: data,
  },
});

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const eventXml = (data: Data = SYSMON_13): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${SYSMON}'/><EventID>13</EventID><TimeCreated SystemTime='2026-10-05T01:46:51.3005120Z'/><EventRecordID>71</EventRecordID><Correlation/><Channel>${SYSMON}/Operational</Channel><Computer>hq-ws-17.corp.example</Computer><Security UserID='S-1-5-18'/></System><EventData>${Object.entries(
    data,
  )
    .map(([name, value]) => `<Data Name='${name}'>${escaped(String(value))}</Data>`)
    .join('')}</EventData></Event>`;

export const xmlRecord = (xml = eventXml()): JsonObject => ({
  '@timestamp': '2026-10-05T01:46:52.000Z',
  agent: { type: 'filebeat' },
  message: xml,
});

export const security4657: JsonObject = {
  '@timestamp': TIME,
  event: { code: 4657, provider: 'Microsoft-Windows-Security-Auditing' },
  winlog: {
    channel: 'Security',
    event_id: 4657,
    time_created: TIME,
    event_data: {
      SubjectUserSid: 'S-1-5-20',
      SubjectUserName: 'HQ-WS-17$',
      SubjectDomainName: 'CORP',
      ObjectName: `\\REGISTRY\\MACHINE\\${KEY}`,
      ObjectValueName: 'Agent',
      NewValue: DATA,
      ProcessId: '0xb90',
      ProcessName: IMAGE,
    },
  },
};

export const fdr = (fields: Data = {}): JsonObject => ({
  event_simpleName: 'AsepValueUpdate',
  RegObjectName: `\\REGISTRY\\USER\\${SID}\\${KEY}`,
  RegValueName: 'Agent',
  RegStringValue: DATA,
  RegType: '1',
  RegOperationType: '1',
  ContextProcessId: '88110400071',
  ContextThreadId: '93000000051',
  event_platform: 'Win',
  timestamp: String(Date.parse(TIME)),
  ContextTimeStamp: '1791164811.125',
  id: '5d1c0c7e-8f0e-4c40-9a51-7f7d0f1f7a10',
  aid: '8b0e3c5f2a714d6f9e1b7c2d3e4f5a6b',
  cid: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  ...fields,
});

export const fdrProcess = (fields: Data = {}): JsonObject =>
  fdr({
    event_simpleName: 'ProcessRollup2',
    TargetProcessId: '88110400071',
    ImageFileName: '\\Device\\HarddiskVolume3\\Windows\\System32\\wbem\\WmiPrvSE.exe',
    CommandLine: '"C:\\Windows\\System32\\wbem\\WmiPrvSE.exe" -Embedding',
    RawProcessId: '2960',
    ...fields,
  });

export const cloudFunnel = (fields: Data = {}): JsonObject => ({
  timestamp: '01:46:51.125',
  'event.category': 'registry',
  'event.type': 'RegistryValueModified',
  'meta.event.name': 'REGVALUEMODIFIED',
  'dataSource.name': 'SentinelOne',
  'i.scheme': 'edr',
  'event.time': Date.parse(TIME),
  'event.id': '01J9EXAMPLE0000000000000001_3',
  'endpoint.os': 'windows',
  'endpoint.name': 'hq-ws-17',
  'agent.uuid': '3c1f8a0d9b2e4756a1c0d3e5f7081920',
  'src.process.name': 'WmiPrvSE.exe',
  'src.process.image.path': IMAGE,
  'src.process.pid': 2960,
  'src.process.uid': '9C1D4E7F20B3A586',
  'src.process.user': 'NT AUTHORITY\\NETWORK SERVICE',
  'src.process.signedStatus': 'signed',
  'src.process.verifiedStatus': 'verified',
  'src.process.publisher': 'MICROSOFT WINDOWS',
  'registry.keyPath': `USER\\${SID}\\${KEY}\\Agent`,
  'registry.value': DATA,
  'registry.valueType': 'SZ',
  ...fields,
});

export const defenderColumns = (fields: Data = {}): JsonObject => ({
  ActionType: 'RegistryValueSet',
  DeviceId: '4fd1b3c0aa7e',
  DeviceName: 'HQ-WS-17.corp.example',
  InitiatingProcessAccountSid: 'S-1-5-20',
  InitiatingProcessAccountName: 'network service',
  InitiatingProcessFileName: 'WmiPrvSE.exe',
  InitiatingProcessFolderPath: IMAGE.toLowerCase(),
  InitiatingProcessId: 2960,
  InitiatingProcessParentFileName: 'svchost.exe',
  InitiatingProcessSignatureStatus: 'Valid',
  RegistryKey: `HKEY_CURRENT_USER\\${SID}\\${KEY}`,
  RegistryValueName: 'Agent',
  RegistryValueData: DATA,
  RegistryValueType: 'String',
  PreviousRegistryValueData: null,
  Timestamp: '2026-10-05T01:46:51.1254321Z',
  ...fields,
});

export const defender = (fields: Data = {}): JsonObject => ({
  time: '2026-10-05T01:52:00.0000000Z',
  tenantId: '7d1e',
  category: 'AdvancedHunting-DeviceRegistryEvents',
  properties: defenderColumns(fields),
});

export const logAnalytics = (): JsonObject => {
  const { Timestamp, ...columns } = defenderColumns();
  return { TimeGenerated: Timestamp!, ...columns, Type: 'DeviceRegistryEvents', SourceSystem: 'Azure' };
};

/** Every form that can become an alert by itself. */
export const WRITES: Readonly<Record<string, JsonObject>> = {
  winlogbeat: winlogbeat(),
  nxlog: nxlog(),
  'fluent-bit': fluentBit(),
  'fluent-bit by message': fluentBit(null),
  evtx_dump: evtxDump(),
  'event xml': xmlRecord(),
  'fluent-bit xml': { System: eventXml(), Message: 'Registry value set' },
  'cloud funnel': cloudFunnel(),
  'defender row': defender(),
  'defender columns': defenderColumns(),
  'log analytics': logAnalytics(),
};
