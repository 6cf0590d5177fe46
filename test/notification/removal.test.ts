import { describe, expect, it } from 'vitest';
import { type Pivot, pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { USER_SID } from './fixture.ts';
import { type Differences, pivotAlert } from './pivot-fixture.ts';
import { readPowerShell } from './query-readers/powershell.ts';

const removal = (differences: Differences): Pivot =>
  pivots(pivotAlert(differences), 'en').find(({ name }) => name === 'remove')!;

const RUN = `${USER_SID}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`;
const OPEN = `[Microsoft.Win32.RegistryKey]::OpenBaseKey('Users', 'Registry64').OpenSubKey('${RUN}', $true)`;

describe('a removal', () => {
  it('compares type and data, then removes this value by its exact name; the undo line writes it back', () => {
    const [block, undo] = removal({}).text!.split('\n');
    expect(block).toContain(`$k = $null; $k = ${OPEN}`);
    expect(block).toMatch(
      /elseif \(\$k\.GetValueKind\('Updater'\) -eq 'String' -and \[string\]::Equals\(.*'Ordinal'\)\) \{ \$k\.DeleteValue\('Updater'\); 'removed' \} else \{/,
    );
    expect(undo).toBe(
      `# undo: & { $k = $null; $k = ${OPEN}; $k.SetValue('Updater', 'C:\\Users\\Public\\up.exe -s', 'String') }`,
    );
  });

  it.each([
    ['REG_SZ', ['a b'], "SetValue('Updater', 'a b', 'String')"],
    ['REG_EXPAND_SZ', ['%a%'], "SetValue('Updater', '%a%', 'ExpandString')"],
    ['REG_MULTI_SZ', ['a', "b'c"], "SetValue('Updater', [string[]]@('a', 'b''c'), 'MultiString')"],
    ['REG_DWORD', ['2147483647'], "SetValue('Updater', [int]2147483647, 'DWord')"],
    ['REG_QWORD', ['9223372036854775807'], "SetValue('Updater', [long]9223372036854775807, 'QWord')"],
  ])('of a %s of %j is undone by %s', (type, data, undo) => {
    expect(removal({ registry: { type, data } }).text?.split('\n')[1]).toContain(undo);
  });

  it.each([
    ['no type', { type: null }, 'does not record the type'],
    ['an unknown type', { type: 'REG_LINK' }, 'cannot be compared'],
    ['bytes', { type: 'REG_BINARY' }, 'cannot be compared'],
    ['a number beyond those with a sign', { type: 'REG_DWORD', data: ['4294967295'] }, 'cannot be compared'],
    ['a DWORD that is not a number', { type: 'REG_DWORD', data: ['1; calc'] }, 'cannot be compared'],
    ['several strings in a REG_SZ', { data: ['a', 'b'] }, 'cannot be compared'],
    ['no data', { data: [] }, 'no data'],
    ['a NUL in its name', { value: 'a\0b' }, 'NUL'],
    ['data too long to print', { data: ['x'.repeat(2000)] }, '1,024'],
    ['a key that is not certain', { certain: false }, 'not certain'],
    ['another root', { root: 'other' }, 'neither HKLM nor HKEY_USERS'],
  ] as const)('is left out for a value with %s', (_, registry, reason) => {
    expect(removal({ registry })).toMatchObject({ text: null, leftOut: expect.stringContaining(reason) });
  });

  it('is left out when the rule does not know whether Windows needs the value', () => {
    expect(removal({ location: null })).toMatchObject({
      text: null,
      leftOut: expect.stringContaining('does not know'),
    });
  });

  it.each(['*', '?', '[a-z]', '**', 'a*'])(
    'names a value called %s exactly, with nothing that reads wildcards',
    value => {
      const { text } = removal({ registry: { value } });
      expect(text).toContain(`$k.DeleteValue('${value}')`);
      expect(text).not.toMatch(/ItemProperty|Remove-|-Name|-Path|-like|-match|-ceq|reg(\.exe)? delete/i);
    },
  );

  it('names the default value by the empty name', () => {
    expect(removal({ registry: { value: '' } }).text).toContain("$k.DeleteValue('')");
  });
});

const SERVICES = 'SYSTEM\\ControlSet001\\Services\\Evil';
const machine = { root: 'machine', hive: 'HKLM', type: 'REG_EXPAND_SZ', data: ['C:\\e.exe'] } as const;

describe('a value that Windows needs', () => {
  const rows: readonly (readonly [string, Differences])[] = [
    [
      'ImagePath',
      { location: { undo: 'restore' }, registry: { ...machine, key: SERVICES, value: 'ImagePath' } },
    ],
    [
      'ServiceDll',
      {
        location: { undo: 'restore' },
        registry: { ...machine, key: `${SERVICES}\\Parameters`, value: 'ServiceDll' },
      },
    ],
    // Whatever a rule's author thinks of its location.
    [
      'ImagePath at a location said to be absent',
      { registry: { ...machine, key: SERVICES, value: 'IMAGEPATH' } },
    ],
  ];
  it.each(rows)('is never deleted: %s', (_, differences) => {
    const { text, question } = removal({ ...differences, facts: { service: 'Evil' } });
    expect(text).not.toMatch(/Delete|Remove/);
    expect(question).toContain("set it back to the vendor's");
    expect(text).toContain(`OpenSubKey('${SERVICES}', $true)`);
    expect(text).toContain("$k.SetValue('Start', 4, 'DWord')");
    // What was read is printed before anything is done, and is what the undo line takes.
    expect(text!.indexOf('"for the undo line: START is $s"; $k.SetValue(\'Start\', 4')).toBeGreaterThan(0);
    expect(text!.split('\n')[1]).toContain("$k.SetValue('Start', START, 'DWord')");
  });
  it('is compared where it is', () => {
    const { text } = removal({ ...rows[1]![1], facts: { service: 'Evil' } });
    expect(text).toContain("$p = $k.OpenSubKey('Parameters')");
    expect(text).toContain("$p.GetValue('ServiceDll', $null, 'DoNotExpandEnvironmentNames')");
    expect(readPowerShell(text!).strings).toContain('C:\\e.exe');
  });
  it.each([null, ''])('has no command when the service is %j', service => {
    const { text, leftOut } = removal({ ...rows[0]![1], facts: { service } });
    expect([text, leftOut]).toEqual([null, expect.stringContaining('never delete it')]);
  });

  it.each([
    ['RpcSs', 'C:\\Program Files\\x.exe'],
    ['rpcss', '%SystemRoot%\\system32\\svchost.exe -k rpcss'],
    ['Evil', 'svchost.exe -k netsvcs'],
    ['Evil', '"C:\\ProgramData\\svchost.exe" -k x'],
    ['Evil', 'C:\\Windows\\System32\\evil.exe'],
    ['Evil', '\\SystemRoot\\System32\\drivers\\e.sys'],
    ['Evil', '\\??\\C:\\Windows\\SysWOW64\\e.exe'],
    ['Evil', 'system32\\drivers\\e.sys'],
    ['WinDefend', 'C:\\e.exe'],
  ])('has no command where Windows may not do without it: %s, %s', (service, image) => {
    const { text, leftOut } = removal({
      ...rows[0]![1],
      facts: { service },
      registry: {
        ...machine,
        key: `SYSTEM\\ControlSet001\\Services\\${service}`,
        value: 'ImagePath',
        data: [image],
      },
    });
    expect([text, leftOut]).toEqual([null, expect.stringContaining('set it back by hand')]);
  });
});
