import { isObject, type JsonObject } from '../json.ts';
import { type Fields, integerOf, isoOf, listOf, member, textOf, timeOf } from './ecs-document.ts';
import { hiveOf } from './sysmon.ts';
import { argumentFields } from './windows-arguments.ts';

/** A row of advanced hunting: its table, folded, and its columns. */
export type DefenderRow = { readonly table: string; readonly columns: JsonObject };

/**
 * Rows of the streaming API (`AdvancedHunting-TABLE` with `properties`), of Log Analytics (`Type`), and bare columns,
 * whose action implies the table. `null`: none of them.
 */
export function readDefenderRow(record: JsonObject): DefenderRow | null {
  const category = member(record, 'category');
  const properties = member(record, 'properties');
  if (typeof category === 'string' && category.startsWith('AdvancedHunting-') && isObject(properties))
    return { table: category.slice('AdvancedHunting-'.length).toLowerCase(), columns: properties };
  const action = member(record, 'ActionType');
  if (typeof action !== 'string' || typeof member(record, 'DeviceId') !== 'string') return null;
  const type = member(record, 'Type');
  if (typeof type === 'string' && type.startsWith('Device') && Object.hasOwn(record, 'TimeGenerated'))
    return { table: type.toLowerCase(), columns: record };
  if (!Object.hasOwn(record, 'RegistryKey') && !Object.hasOwn(record, 'ProcessCommandLine')) return null;
  const table = action.startsWith('Registry')
    ? 'deviceregistryevents'
    : action.startsWith('Process')
      ? 'deviceprocessevents'
      : '';
  return { table, columns: record };
}

const TYPES: Readonly<Record<string, string>> = {
  RegistryValueSet: 'change',
  RegistryKeyRenamed: 'change',
  RegistryKeyCreated: 'creation',
  RegistryKeyDeleted: 'deletion',
  RegistryValueDeleted: 'deletion',
  ProcessCreated: 'start',
};
const ACTIONS: Readonly<Record<string, string>> = {
  registryvalueset: 'modification',
  registrykeycreated: 'creation',
  processcreated: 'start',
};

/** Maps a row as elastic/integrations `m365_defender.event` does. */
export function defenderFields({ table, columns }: DefenderRow): Fields {
  const text = (name: string): string | undefined => textOf(member(columns, name));
  const isRegistry = table.includes('deviceregistryevents');
  const isProcess = table.includes('deviceprocessevents');
  const action = text('ActionType') ?? '';
  const folded = action.toLowerCase();
  const account = isProcess ? 'Account' : 'InitiatingProcessAccount';
  const isWindows = isRegistry || (isProcess && text('InitiatingProcessAccountSid') !== undefined);
  return {
    '@timestamp': isoOf(timeOf(text('Timestamp') ?? text('TimeGenerated'))),
    'event.kind': 'event',
    'event.category': isRegistry ? ['registry'] : isProcess ? ['process'] : undefined,
    'event.type': isRegistry || isProcess ? listOf(TYPES[action]) : undefined,
    'event.action': ACTIONS[folded] ?? (folded || undefined),
    'host.id': text('DeviceId'),
    'host.name': text('DeviceName')?.toLowerCase(),
    'host.os.type': isWindows ? 'windows' : undefined,
    'user.id': text(`${account}Sid`),
    'user.name': text(`${account}Name`),
    'user.domain': text(`${account}Domain`),
    ...(isProcess ? startedFields(text) : {}),
    ...initiatorFields(text, isProcess ? 'process.parent' : 'process'),
    ...(isRegistry ? registryFields(text) : {}),
  };
}

function startedFields(text: (name: string) => string | undefined): Fields {
  const line = text('ProcessCommandLine');
  return {
    'process.name': text('FileName'),
    'process.executable': text('FolderPath'),
    'process.pid': integerOf(text('ProcessId')),
    'process.command_line': line,
    ...argumentFields('process', line),
    'process.pe.original_file_name': text('ProcessVersionInfoOriginalFileName'),
  };
}

function initiatorFields(text: (name: string) => string | undefined, to: string): Fields {
  const of = (name: string): string | undefined => text(`InitiatingProcess${name}`);
  const line = of('CommandLine');
  const above = to === 'process' ? 'process.parent' : `${to}.group_leader`;
  const signature = of('SignatureStatus');
  const isTrusted = signature === 'Valid' ? true : signature === 'Unsigned' ? false : undefined;
  return {
    [`${to}.name`]: of('FileName'),
    [`${to}.executable`]: of('FolderPath'),
    [`${to}.pid`]: integerOf(of('Id')),
    [`${to}.command_line`]: line,
    ...argumentFields(to, line),
    [`${to}.pe.original_file_name`]: of('VersionInfoOriginalFileName'),
    [`${to}.code_signature.exists`]: isTrusted,
    [`${to}.code_signature.trusted`]: isTrusted,
    [`${to}.code_signature.status`]: isTrusted === true ? 'trusted' : undefined,
    [`${above}.name`]: of('ParentFileName'),
    [`${above}.pid`]: integerOf(of('ParentId')),
  };
}

/** As Elastic does: for `HKEY_USERS` the name stays in the key after the hive, and a key event has no path. */
function registryFields(text: (name: string) => string | undefined): Fields {
  const full = text('RegistryKey') ?? text('PreviousRegistryKey');
  const value = text('RegistryValueName') ?? text('PreviousRegistryValueName');
  const hive = full === undefined ? undefined : hiveOf(full.split('\\', 1)[0]!);
  const key = full?.replace(/^HKEY_(?:CURRENT_USER|LOCAL_MACHINE)\\/, '');
  const data = [text('RegistryValueData'), text('PreviousRegistryValueData')].filter(
    one => one !== undefined,
  );
  return {
    'registry.hive': hive,
    'registry.key': key,
    'registry.value': value,
    'registry.path': key && value && [hive, key, value].filter(part => part !== undefined).join('\\'),
    'registry.data.strings': data.length > 0 ? [...new Set(data)] : undefined,
    'registry.data.type': text('RegistryValueType'),
  };
}
