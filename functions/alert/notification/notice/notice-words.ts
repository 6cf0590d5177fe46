import type { Locale } from '../../ruleset/index.ts';
import { fill, moment, type Piece, type Text } from '../text/text.ts';
import { type Words, wordsOf } from '../text/words.ts';
import { noticeEn } from './notice-sentences.en.ts';
import { noticeZhCn } from './notice-sentences.zh-cn.ts';

export type NoticeSentence = keyof typeof noticeEn;

const TABLES = { en: noticeEn, 'zh-CN': noticeZhCn } as const;

/** The words of notices, and of alerts where both say the same. */
export type NoticeWords = {
  readonly words: Words;
  readonly say: (
    sentence: NoticeSentence,
    values?: { readonly [name: string]: Text | Piece | number },
  ) => Text;
  readonly label: (sentence: NoticeSentence) => string;
  /** An ISO time in UTC, and in the readers' time zone if there is one. */
  readonly time: (iso: string) => Text;
};

export function noticeWordsOf(locale: Locale, timeZone?: string): NoticeWords {
  const table: { readonly [sentence in NoticeSentence]: string } = TABLES[locale];
  const words = wordsOf(locale);
  return {
    words,
    time: iso => words.zoned([moment(iso)], Date.parse(iso), timeZone),
    say: (sentence, values = {}) => words.set(fill(table[sentence], values)),
    label: sentence => table[sentence],
  };
}
