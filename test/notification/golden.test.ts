import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../functions/alert/notification/format/columns.ts';
import {
  type Message,
  renderAlert,
  renderNotice,
  renderNoticeReport,
  renderReport,
} from '../../functions/alert/notification/index.ts';
import { CASES } from './cases.ts';
import { OPTIONS } from './fixture.ts';
import { expectGolden, readable, removeStale } from './golden.ts';
import { LOCATION_ROWS } from './location-rows.ts';
import { KINDS, NOTICES } from './notices.ts';

const LOCALES = ['en', 'zh-CN'] as const;

describe.each(Object.keys(CASES))('the alert %s', name => {
  it.each(LOCALES)('is as recorded in %s', locale => {
    const alert = CASES[name]!();
    const options = { ...OPTIONS, locale, kibanaUrl: 'https://kibana.acme.example/s/soc' };
    const message = renderAlert(alert, options);
    const folder = `${name}/${locale}`;
    expectGolden(`${folder}/email.txt`, `Subject: ${message.subject}\n\n${message.email}`);
    expectGolden(`${folder}/chat.json`, readable(message.https));
    expectGolden(`${folder}/alert.json`, readable(message.default));
    expectGolden(`${folder}/report.html`, renderReport(alert, options));
    expectNarrow(message);
  });
});

describe.each(NOTICES)('the notice $name', ({ name, notice }) => {
  it.each(LOCALES)('is as recorded in %s', locale => {
    const message = renderNotice(notice, { ...OPTIONS, locale });
    const folder = `notice-${name}/${locale}`;
    expectGolden(`${folder}/email.txt`, `Subject: ${message.subject}\n\n${message.email}`);
    expectGolden(`${folder}/chat.json`, readable(message.https));
    expectGolden(`${folder}/notice.json`, readable(message.default));
    expectGolden(`${folder}/report.html`, renderNoticeReport(notice, { ...OPTIONS, locale }));
    expectNarrow(message);
  });
});

it.each(LOCALES)('the first lines at each of the 24 locations are as recorded in %s', locale => {
  const rows = LOCATION_ROWS.map(({ number, alert }) => {
    const { subject, email } = renderAlert(alert(), { ...OPTIONS, locale });
    return `${number}\nSubject: ${subject}\n${email.slice(0, email.indexOf('\n\n'))}\n`;
  });
  expect(rows).toHaveLength(24);
  expectGolden(`locations/${locale}.txt`, rows.join('\n'));
});

it('has a notice of every kind', () => {
  expect(new Set(NOTICES.map(({ notice }) => notice.kind))).toEqual(new Set(Object.keys(KINDS)));
});

it('has no folder that nothing records', () => {
  removeStale();
  const wanted = [
    ...Object.keys(CASES),
    ...NOTICES.map(({ name }) => `notice-${name}`),
    'locations',
    'README.md',
  ];
  expect(readdirSync('test/golden').toSorted()).toEqual(wanted.toSorted());
});

/** A line beyond 78 columns is one of a query or the exception, or holds one word that could not be broken. */
function expectNarrow({ email, default: document }: Message): void {
  const { told } = JSON.parse(document);
  const copied = new Set(textsIn(told).flatMap(text => text.split('\n').map(line => line.trim())));
  const wide = email.split('\n').filter(line => {
    const longest = Math.max(...line.trim().split(' ').map(widthOf));
    return widthOf(line) > 78 && !copied.has(line.trim()) && widthOf(line) - longest > 14;
  });
  expect(wide).toEqual([]);
}

/** Every text that stands in the e-mail to be copied. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (name === 'text' ? [member] : []) : textsIn(member),
  );
}
