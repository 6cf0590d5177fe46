import type { Facts } from '../../detection/index.ts';
import { openKey, readValue, serviceKey } from './host-queries.ts';
import type { QueryDraft } from './pivot.ts';
import { join, joinEach, missing, powershell, writer, written } from './query-literals.ts';
import type { Query, Subject } from './query-subject.ts';

const write = writer(powershell);

/**
 * The command that undoes the write, in PowerShell. It compares type and data first, byte for byte, since `-ceq`
 * would ignore invisible characters. Everything runs in one block with `$k` emptied first, so that neither a failing
 * line nor an earlier command leaves it pointing at another key.
 */
export function removal({ alert, facts }: Subject): QueryDraft[] {
  const mayDelete = alert.location?.undo === 'delete' && !isNeeded(facts);
  const mustRestore = alert.locations.some(location => location.undo === 'restore') || isNeeded(facts);
  const query: Query = mustRestore
    ? disableService(facts)
    : mayDelete
      ? deleteValue(facts)
      : missing('undo-unknown');
  return [
    {
      name: 'remove',
      question: mustRestore ? 'restore' : 'remove',
      language: 'PowerShell',
      index: null,
      when: 'on-host',
      query,
    },
  ];
}

/** Whatever the location says: without these values a service, or the host, does not start. */
const isNeeded = ({ registry, service }: Facts): boolean =>
  service !== null || /^(imagepath|servicedll)$/i.test(registry.value);

/** Type names as in events, Defender's last, and as in .NET. */
const KINDS = new Map([
  ['REG_SZ', 'String'],
  ['REG_EXPAND_SZ', 'ExpandString'],
  ['REG_MULTI_SZ', 'MultiString'],
  ['REG_DWORD', 'DWord'],
  ['REG_QWORD', 'QWord'],
  ['String', 'String'],
  ['ExpandString', 'ExpandString'],
  ['Dword', 'DWord'],
  ['Qword', 'QWord'],
]);

function deleteValue(facts: Facts): Query {
  const { value, type, data } = facts.registry;
  const kind = KINDS.get(type ?? '');
  if (type === null) return missing('no-type');
  if (kind === undefined) return missing('odd-type');
  const recorded = recordedData(kind, data);
  const name = write`${value}`;
  const isUnchanged = write`$k.GetValueKind(${name}) -eq '${written(kind)}' -and ${isRecorded('k', value, data)}`;
  const block = write`& { $k = $null; $k = ${openKey(facts, facts.registry.key, ', $true')}; if (-not $k) { 'key absent, or hive not loaded' } elseif ($null -eq ${readValue('k', value)}) { 'value absent' } elseif (${isUnchanged}) { $k.DeleteValue(${name}); 'removed' } else { 'type or data differ from the alert: stop' } }`;
  const undo = write`# undo: & { $k = $null; $k = ${openKey(facts, facts.registry.key, ', $true')}; $k.SetValue(${name}, ${recorded}, '${written(kind)}') }`;
  return join([block, undo], '\n');
}

function recordedData(kind: string, data: readonly string[]): Query {
  if (data.length === 0) return missing('no-data');
  if (kind === 'MultiString') return write`[string[]]@(${joinEach(data, ', ', powershell)})`;
  const [only = ''] = data;
  if (data.length > 1) return missing('odd-type');
  if (kind !== 'DWord' && kind !== 'QWord') return write`${only}`;
  // Signed in .NET, unsigned in the event.
  const largest = kind === 'DWord' ? 2n ** 31n - 1n : 2n ** 63n - 1n;
  if (!/^\d{1,19}$/.test(only) || BigInt(only) > largest) return missing('odd-type');
  return written(`[${kind === 'DWord' ? 'int' : 'long'}]${BigInt(only)}`);
}

/**
 * Compares the contents of the key with the alert; the strings of a REG_MULTI_SZ joined by NUL, which none can contain.
 */
const isRecorded = (key: string, value: string, data: readonly string[]): Query =>
  write`[string]::Equals((@(${readValue(key, value)}) -join [char]0), (@(${joinEach(data, ', ', powershell)}) -join [char]0), 'Ordinal')`;

/**
 * The service is set to disabled, with its start mode printed first, for the undo line: reversible, while
 * the previous value is looked for. A boot driver (0) is never touched, and a disabled one (4) needs nothing. For what
 * Windows cannot do without there is no such command: otherwise a write that changes nothing would get it offered.
 */
function disableService(facts: Facts): Query {
  const key = serviceKey(facts);
  const { registry } = facts;
  if (key === null || registry.type === null || registry.data.length !== 1) return missing('needed');
  if (isCore(facts)) return missing('core-service');
  const below = registry.key.slice(key.length + 1);
  const holder = below === '' ? written('$k') : write`$k.OpenSubKey(${below})`;
  const open = openKey(facts, key, ', $true');
  const block = write`& { $k = $null; $p = $null; $k = ${open}; if ($k) { $p = ${holder} }; if (-not $p) { 'key absent' } elseif (-not ${isRecorded('p', registry.value, registry.data)}) { 'data differ from the alert: stop' } elseif (($s = $k.GetValue('Start')) -notin 1, 2, 3) { "Start is $s, not 1, 2 or 3: stop" } else { "for the undo line: START is $s"; $k.SetValue('Start', 4, 'DWord'); 'disabled' } }`;
  const undo = write`# undo, with the printed number for START: & { $k = $null; $k = ${open}; $k.SetValue('Start', START, 'DWord') }`;
  return join([block, undo], '\n');
}

/** A Windows service, by its name, or by an image that is shared or in Windows' own folder. */
function isCore({ service, registry }: Facts): boolean {
  const image = registry.data[0]!;
  return (
    CORE_SERVICES.has(service!.toLowerCase()) ||
    /svchost(\.exe)?"?(\s|$)/i.test(image) ||
    OWN_IMAGE.test(image)
  );
}

const OWN_IMAGE =
  /^\W*(\\\?\?\\|\\)?(%\w+%\\|[a-z]:\\windows\\|systemroot\\)?(system32|syswow64|sysnative)\\/i;

/** Those that other services, the logon or the network depend on, or that defend the host. */
const CORE_SERVICES = new Set(
  (
    'rpcss rpceptmapper dcomlaunch lsm samss netlogon kdc ntds dns eventlog plugplay power profsvc schedule winmgmt ' +
    'dnscache dhcp nsi bfe mpssvc lanmanserver lanmanworkstation cryptsvc gpsvc systemeventsbroker ' +
    'brokerinfrastructure coremessagingregistrar usermanager termservice w32time windefend wdnissvc sense wscsvc ' +
    'securityhealthservice trustedinstaller keyiso vaultsvc appinfo appidsvc dfsr clussvc vmms iaasvmprovider ' +
    'tcpip tcpip6 afd netbt netbios ndis http mup rdbss srv2 srvnet disk volmgr volmgrx volsnap partmgr mountmgr ' +
    'ntfs refs fltmgr fileinfo ksecdd ksecpkg cng msrpc acpi pci storahci stornvme iastorv wdfilter wdboot wdnisdrv ' +
    'wfplwfs vmbus storvsc netvsc'
  ).split(' '),
);
