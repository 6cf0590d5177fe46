import { describe, expect, it } from 'vitest';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { type Rule, readRule } from '../../functions/alert/ruleset/index.ts';
import { alertOf, OPTIONS, runKeyEvent } from './fixture.ts';
import { readPage } from './html-reader.ts';

/** A rule as others write it: one file, without places, guides or Chinese. */
function foreignRule(query: string, note = ''): Rule {
  const text = `
[metadata]
creation_date = "2026/01/01"
maturity = "production"

[rule]
rule_id = "11111111-2222-4333-8444-555555555555"
name = "A Rule from Elsewhere — with a dash"
description = "Finds something."
type = "eql"
language = "eql"
index = ["logs-*"]
severity = "medium"
risk_score = 47
author = ["Somebody"]
license = "MIT"
query = '''${query}'''
note = '''${note}'''
`;
  return readRule('elsewhere', new Map([['rule.toml', text]]), { readField, sha256: data => sha256(data) });
}

describe('a rule without places', () => {
  const rule = foreignRule('registry where registry.value == "Updater"');
  const alert = alertOf(runKeyEvent(), {}, rule);

  it('says what is known and claims no effect', () => {
    const { subject, email, attributes } = renderAlert(alert, OPTIONS);
    expect(subject).toEqual(
      expect.stringMatching(/^\[medium\] [a-z?]+: A Rule from Elsewhere with a dash~\w{4} ".+" -> .+ on .+$/),
    );
    expect(email).toContain('FIN-WS-042: a rule matched, A Rule from Elsewhere');
    expect(email).toMatch(
      /^Written +C:\\Users\\Public\\up\.exe -s\n +what Windows does with it is not known/m,
    );
    expect(email).toContain('This rule has no guide.');
    expect(attributes['location']).toBeUndefined();
    expect(attributes['technique']).toBeUndefined();
  });

  it('is in Chinese as far as it can be', () => {
    const { email } = renderAlert(alert, { ...OPTIONS, locale: 'zh-CN' });
    expect(email).toContain('FIN-WS-042：规则命中，A Rule from Elsewhere');
    expect(email).toContain('本规则没有指南。');
  });

  it('has a report', () => {
    expect(readPage(renderReport(alert, { ...OPTIONS, locale: 'both' })).text).toContain(
      'A Rule from Elsewhere',
    );
  });
});

it('a guide in English alone is in the Chinese mail, with a note', () => {
  const rule = foreignRule('registry where true', '## Triage\n\n- Look at the host.');
  const { email } = renderAlert(alertOf(runKeyEvent(), {}, rule), { ...OPTIONS, locale: 'zh-CN' });
  expect(email).toContain('本规则没有中文指南；以下为英文。');
  expect(email).toContain('Look at the host.');
});

it('another process than WMI acted itself, and nobody asked it', () => {
  const rule = foreignRule('registry where process.name == "reg.exe"');
  const process = { name: 'reg.exe', pid: 77, entity_id: 'e', executable: 'C:\\Windows\\System32\\reg.exe' };
  const { Effective_process: _, ...document } = runKeyEvent({ process });
  const { email } = renderAlert(alertOf(document, {}, rule), OPTIONS);
  expect(email).toMatch(/^Initiated by +C:\\Windows\\System32\\reg\.exe \(pid 77\)/m);
  // WMI is spoken of only where WMI wrote.
  expect(email).not.toMatch(/WMI|remote caller|possibly remote/);
});
