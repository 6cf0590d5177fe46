import { describe, expect, it } from 'vitest';
import { renderAlert } from '../../functions/alert/notification/index.ts';
import { type Guide, LOCALES, type Locale, type Rule } from '../../functions/alert/ruleset/index.ts';
import { CHECKLIST } from './checklist.ts';
import { alertOf, OPTIONS, RULE, runKeyEvent } from './fixture.ts';

/** The e-mail alone, line breaks undone: nobody needs the report for a number. */
function mail(locale: Locale, rule: Rule = RULE): string {
  const { email } = renderAlert(alertOf(runKeyEvent(), {}, rule), { ...OPTIONS, locale });
  return locale === 'en'
    ? email.replace(/\s+/g, ' ')
    : email.replace(/(?<=[^\x20-\x7e])\s+(?=[^\x20-\x7e])/g, '').replace(/\s+/g, ' ');
}

const missing = (text: string, locale: Locale): string[] =>
  CHECKLIST.filter(fact => !fact[locale].every(words => words.test(text))).map(({ number }) => number);

describe.each(LOCALES)('the rule, as published, is complete in %s', locale => {
  it('with every one of its numbers', () => {
    expect(missing(mail(locale), locale)).toEqual([]);
  });

  const steps = RULE.guides[locale]!.sections.flatMap(section => section.steps.map(step => step.number));

  it.each(steps)('and step %s cannot go unnoticed', number => {
    const text = mail(locale, { ...RULE, guides: { ...RULE.guides, [locale]: without(number) } });
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
