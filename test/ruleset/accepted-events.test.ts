import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { acceptedBy } from '../../functions/alert/ruleset/exceptions.ts';
import { exception } from './rule-folder.ts';
import { GOOD, RUN, ruleWith } from './rule-with-exceptions.ts';

describe('what it accepts', () => {
  const rule = ruleWith(
    exception(GOOD) +
      exception(
        `host.id == "h-2" and registry.path == "${RUN}\\\\Shell" and registry.data.strings == "explorer.exe"`,
        { id: '"shell"' },
      ) +
      exception(
        `host.id == "h-3" and registry.path == "${RUN}\\\\Count" and registry.value == 1 and registry.data.strings == "0"`,
        { id: '"count"' },
      ),
  );
  const RUN_KEY = RUN.replaceAll('\\\\', '\\');
  const write = (id: string, value: string, strings: unknown) =>
    ({ host: { id }, registry: { path: `${RUN_KEY}\\${value}`, data: { strings } } }) as JsonObject;
  const event = (strings: unknown, more: JsonObject = {}) => ({ ...write('h-1', 'Agent', strings), ...more });
  const AGENT = 'C:\\Program Files\\X\\agent.exe';
  const NOW = Date.parse('2026-06-01');

  it.each([
    ['the event it was written for', event([AGENT])],
    ['a scalar in place of an array', event(AGENT)],
    ['the pattern in other letters', event(['c:\\program files\\x\\AGENT.EXE'])],
    ['two good strings', event(['C:\\Program Files\\X\\a.exe', 'C:\\Program Files\\X\\b.exe'])],
    ['a folder deeper', event(['C:\\Program Files\\X\\bin\\agent.exe -q'])],
  ])('accepted: %s', (_, document) => {
    expect(acceptedBy(rule, document, NOW)?.id).toBe('inventory-agent');
  });

  const shell = (data: string) => write('h-2', 'Shell', [data]);
  it.each([
    [
      'REG_MULTI_SZ with one good and one evil string',
      event(['C:\\Program Files\\X\\a.exe', 'C:\\Users\\Public\\e.exe']),
    ],
    ['a way out of the folder', event(['C:\\Program Files\\X\\..\\..\\Users\\Public\\e.exe'])],
    ['one step out', event(['C:\\Program Files\\X\\..\\e.exe'])],
    ['a way out at the end', event(['C:\\Program Files\\X\\a\\..\\e.exe'])],
    ['a second command by &', event(['C:\\Program Files\\X\\a.exe & b.exe'])],
    ['a second command by |', event(['C:\\Program Files\\X\\a.exe | b.exe'])],
    ['an escape by ^', event(['C:\\Program Files\\X\\a^.exe'])],
    ['a variable', event(['C:\\Program Files\\X\\%TEMP%\\a.exe'])],
    ['a list by comma', event(['C:\\Program Files\\X\\a.exe,evil.exe'])],
    ['a list by semicolon', event(['C:\\Program Files\\X\\a.exe;evil.exe'])],
    ['a slash', event(['C:\\Program Files\\X\\../../e.exe'])],
    ['a quote', event(['C:\\Program Files\\X\\a.exe" "C:\\e.exe'])],
    ['a single quote', event(["C:\\Program Files\\X\\a.exe' '"])],
    ['a line break', event(['C:\\Program Files\\X\\a.exe\nevil.exe'])],
    ['a NUL', event(['C:\\Program Files\\X\\a.exe\u0000evil.exe'])],
    ['no data', event([])],
    ['data null', event(null)],
    ['no host', event([AGENT], { host: {} })],
    ['another host', event([AGENT], { host: { id: 'h-9' } })],
    ['two hosts', event([AGENT], { host: { id: ['h-1', 'h-9'] } })],
    ['a second spelling of the host', event([AGENT], { 'host.id': 'h-9' })],
    ['a shell with company', shell('explorer.exe,evil.exe')],
    ['a shell in other letters', shell('Explorer.exe')],
  ])('still alerts: %s', (_, document) => {
    expect(acceptedBy(rule, document, NOW)).toBeNull();
  });

  it.each([
    ['1', '0', 'count'],
    [1, 0, 'count'],
    ['0001.0e0', '0', undefined],
    ['1.0', '0', undefined],
    ['1970-01-01T00:00:00.001Z', '0', undefined],
    ['1', '1970-01-01', undefined],
    ['1', '00', undefined],
    ['1', false, undefined],
  ])('an exact test takes a number by its text alone: value %o, data %o', (value, data, id) => {
    const path = `${RUN_KEY}\\Count`;
    const document: JsonObject = { host: { id: 'h-3' }, registry: { path, value, data: { strings: data } } };
    expect(acceptedBy(rule, document, NOW)?.id).toBe(id);
  });

  it('ends at the moment it names, by the time of the object', () => {
    const document = event([AGENT]);
    expect(acceptedBy(rule, document, Date.parse('2026-12-30T23:59:59.999Z'))?.id).toBe('inventory-agent');
    expect(acceptedBy(rule, document, Date.parse('2026-12-31T00:00:00.000Z'))).toBeNull();
  });
});
