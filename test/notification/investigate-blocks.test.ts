import { describe, expect, it } from 'vitest';
import { byReg, foreignRule, mailOf } from './foreign-alerts.ts';

const button = (from: string, to: string, ...groups: string[][]) => `
[[transform.investigate]]
label = "What the writer did"
providers = [${groups.map(
  fields =>
    `[${fields.map(field => `{ excluded = false, field = "${field}", queryType = "phrase", value = "{{${field}}}", valueType = "string" }`).join(', ')}]`,
)}]
relativeFrom = "${from}"
relativeTo = "${to}"
`;
const rule = (...parameters: Parameters<typeof button>) =>
  foreignRule(
    'registry where true',
    "note = '''## Triage\n\n- Look around. $investigate_0\n'''",
    button(...parameters),
  );
const event = byReg({ value: 'x" or *' });

describe('an investigate block', () => {
  it.each([
    ['its range, which stays open at now', 'now-48h/h', 'now', '@timestamp >= "2026-11-22T02:00:00.000Z"\n'],
    [
      'its end',
      'now-1h',
      'now+2h',
      '@timestamp >= "2026-11-24T01:46:51.283Z" and @timestamp <= "2026-11-24T04:46:51.283Z"\n',
    ],
  ])('keeps %s', (_, from, to, range) => {
    const mail = mailOf(event, rule(from, to, ['host.id']));
    expect(mail).toContain(
      `What the writer did (KQL, logs-*)\n    host.id : "5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11" and ${range}`,
    );
  });
  it('has each group, and names the fields that the event does not have', () => {
    const mail = mailOf(
      event,
      rule('now-1h', 'now', ['host.id', 'registry.value'], ['process.pid'], ['dll.name', 'host.id']),
    );
    expect(mail).toContain(
      '((host.id : "5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11" and registry.value : "x\\" or *") or (process.pid : "77"))',
    );
    expect(mail.replaceAll(/\s+/g, ' ')).toContain(
      'What the writer did: left out where it asks for dll.name, which the event does not have.',
    );
  });
  it('is not there where nothing of it can be filled in, and that is said', () => {
    const mail = mailOf(event, rule('now-1h', 'now', ['dll.name']));
    expect(mail).not.toContain('dll.name :');
    expect(mail.replaceAll(/\s+/g, ' ')).toContain('left out where it asks for dll.name');
  });
  it('and a block of Osquery has the value as one literal, within quotes or without', () => {
    const query = foreignRule(
      'registry where true',
      `note = '''## Triage\n\n- !{osquery{"label":"Rows","query":"SELECT 1 FROM t WHERE a = {{registry.value}} AND b LIKE '%{{ registry.value }}%'"}}\n'''`,
    );
    const odd = byReg({ value: "it's" });
    expect(mailOf(odd, query)).toContain("SELECT 1 FROM t WHERE a = 'it''s' AND b LIKE '%it''s%'");
  });
});
