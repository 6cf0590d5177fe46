import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { type Rule, readRule } from '../../functions/alert/ruleset/index.ts';
import { deps } from '../ruleset/rule-folder.ts';
import { alertOf, OPTIONS, RUN_KEY, USER_SID, type Write, writeEvent } from './fixture.ts';
import { readPage } from './html-reader.ts';

/** A rule as others write it: one file, without places, guides or Chinese. */
export function foreignRule(query: string, more = '', transform = ''): Rule {
  const text = `
[rule]
rule_id = "11111111-2222-4333-8444-555555555555"
name = "A Rule from Elsewhere — with a dash"
description = "Finds something."
type = "eql"
index = ["logs-*"]
severity = "medium"
risk_score = 47
version = 7
references = ["https://example.com/made"]
query = '''${query}'''
${more}
${transform}
`;
  return readRule('elsewhere', new Map([['rule.toml', text]]), deps);
}

export const REG = {
  name: 'reg.exe',
  pid: 77,
  entity_id: 'cmVn',
  executable: 'C:\\Windows\\System32\\reg.exe',
  command_line: 'reg add HKCU\\Run /v x',
  hash: { sha256: 'AB'.repeat(32) },
};

/** A write of a user's Run value by reg.exe itself, but for what `write` says. */
export function byReg(write: Partial<Write> = {}): JsonObject {
  const ordinary = { key: `${USER_SID}\\${RUN_KEY}`, value: 'x' };
  const { Effective_process: _, ...event } = writeEvent({ ...ordinary, ...write }, { process: REG });
  return event;
}

export const mailOf = (event: JsonObject, rule: Rule): string =>
  renderAlert(alertOf(event, {}, rule), OPTIONS).email;
export const pageOf = (event: JsonObject, rule: Rule): string =>
  readPage(renderReport(alertOf(event, {}, rule), OPTIONS)).text;
