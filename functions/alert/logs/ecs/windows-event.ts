import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { member, textOf, timeOf } from './ecs-document.ts';
import { type EventXml, isEventXml, readEventXml } from './event-xml.ts';

/** A Windows event, whichever shipper wrote it. */
export type WindowsEvent = {
  readonly shape: 'winlog' | 'nxlog' | 'fluent-bit' | 'evtx' | 'xml';
  readonly channel: string;
  readonly provider: string | undefined;
  /** Decimal. */
  readonly eventId: string;
  readonly computer: string | undefined;
  /** SID of the account that wrote the event: for Sysmon its service, not the actor. */
  readonly userId: string | undefined;
  readonly createdMs: number | undefined;
  readonly recordId: string | undefined;
  /** A field of the event, not trimmed; `undefined` for null, empty text and non-scalars. */
  readonly data: (name: string) => string | undefined;
  /** What the shipper's document has beside the event. */
  readonly around: JsonObject;
};

/** Text of a record is meant to be an event but is not valid XML. */
export type Refused = 'refused';

/**
 * Recognises five shapes by their content, in this order: Winlogbeat and Elastic Agent (`winlog`), NXLog `to_json`,
 * evtx_dump, Fluent Bit `winevtlog`, XML text. `null`: none of them.
 */
export function readWindowsEvent(record: JsonObject): WindowsEvent | Refused | null {
  return ofWinlog(record) ?? ofNxlog(record) ?? ofEvtxDump(record) ?? ofFluentBit(record) ?? ofXml(record);
}

function ofWinlog(record: JsonObject): WindowsEvent | null {
  const channel = textOf(member(record, 'winlog', 'channel'));
  const eventId = textOf(member(record, 'winlog', 'event_id')) ?? textOf(member(record, 'event', 'code'));
  if (channel === undefined || eventId === undefined) return null;
  return {
    shape: 'winlog',
    channel,
    provider: textOf(member(record, 'winlog', 'provider_name')),
    eventId,
    computer: textOf(member(record, 'winlog', 'computer_name')),
    userId: textOf(member(record, 'winlog', 'user', 'identifier')),
    createdMs: timeOf(textOf(member(record, 'winlog', 'time_created'))),
    recordId: textOf(member(record, 'winlog', 'record_id')),
    data: name => textOf(member(record, 'winlog', 'event_data', name)),
    around: record,
  };
}

function ofNxlog(record: JsonObject): WindowsEvent | null {
  const channel = textOf(member(record, 'Channel'));
  const eventId = textOf(member(record, 'EventID'));
  if (
    member(record, 'SourceModuleType') !== 'im_msvistalog' ||
    channel === undefined ||
    eventId === undefined
  )
    return null;
  return {
    shape: 'nxlog',
    channel,
    provider: textOf(member(record, 'SourceName')),
    eventId,
    computer: textOf(member(record, 'Hostname')),
    userId: textOf(member(record, 'UserID')),
    // EventTime is local time; it counts only if it states its zone.
    createdMs: timeOf(textOf(member(record, 'EventTime'))) ?? timeOf(textOf(member(record, '@timestamp'))),
    recordId: textOf(member(record, 'RecordNumber')),
    data: name => textOf(member(record, name)),
    around: {},
  };
}

const BARE_GUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

function ofEvtxDump(record: JsonObject): WindowsEvent | null {
  const system = member(record, 'Event', 'System');
  const attribute = (...names: [string, string]) => textOf(member(system, names[0], '#attributes', names[1]));
  const channel = textOf(member(system, 'Channel'));
  const eventId = textOf(member(system, 'EventID')) ?? textOf(member(system, 'EventID', '#text'));
  if (channel === undefined || eventId === undefined) return null;
  const data = member(record, 'Event', 'EventData');
  return {
    shape: 'evtx',
    channel,
    provider: attribute('Provider', 'Name'),
    eventId,
    computer: textOf(member(system, 'Computer')),
    userId: attribute('Security', 'UserID'),
    createdMs: timeOf(attribute('TimeCreated', 'SystemTime')),
    recordId: textOf(member(system, 'EventRecordID')),
    data: name => {
      const text = textOf(member(data, name));
      return text !== undefined && BARE_GUID.test(text) ? `{${text.toLowerCase()}}` : text;
    },
    around: {},
  };
}

