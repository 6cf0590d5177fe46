import { describe, expect, it } from 'vitest';
import { discoverLink } from '../../functions/alert/notification/queries/kibana-link.ts';
import { pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { kql } from '../../functions/alert/notification/queries/query-literals.ts';
import { HOSTILE } from './hostile-texts.ts';
import { pivotAlert } from './pivot-fixture.ts';

type Rison = string | { readonly [key: string]: Rison };

/** Rison as far as a link needs it: objects, words and strings. */
function readRison(text: string): Rison {
  let at = 0;
  const read = (): Rison => {
    if (text[at] === '(') {
      const members: [string, Rison][] = [];
      at++;
      while (text[at] !== ')') {
        if (members.length > 0 && text[at++] !== ',') throw new Error(`Rison: no comma at ${at} in ${text}`);
        const end = text.indexOf(':', at);
        const key = text.slice(at, end);
        at = end + 1;
        members.push([key, read()]);
      }
      at++;
      return Object.fromEntries(members);
    }
    if (text[at] === "'") {
      let value = '';
      for (at++; text[at] !== "'"; at++) {
        if (text[at] === '!') at++;
        if (at >= text.length) throw new Error(`Rison: no end in ${text}`);
        value += text[at];
      }
      at++;
      return value;
    }
    const word = /^[a-z]+/.exec(text.slice(at))?.[0];
    if (word === undefined) throw new Error(`Rison: nothing at ${at} in ${text}`);
    at += word.length;
    return word;
  };
  const value = read();
  if (at !== text.length) throw new Error(`Rison: left over at ${at} in ${text}`);
  return value;
}

/** What Kibana reads out of a link. */
function read(link: string) {
  const { origin, pathname, hash } = new URL(link);
  const parameters = new URLSearchParams(hash.slice(hash.indexOf('?') + 1));
  return {
    page: `${origin}${pathname}${hash.slice(0, hash.indexOf('?'))}`,
    global: readRison(parameters.get('_g')!),
    app: readRison(parameters.get('_a')!),
  };
}

const RANGE = { from: '2026-11-24T02:46:51.283Z', to: '2026-11-25T02:46:51.283Z' };

describe('a link to Discover', () => {
  it.each(HOSTILE)('decodes to exactly the query and its range: %j', text => {
    const query = `a : ${kql(text).text} and it's : "!"`;
    const link = discoverLink(
      'https://kibana.example/s/soc',
      query,
      RANGE,
      'logs-endpoint.events.process-*',
    )!;
    expect(link).toMatch(/^[A-Za-z0-9:/.?#&=_%~-]+$/);
    expect(read(link)).toEqual({
      page: 'https://kibana.example/s/soc/app/discover#/',
      global: { time: RANGE },
      app: { index: 'logs-*', query: { language: 'kuery', query } },
    });
  });

  it.each([
    ['https://kibana.example', 'logs-system.security-*', 'logs-*'],
    ['https://kibana.example/s/soc/', '.alerts-security.alerts-*', 'security-solution-soc'],
    ['https://kibana.example:5601/base', 'endgame-*', 'security-solution-default'],
  ])('from %s to %s opens the data view %s', (base, index, view) => {
    const { page, app } = read(discoverLink(base, 'a : "b"', RANGE, index)!);
    expect(page).toBe(`${base.replace(/\/$/, '')}/app/discover#/`);
    expect(app).toMatchObject({ index: view });
  });

  it('is left out over 2,000 characters', () => {
    const length = (count: number) =>
      discoverLink('https://k.example', 'a'.repeat(count), RANGE, 'logs-*')?.length;
    const fixed = length(0)!;
    expect(length(2000 - fixed)).toBe(2000);
    expect(length(2001 - fixed)).toBeUndefined();
  });

  it('goes with every KQL query of an alert, with no other, and only where an address is set', () => {
    const all = pivots(pivotAlert(), 'en', { kibanaUrl: 'https://kibana.example/s/soc' });
    for (const { language, link, text, range } of all) {
      expect([language, link !== undefined]).toEqual([language, language === 'KQL']);
      if (link)
        expect(read(link)).toMatchObject({ global: { time: range }, app: { query: { query: text } } });
    }
    expect(pivots(pivotAlert(), 'en').some(({ link }) => link !== undefined)).toBe(false);
  });
});
