import { describe, expect, it } from 'vitest';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { type Guide, LOCALES, type Locale, type Rule } from '../../functions/alert/ruleset/index.ts';
import { CHECKLIST } from './checklist.ts';
import { alertOf, OPTIONS, RULE, runKeyEvent } from './fixture.ts';
import { readPage } from './html-reader.ts';

/** All that a reader finds of one alert: its e-mail and its report, line breaks undone. */
function everything(locale: Locale, rule: Rule = RULE): string {
  const alert = alertOf(runKeyEvent(), {}, rule);
  const { email } = renderAlert(alert, { ...OPTIONS, locale });
  const report = readPage(renderReport(alert, { ...OPTIONS, locale })).text;
  const unbroken = (text: string): string =>
    locale === 'en'
      ? text.replace(/\s+/g, ' ')
      : text.replace(/(?<=[^\x20-\x7e])\s+(?=[^\x20-\x7e])/g, '').replace(/\s+/g, ' ');
  return `${unbroken(email)}\n${unbroken(report)}`;
}

const missing = (text: string, locale: Locale): string[] =>
  CHECKLIST.filter(fact => !fact[locale].every(words => words.test(text))).map(({ number }) => number);

describe.each(LOCALES)('the rule, as published, is told in %s', locale => {
  it('with every one of its numbers', () => {
    expect(missing(everything(locale), locale)).toEqual([]);
  });

  const steps = RULE.guides[locale]!.sections.flatMap(section => section.steps.map(step => step.number));

  it.each(steps)('and step %s cannot go unnoticed', number => {
    const text = everything(locale, { ...RULE, guides: { ...RULE.guides, [locale]: without(number) } });
    expect(missing(text, locale)).toContain(number);
  });

  function without(number: string): Guide {
    return {
      sections: RULE.guides[locale]!.sections.map(section => ({
        ...section,
        steps: section.steps.filter(step => step.number !== number),
      })),
    };
  }
});

it('has every number of the list', () => {
  const letters = Object.fromEntries(
    Object.entries(Object.groupBy(CHECKLIST, ({ number }) => number[0]!)).map(([letter, facts]) => [
      letter,
      facts!.length,
    ]),
  );
  expect(letters).toEqual({ M: 20, G: 6, I: 30, F: 2, R: 18, E: 6, A: 8 });
  expect(new Set(CHECKLIST.map(({ number }) => number)).size).toBe(CHECKLIST.length);
});
