import type { Locale } from '../../ruleset/index.ts';
import { fill, type Piece, type Text } from '../text/text.ts';
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
};

export function noticeWordsOf(locale: Locale): NoticeWords {
  const table: { readonly [sentence in NoticeSentence]: string } = TABLES[locale];
  return {
    words: wordsOf(locale),
    say: (sentence, values = {}) => fill(table[sentence], values),
    label: sentence => table[sentence],
  };
}
