import { expect } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import type { Rule } from '../../functions/alert/ruleset/index.ts';
import { alertOf, OPTIONS } from './fixture.ts';
import { readPage } from './html-reader.ts';

/** Everything that a reader of an alert is shown, by carrier and language. */
function carriersOf(event: JsonObject, rule: Rule): readonly (readonly [carrier: string, text: string])[] {
  const alert = alertOf(event, {}, rule);
  return (['en', 'zh-CN'] as const).flatMap(locale => {
    const options = { ...OPTIONS, locale };
    const { subject, email, https } = renderAlert(alert, options);
    const bare = renderAlert(alert, { ...options, archiveBucket: undefined }).email;
    const page = readPage(renderReport(alert, options)).text;
    return [
      [`${locale} subject`, subject],
      [`${locale} mail`, email],
      [`${locale} mail without an archive`, bare],
      [`${locale} chat`, Object.values(JSON.parse(https).content).flat().join('\n')],
      [`${locale} page`, page],
    ] as const;
  });
}

/** What holds for every rule: no placeholder, WMI only where it wrote, every group of every provider accounted for. */
export function checkCarriers(event: JsonObject, rule: Rule): void {
  const text = JSON.stringify(event);
  for (const [carrier, shown] of carriersOf(event, rule)) {
    expect([carrier, shown]).toEqual([carrier, expect.not.stringMatching(/\{\{|\}\}|undefined|\[object/)]);
    const ours = shown.replaceAll(/T1047[^|\n]*(\n[^|\n]*)?/g, '');
    if (
      !/wmiprvse/i.test(text) &&
      !/WMI/.test(rule.queryText + JSON.stringify([rule.guides, rule.name, rule.description]))
    )
      expect([carrier, ours]).toEqual([carrier, expect.not.stringMatching(/WMI|WmiPrvSE|winmgmt/)]);
    if (!/subject|chat/.test(carrier))
      expect(shown).toMatch(new RegExp(`(version|版本)\\s+${rule.version}\\b`));
    if (!carrier.includes('page')) continue;
    const flat = shown.replaceAll(/\s+/g, '');
    for (const reference of rule.references) expect(flat).toContain(reference.replaceAll(/\s+/g, ''));
    const queries = (rule.guides.en?.sections ?? []).flatMap(({ steps }) =>
      steps.flatMap(({ query }) => query ?? []),
    );
    for (const { label, investigate } of queries) {
      expect(flat).toContain(label.replaceAll(/\s+/g, ''));
      for (const group of investigate?.groups ?? []) {
        const fields = Array.from(group.matchAll(/\{\{([^}]+)\}\}/g), match => match[1]!);
        const [fixed = ''] = group.split('{{');
        const isThere =
          flat.includes(fixed.replaceAll(/\s+/g, '')) || fields.some(field => flat.includes(field));
        expect([label, group, isThere]).toEqual([label, group, true]);
      }
    }
  }
}
