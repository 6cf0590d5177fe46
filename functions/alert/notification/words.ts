import { LOCALES, type Locale } from '../detection/index.ts';
import { en } from './sentences.en.ts';
import { zhCn } from './sentences.zh-cn.ts';
import { fill, type Piece, type Text } from './text.ts';

export type Sentence = keyof typeof en;

const TABLES: { readonly [locale in Locale]: { readonly [key in Sentence]: string } } = {
  en,
  'zh-CN': zhCn,
};

/** Says a sentence of the tables in one language. */
export type Say = (sentence: Sentence, values?: { readonly [name: string]: Text | Piece | number }) => Text;

export type Words = {
  readonly locale: Locale;
  readonly say: Say;
  /** A label or heading, which has nothing to fill in. */
  readonly label: (sentence: Sentence) => string;
  /** Between members of a list, and between clauses. */
  readonly comma: string;
  readonly clause: string;
};

export function wordsOf(locale: Locale): Words {
  const table = TABLES[locale];
  return {
    locale,
    say: (sentence, values = {}) => fill(table[sentence], values),
    label: sentence => table[sentence],
    comma: locale === 'en' ? ', ' : '、',
    clause: locale === 'en' ? ', ' : '，',
  };
}

/** The languages of a message, in order. */
export function localesOf(locale: Locale | 'both'): readonly Locale[] {
  return locale === 'both' ? LOCALES : [locale];
}
