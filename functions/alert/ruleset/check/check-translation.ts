import { numbersOf } from '../guide/guide.ts';
import type { Rule } from '../rule/rule.ts';

/** What a reader of Chinese would miss in a rule that has a Chinese guide; a sentence each. */
export function translationGaps(rule: Rule): string[] {
  const { en, 'zh-CN': zh } = rule.guides;
  if (!zh) return [];
  // A guide made of the rule's note has no numbers.
  const english = en ? numbersOf(en).filter(number => number !== '') : [];
  const chinese = english.length === 0 ? [] : numbersOf(zh);
  const texts: readonly (readonly [string, string])[] = [
    ['rule.toml: the name in [registry_alert.zh-CN]', rule.name['zh-CN']],
    ...zh.sections.flatMap(({ number, heading, steps }) => [
      [`guide.zh-CN.md: ${number}`, heading] as const,
      ...steps.map(step => [`guide.zh-CN.md: ${step.number}`, step.text] as const),
    ]),
    ...rule.locations.map(
      ({ number, text: { 'zh-CN': text } }) =>
        [
          `locations.toml: location ${number}`,
          [text.what, text.when, text.asWhom].find(isUntranslated) ?? '',
        ] as const,
    ),
  ];
  return [
    ...english
      .filter(number => !chinese.includes(number))
      .map(number => `guide.zh-CN.md has no step ${number}, which guide.en.md has`),
    ...chinese
      .filter(number => !english.includes(number))
      .map(number => `guide.en.md has no step ${number}, which guide.zh-CN.md has`),
    ...texts.filter(([, text]) => isUntranslated(text)).map(([where]) => `${where} is not in Chinese`),
  ];
}

/** Whether a text has a word in lower case and no Chinese. Names, code spans and placeholders need no translation. */
export function isUntranslated(text: string): boolean {
  const words = text.replaceAll(/`[^`]*`|\{\{[^{}]*\}\}/g, '');
  return /(?<!\S)[a-z]{2,}(?![^\s,;:.?!])/.test(words) && !/\p{Script=Han}/u.test(words);
}