function ofFluentBit(record: JsonObject): WindowsEvent | null {
  const channel = textOf(member(record, 'Channel'));
  const eventId = textOf(member(record, 'EventID'));
  const provider = textOf(member(record, 'ProviderName'));
  const inserts = member(record, 'StringInserts');
  const message = textOf(member(record, 'Message'));
  if (channel === undefined || eventId === undefined || provider === undefined) return null;
  if (!Object.hasOwn(record, 'EventRecordID')) return null;
  const fields = Array.isArray(inserts)
    ? insertedFields(provider, eventId, inserts as readonly JsonValue[])
    : messageFields(message ?? '');
  return {
    shape: 'fluent-bit',
    channel,
    provider,
    eventId,
    computer: textOf(member(record, 'Computer')),
    userId: textOf(member(record, 'UserID')),
    createdMs: timeOf(textOf(member(record, 'TimeCreated'))),
    recordId: textOf(member(record, 'EventRecordID')),
    data: name => textOf(fields.get(name)),
    around: {},
  };
}

/** Names of StringInserts by event, in the order of the newest manifest; fields in brackets were added later. */
const INSERTS: Readonly<Record<string, string>> = {
  'Microsoft-Windows-Sysmon 1':
    '[RuleName] UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company [OriginalFileName] CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine [ParentUser]',
  'Microsoft-Windows-Sysmon 5': '[RuleName] UtcTime ProcessGuid ProcessId Image [User]',
  'Microsoft-Windows-Sysmon 12':
    '[RuleName] EventType UtcTime ProcessGuid ProcessId Image TargetObject [User]',
  'Microsoft-Windows-Sysmon 13':
    '[RuleName] EventType UtcTime ProcessGuid ProcessId Image TargetObject Details [User]',
  'Microsoft-Windows-Sysmon 14':
    '[RuleName] EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName [User]',
  'Microsoft-Windows-Security-Auditing 4657':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue ProcessId ProcessName',
  'Microsoft-Windows-Security-Auditing 4688':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel',
  'Microsoft-Windows-Security-Auditing 4689':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId Status ProcessId ProcessName',
};

/** Older manifests lack the fields in brackets; the position of the time shows whether the rule name is present. */
function insertedFields(
  provider: string,
  eventId: string,
  values: readonly JsonValue[],
): Map<string, JsonValue> {
  const names = (INSERTS[`${provider} ${eventId}`] ?? '').split(' ');
  const isTimeAtPlace = () => timeOf(textOf(values[names.indexOf('UtcTime')]), true) !== undefined;
  if (names[0] === '[RuleName]' && !isTimeAtPlace()) names.shift();
  for (const later of ['[ParentUser]', '[User]', '[OriginalFileName]'])
    if (names.length > values.length && names.includes(later)) names.splice(names.indexOf(later), 1);
  if (names.length !== values.length || (names.includes('UtcTime') && !isTimeAtPlace())) return new Map();
  return new Map(names.map((name, at) => [name.replace(/[[\]]/g, ''), values[at]!]));
}

/** `Name: value` lines; if a name occurs twice the first counts, since a value may contain line breaks. */
function messageFields(message: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of message.split(/\r?\n/, 256)) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, Math.max(colon, 0));
    if (/^[A-Za-z]{1,32}$/.test(name) && !fields.has(name)) fields.set(name, line.slice(colon + 2));
  }
  return fields;
}

const XML_TEXTS = [['message'], ['Message'], ['System'], ['event', 'original'], ['_raw'], ['log']] as const;

function ofXml(record: JsonObject): WindowsEvent | Refused | null {
  for (const names of XML_TEXTS) {
    const text = member(record, ...names);
    if (typeof text !== 'string' || !isEventXml(text)) continue;
    const xml = readEventXml(text);
    const event = xml && ofEventXml(xml);
    if (event === null) return 'refused';
    const agent = member(record, 'agent');
    const stream = member(record, 'data_stream');
    return {
      ...event,
      around: { ...(isObject(agent) && { agent }), ...(isObject(stream) && { data_stream: stream }) },
    };
  }
  return null;
}

function ofEventXml({ system, data }: EventXml): WindowsEvent | null {
  const channel = textOf(system.get('Channel'));
  const eventId = textOf(system.get('EventID'));
  if (channel === undefined || eventId === undefined) return null;
  return {
    shape: 'xml',
    channel,
    provider: textOf(system.get('Provider.Name')),
    eventId,
    computer: textOf(system.get('Computer')),
    userId: textOf(system.get('Security.UserID')),
    createdMs: timeOf(textOf(system.get('TimeCreated.SystemTime'))),
    recordId: textOf(system.get('EventRecordID')),
    data: name => textOf(data.get(name)),
    around: {},
  };
}
