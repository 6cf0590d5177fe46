import { LOCALES, type Locale } from '../../ruleset/index.ts';
import { en } from './sentences.en.ts';
import { zhCn } from './sentences.zh-cn.ts';
import { fill, type Piece, type Text, tidied } from './text.ts';

export type Sentence = keyof typeof en;

const TABLES: { readonly [locale in Locale]: { readonly [key in Sentence]: string } } = {
  en,
  'zh-CN': zhCn,
};

/** Words a sentence of the tables in one language. */
type Say = (sentence: Sentence, values?: { readonly [name: string]: Text | Piece | number }) => Text;

export type Words = {
  readonly locale: Locale;
  readonly say: Say;
  /** Spaces as the language sets them, after everything is filled in. */
  readonly set: (text: Text) => Text;
  /** A label or heading, which has nothing to fill in. */
  readonly label: (sentence: Sentence) => string;
  /** Between members of a list, and between clauses. */
  readonly comma: string;
  readonly clause: string;
  /** Between short steps on one line. */
  readonly listGap: string;
  /** Between two sentences. */
  readonly gap: string;
};

export function wordsOf(locale: Locale): Words {
  const table = TABLES[locale];
  const set = locale === 'en' ? (text: Text) => text : tidied;
  return {
    locale,
    set,
    say: (sentence, values = {}) => set(fill(table[sentence], values)),
    label: sentence => table[sentence],
    comma: locale === 'en' ? ', ' : '、',
    clause: locale === 'en' ? ', ' : '，',
    listGap: locale === 'en' ? '; ' : '；',
    gap: locale === 'en' ? ' ' : '',
  };
}

/** The languages of a message, in order. */
export function localesOf(locale: Locale | 'both'): readonly Locale[] {
  return locale === 'both' ? LOCALES : [locale];
}
