import { describe, expect, it } from 'vitest';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { ruleOf } from '../ruleset/rule-folder.ts';
import { checkCarriers } from './check-carriers.ts';
import { alertOf, OPTIONS, runKeyEvent } from './fixture.ts';
import { byReg, foreignRule, mailOf, pageOf } from './foreign-alerts.ts';
import { readPage } from './html-reader.ts';

describe('a rule without places', () => {
  const rule = foreignRule('registry where registry.value == "Updater"');
  const alert = alertOf(runKeyEvent(), {}, rule);

  it('says what is known and claims no effect', () => {
    const { subject, email, attributes } = renderAlert(alert, OPTIONS);
    expect(subject).toEqual(
      expect.stringMatching(/^\[medium\] [a-z?]+: A Rule from Els[a-z ]*~\w{4} ".+" -> .+ on .+$/),
    );
    expect(email).toContain('FIN-WS-042: the rule "A Rule from Elsewhere');
    expect(email).toMatch(
      /^Written +C:\\Users\\Public\\up\.exe -s\n +what Windows does with it is not known/m,
    );
    expect(email).toContain('This rule has no guide.');
    expect(attributes['location']).toBeUndefined();
    expect(attributes['technique']).toBeUndefined();
  });

  it('is in Chinese as far as it can be', () => {
    const { email } = renderAlert(alert, { ...OPTIONS, locale: 'zh-CN' });
    expect(email).toContain('FIN-WS-042：命中规则“A Rule from Elsewhere');
    expect(email).toContain('本规则没有指南。');
  });

  it('has a report', () => {
    expect(readPage(renderReport(alert, { ...OPTIONS, locale: 'both' })).text).toContain(
      'A Rule from Elsewhere',
    );
  });
});

it('a guide in English alone is in the Chinese mail, with a note', () => {
  const rule = foreignRule('registry where true', "note = '''## Triage\n\n- Look at the host.'''");
  const { email } = renderAlert(alertOf(runKeyEvent(), {}, rule), { ...OPTIONS, locale: 'zh-CN' });
  expect(email).toContain('本规则没有中文指南；以下为英文。');
  expect(email).toContain('Look at the host.');
});

it('another process than WMI acted itself, and nobody asked it', () => {
  const rule = foreignRule('registry where process.name == "reg.exe"');
  const email = mailOf(byReg({ value: 'Updater' }), rule);
  expect(email).toMatch(/^Initiated by +C:\\Windows\\System32\\reg\.exe \(pid 77\)/m);
  // WMI is spoken of only where WMI wrote.
  expect(email).not.toMatch(/WMI|remote caller|possibly remote/);
});

describe('a write by a program', () => {
  const event = byReg();
  const rule = foreignRule(
    'registry where true',
    `setup = '''## Setup\n\nTurn it on.\n'''\n[rule.investigation_fields]\nfield_names = ["process.command_line", "user.name", "dll.name"]\n`,
  );
  it('names it as the initiator, with its path, command line, account and hash', () => {
    const mail = mailOf(event, rule);
    expect(mail).toMatch(
      /^Initiated by +C:\\Windows\\System32\\reg\.exe \(pid 77\);[\s\S]*?SYSTEM\n +reg add HKCU/m,
    );
    expect(mail).toContain('With which command line, and who started that process?');
    expect(mail).toContain(`https://www.virustotal.com/gui/file/${'ab'.repeat(32)}`);
    checkCarriers(event, rule);
  });
  it('has the fields that the rule puts first, its setup and its references in the report', () => {
    const page = pageOf(event, rule);
    expect(page).toMatch(
      /All facts of the event\s*process\.command_line\s*reg add HKCU\\Run \/v x\s*user\.name\s*SYSTEM\s*not in the event\s*dll\.name/,
    );
    expect(page).toContain('Turn it on.');
    expect(page).toContain('https://example.com/made');
  });
  it('is shown for every rule of another wording', () => {
    const exclusion = {
      key: 'SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths',
      value: 'C:\\T',
      hive: 'HKLM',
      strings: ['0'],
      type: 'REG_DWORD',
    };
    checkCarriers(byReg(exclusion), ruleOf('test/rules/foreign/defender-exclusion-added'));
  });
});
