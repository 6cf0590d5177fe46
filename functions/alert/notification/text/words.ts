import { LOCALES, type Locale } from '../../ruleset/index.ts';
import { en } from './sentences.en.ts';
import { zhCn } from './sentences.zh-cn.ts';
import { fill, localTime, type Piece, type Text, tidied } from './text.ts';

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
  /** A time in UTC with the local one after it, unless `timeZone` is missing or UTC itself. */
  readonly zoned: (utc: Text, ms: number, timeZone: string | undefined) => Text;
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
  const say: Say = (sentence, values = {}) => set(fill(table[sentence], values));
  return {
    locale,
    set,
    say,
    zoned: (utc, ms, timeZone) =>
      timeZone === undefined || Number.isNaN(ms) || /^(Etc\/)?(UTC|GMT|UCT|Zulu)$/i.test(timeZone)
        ? utc
        : say('when.local', { utc, local: localTime(ms, timeZone), zone: timeZone }),
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
