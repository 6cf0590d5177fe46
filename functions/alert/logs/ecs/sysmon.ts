import type { JsonValue } from '../json.ts';
import { type Fields, fileNameOf, integerOf, isoOf, timeOf } from './ecs-document.ts';
import { argumentFields } from './windows-arguments.ts';
import type { WindowsEvent } from './windows-event.ts';

export const SYSMON_CHANNEL = 'Microsoft-Windows-Sysmon/Operational';

const NO_GUID = '{00000000-0000-0000-0000-000000000000}';

const CATEGORIES: Readonly<Record<string, readonly [categories: readonly string[], type: string]>> = {
  1: [['process'], 'start'],
  5: [['process'], 'end'],
  12: [['configuration', 'registry'], 'change'],
  13: [['configuration', 'registry'], 'change'],
  14: [['configuration', 'registry'], 'change'],
};

/** Maps Sysmon events as elastic/integrations `windows.sysmon_operational` does; others have no category here. */
export function sysmonFields(event: WindowsEvent): Fields {
  const data = (name: string): string | undefined => {
    const text = event.data(name);
    // A command line may be a dash, as that of the parent of smss.exe is.
    return (text === '-' && !name.endsWith('CommandLine')) || text === NO_GUID ? undefined : text;
  };
  const [category, type] = CATEGORIES[event.eventId] ?? [];
  const image = data('Image');
  const user = data('User')?.split('\\') ?? [];
  return {
    '@timestamp': isoOf(timeOf(data('UtcTime'), true) ?? event.createdMs),
    'event.category': category,
    'event.type': type && [type],
    'process.entity_id': data('ProcessGuid'),
    'process.pid': integerOf(data('ProcessId')),
    'process.executable': image,
    'process.name': fileNameOf(image),
    ...(event.eventId === '1' ? startFields(data) : {}),
    'user.id': event.userId,
    'user.domain': user.length > 1 ? user[0] : undefined,
    'user.name': user.at(-1),
    'rule.name': data('RuleName'),
    ...(category?.includes('registry') ? registryFields(data('TargetObject'), data('Details')) : {}),
  };
}

function startFields(data: (name: string) => string | undefined): Fields {
  const line = data('CommandLine');
  const parentLine = data('ParentCommandLine');
  const parent = data('ParentImage');
  return {
    'process.command_line': line,
    ...argumentFields('process', line),
    'process.working_directory': data('CurrentDirectory'),
    'process.pe.original_file_name': data('OriginalFileName'),
    'process.parent.entity_id': data('ParentProcessGuid'),
    'process.parent.pid': integerOf(data('ParentProcessId')),
    'process.parent.executable': parent,
    'process.parent.name': fileNameOf(parent),
    'process.parent.command_line': parentLine,
    ...argumentFields('process.parent', parentLine),
  };
}

/** Hives of the first element of a path. */
const HIVES: Readonly<Record<string, string>> = {
  HKEY_LOCAL_MACHINE: 'HKLM',
  HKEY_USERS: 'HKU',
  HKEY_CURRENT_USER: 'HKCU',
  HKEY_CLASSES_ROOT: 'HKCR',
  HKEY_CURRENT_CONFIG: 'HKCC',
  HKEY_DYN_DATA: 'HKDD',
  HKEY_PERFORMANCE_DATA: 'HKPD',
};
const SHORT_HIVES = new Set(Object.values(HIVES));

/** The short name of a hive, even if it is already short. */
export function hiveOf(name: string): string | undefined {
  return SHORT_HIVES.has(name) ? name : Object.hasOwn(HIVES, name) ? HIVES[name] : undefined;
}

/** As Elastic does: the key includes the name of the value, and the last element is the value even if it is a key. */
function registryFields(path: string | undefined, details: string | undefined): Fields {
  const [first = '', ...rest] = path?.split('\\') ?? [];
  const [data, type] = details === undefined ? [] : dataOf(details);
  return {
    'registry.path': path,
    'registry.hive': hiveOf(first),
    'registry.key': path === undefined ? undefined : rest.join('\\'),
    'registry.value': path === undefined ? undefined : (rest.at(-1) ?? first),
    'registry.data.strings': data && [data],
    'registry.data.type': type,
  };
}

/** Elastic's oddities: the upper half of a QWORD is shifted by 8, not 32, and numbers are called `SZ_`. */
function dataOf(details: string): readonly [data: JsonValue, type: string] {
  const dword = /^DWORD \((0x[0-9A-F]{8})\)$/i.exec(details);
  if (dword) return [String(Number(dword[1])), 'SZ_DWORD'];
  const qword = /^QWORD \((0x[0-9A-F]{8})-(0x[0-9A-F]{8})\)$/i.exec(details);
  if (qword) return [String(Number(qword[1]) * 256 + Number(qword[2])), 'SZ_QWORD'];
  return [details, details === 'Binary Data' ? 'REG_BINARY' : 'REG_SZ'];
}
