import type { Facts } from '../../detection/index.ts';
import { actOf } from './event-act.ts';
import { fileOf, noFileReason } from './payload-target.ts';
import type { QueryDraft } from './pivot.ts';
import { type Fragment, missing, powershell, sql, writer, written } from './query-literals.ts';
import type { Query, Subject } from './query-subject.ts';

const write = writer(powershell);
const writeSql = writer(sql);

/**
 * Opens the key with its 64-bit view. .NET instead of the registry provider: the provider reads wildcards in a value
 * name, turns `/` in a key name into a backslash, and expands variables.
 */
export function openKey({ registry }: Facts, key = registry.key, access = ''): Query {
  if (registry.root === 'other') return missing('other-root');
  if (!registry.certain) return missing('key-uncertain');
  const hive = written(registry.root === 'machine' ? "'LocalMachine'" : "'Users'");
  return write`[Microsoft.Win32.RegistryKey]::OpenBaseKey(${hive}, 'Registry64').OpenSubKey(${key}${written(access)})`;
}

/** Reads the value without expanding it. */
export const readValue = (key: string, value: string): Query =>
  write`$${written(key)}.GetValue(${isDefaultValue(value) ? '' : value}, $null, 'DoNotExpandEnvironmentNames')`;

/** Is the value still there, with which data? */
export function stillThere(subject: Subject): QueryDraft[] {
  const { facts } = subject;
  const { value } = facts.registry;
  const here = { name: 'still-there', index: null, when: 'on-host' } as const;
  const inBlock = write`& { $k = $null; $k = ${openKey(facts)}; if (-not $k) { 'key absent, or hive not loaded' } elseif ($null -eq ($v = ${readValue('k', value)})) { 'value absent' } else { $k.GetValueKind(${isDefaultValue(value) ? '' : value}); $v } }`;
  const drafts: QueryDraft[] = [
    { ...here, question: 'still-there', language: 'PowerShell', query: inBlock },
    { ...here, question: 'still-there-osquery', language: 'Osquery', query: rowOf(facts) },
  ];
  const key = serviceKey(facts);
  if (key === null) return drafts;
  const query = writeSql`SELECT key, name, type, data FROM registry WHERE key = ${`HKEY_LOCAL_MACHINE\\${key}`} AND name IN ('ImagePath', 'ObjectName', 'Start', 'Type', 'FailureCommand');`;
  return [...drafts, { ...here, question: 'still-there-service', language: 'Osquery', query }];
}

/**
 * Osquery's table needs `key` by `=`, with the hive's full name; it compares `key` case-insensitively and `name`
 * case-sensitively, and calls the default value `(Default)`.
 */
function rowOf({ registry }: Facts): Query {
  if (registry.root === 'other') return missing('other-root');
  if (!registry.certain) return missing('key-uncertain');
  const hive = registry.root === 'machine' ? 'HKEY_LOCAL_MACHINE' : 'HKEY_USERS';
  return writeSql`SELECT key, name, type, data, datetime(mtime, 'unixepoch') AS key_changed_utc FROM registry WHERE key = ${`${hive}\\${registry.key}`} AND name = ${osqueryName(registry.value)} COLLATE NOCASE;`;
}

/** The name that Windows' own tools, and Sysmon, give the value without one. */
const isDefaultValue = (value: string): boolean => value === '' || value === '(Default)';

/** The default value has a name there. */
export const osqueryName = (value: string): string => (value === '' ? '(Default)' : value);

/** `SYSTEM\ControlSet001\Services\<service>`, as spelled in the event. */
export function serviceKey({ registry, service }: Facts): string | null {
  return service === null || service === '' ? null : registry.key.split('\\').slice(0, 4).join('\\');
}

/**
 * Hash and signature of the file. The attacker chose its path, so it is opened only on a fixed drive and when no part
 * of the path is a link: either could lead to a server that receives the reader's credentials.
 */
export function hash({ alert, facts }: Subject): QueryDraft[] {
  const file = fileOf(alert);
  const query: Query = !facts.isCommand
    ? missing('not-a-command')
    : facts.isRemote
      ? missing('remote')
      : file === null
        ? missing(noFileReason(alert))
        : actOf(alert) !== null && !/^[a-z]:\\/i.test(file)
          ? missing('remote')
          : openFile(file);
  return [{ name: 'hash', question: 'hash', language: 'PowerShell', index: null, when: 'on-host', query }];
}

function openFile(file: string): Fragment {
  const lines = [
    write`& { $ErrorActionPreference = 'Stop'; $f = ${file}; $at = $f.Substring(0, 2)`,
    write`if (([IO.DriveInfo]$f.Substring(0, 1)).DriveType -ne 'Fixed') { return 'not a fixed drive: not opened' }`,
    write`foreach ($part in $f.Substring(3).Split('\\/'.ToCharArray())) { $at += '\\' + $part; if ([IO.File]::GetAttributes($at) -band [IO.FileAttributes]::ReparsePoint) { return 'behind a link: not opened' } }`,
    write`$s = Get-AuthenticodeSignature -LiteralPath $f; [pscustomobject]@{ SHA256 = (Get-FileHash -LiteralPath $f -Algorithm SHA256).Hash; Signature = $s.Status; Message = $s.StatusMessage; Signer = $s.SignerCertificate.Subject } | Format-List }`,
  ];
  return lines.reduce((all, line) => write`${all}; ${line}`);
}
