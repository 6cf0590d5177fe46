import { describe, expect, it } from 'vitest';
import { renderAlert } from '../../functions/alert/notification/index.ts';
import { alertOf, OPTIONS, runKeyEvent, USER_SID } from './fixture.ts';
import { byReg, foreignRule, mailOf, pageOf, REG } from './foreign-alerts.ts';

const LSA = { key: 'SYSTEM\\ControlSet001\\Control\\Lsa', hive: 'HKLM' };
const any = foreignRule('registry where true');

describe('a wrong statement that was seen', () => {
  it('a nameless value is the default value for certain', () => {
    const mail = mailOf(byReg({ value: '' }), any);
    expect(mail).toContain('one hidden behind NUL');
    expect(mail.replaceAll(/\s+/g, ' ')).toContain('can be read only from a saved hive');
    expect(renderAlert(alertOf(byReg({ value: '' }), {}, any), OPTIONS).subject).not.toContain('Default');
    // Sysmon has that name for the default value; Windows has none.
    expect(mailOf(byReg({ value: '(Default)' }), any)).toContain("GetValue('', $null");
  });
  it('pattern 1 of 0', () => {
    const two = foreignRule('registry where registry.path : "*Run*" and registry.path : ("*x", "*y")');
    const page = pageOf(byReg(), two);
    expect(page).toContain('registry.path fits');
    expect(page).not.toMatch(/pattern \d+ of/);
  });
  it.each([
    ['\\\\127.0.0.1\\C$\\x.exe', false],
    ['\\\\localhost\\C$\\x.exe', false],
    ['\\\\FIN-WS-042\\C$\\x.exe', false],
    ['\\\\evil.example\\C$\\x.exe', true],
    ['\\\\127.0.0.1.evil.example\\C$\\x.exe', true],
  ])('%s is another machine: %s', (path, isOther) => {
    expect(mailOf(byReg({ strings: [path] }), any).includes('Do not open this network path')).toBe(isOther);
  });
  it('the first strings of a list, where another one was added', () => {
    const strings = ['kerberos', 'msv1_0', 'schannel', 'wdigest', 'tspkg', 'pku2u', 'mimilib'];
    const lsa = { ...LSA, value: 'Security Packages', type: 'REG_MULTI_SZ', strings };
    expect(mailOf(byReg(lsa), any)).toMatch(/^Written +mimilib\n/m);
    const wanted = foreignRule('registry where registry.data.strings : ("wdig*", "x")');
    expect(mailOf(byReg(lsa), wanted)).toMatch(/^Written +wdigest\n/m);
  });
  it('a folder is a program, and a DLL starts a process', () => {
    const key = `${USER_SID}\\Software\\X`;
    const folder = byReg({ key, strings: ['C:\\Users\\Public\\Startup'] });
    expect(mailOf(folder, any)).not.toMatch(/process\.(name|executable)\.caseless : "(C:.*)?Startup"/);
    const dll = byReg({ key, strings: ['%SystemRoot%\\System32\\np.dll'] });
    expect(mailOf(dll, any)).toContain('dll.path : "C:\\\\Windows\\\\System32\\\\np.dll"');
  });
  it("the query's text, cut, is why it matched", () => {
    const long = foreignRule(
      `registry where registry.value == "x" and (${Array.from({ length: 20 }, (_, at) => `registry.value == "x" or process.name == "name-${at}"`).join(' or ')})`,
    );
    const page = pageOf(byReg(), long);
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      'further conditions, as the query of the rule has them: 1',
    );
  });
  it('the writer, where a requester is recorded', () => {
    const asked = runKeyEvent({
      process: { ...REG, name: 'svchost.exe', executable: 'C:\\Windows\\System32\\svchost.exe' },
    });
    expect(mailOf(asked, any)).toMatch(/^Initiated by +wmic\.exe \(pid 6120\), on this host/m);
  });
  it('a name in angle brackets is HTML', () => {
    const guide = foreignRule(
      'registry where true',
      "note = '''## Triage\n\n- Look at HKU\\\\<SID>\\\\Run.\n'''",
    );
    expect(mailOf(byReg(), guide)).toContain('HKU\\\\<SID>\\\\Run');
  });
  it('a setting runs nothing, so it is administration', () => {
    const setting = byReg({ ...LSA, value: 'RunAsPPL', type: 'REG_DWORD', strings: ['0'] });
    expect(mailOf(setting, any)).not.toMatch(/ADMINISTRATION|runs nothing/);
  });
});
