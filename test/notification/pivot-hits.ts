import { expect } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import type { PivotName } from '../../functions/alert/notification/queries/pivots.ts';
import { ask, type Differences } from './pivot-fixture.ts';
import { isKqlHit, readKql } from './query-readers/kql.ts';

type Document = { readonly [field: string]: string | readonly string[] };

/** Documents of the alert's host, a quarter of an hour after its event. */
export const HOST = '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11';
export const base = { 'host.id': HOST, 'host.name': 'FIN-WS-042', '@timestamp': '2026-11-24T03:00:00.000Z' };
export const change = { ...base, 'event.category': 'registry', 'event.type': 'change' };

/** Readers of the queries of an index: EQL is read by the engine of the rules. */
const READERS: { readonly [language in 'KQL' | 'EQL']: (text: string) => (document: Document) => boolean } = {
  KQL: text => {
    const query = readKql(text);
    return document => isKqlHit(query, document);
  },
  EQL: text => compileQuery(text, { readField }).matches,
};

/** In each language, one of the queries of that name finds each of `hits`, and none finds one of `misses`. */
export function check(
  differences: Differences,
  name: PivotName,
  hits: readonly Document[],
  misses: readonly Document[] = [],
  languages: readonly (keyof typeof READERS)[] = ['KQL', 'EQL'],
): void {
  for (const language of languages) {
    const queries = ask(differences, name, language).flatMap(({ text }) =>
      text === null ? [] : [READERS[language](text)],
    );
    expect(language === 'EQL' || queries.length > 0).toBe(true);
    if (queries.length === 0) continue;
    const found = (document: Document) => queries.some(query => query(document));
    expect([language, hits.filter(hit => !found(hit)), misses.filter(found)]).toEqual([language, [], []]);
  }
}
