import { withSuffix } from '../alert/subject-line.ts';
import type { Message } from '../message.ts';
import type { RenderOptions } from '../options.ts';
import type { Notice, NoticeRule } from './notice.ts';
import { noticeEn } from './notice-sentences.en.ts';
import { isUnread } from './notices-of-objects.ts';

type TitleSentence = Extract<keyof typeof noticeEn, `${string}.subject` | `${string}.subject-${string}`>;

/** The subject of a notice, in a few words. */
export function noticeTitle(notice: Notice, label: (sentence: TitleSentence) => string): string {
  const isFailure = notice.kind === 'canary' && notice.alerts !== 1;
  if (notice.kind === 'quarantine' && isUnread(notice)) return label('quarantine.subject-unread');
  return label(isFailure ? 'canary.subject-failed' : `${notice.kind}.subject`);
}

/** Constants only. */
export function noticeSubject(notice: Notice): string {
  return withSuffix(noticeTitle(notice, sentence => noticeEn[sentence]));
}

/** Kinds as used by filter policies; the attribute `notice` distinguishes the notices. */
export function kindOf({ kind }: Notice): 'digest' | 'held' | 'canary' | 'notice' {
  if (kind === 'backfill' || kind === 'held-digest') return 'digest';
  return kind === 'digest' || kind === 'held' || kind === 'canary' ? kind : 'notice';
}

export function noticeAttributes(
  notice: Notice,
  { locale }: RenderOptions,
  isTruncated: boolean,
): Message['attributes'] {
  const rule: NoticeRule | null = 'rule' in notice ? notice.rule : null;
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['kind', kindOf(notice)],
    ['notice', notice.kind],
    ['alertId', notice.id],
    ['ruleId', rule?.id],
    ['severity', rule?.severity],
    ['locale', locale],
    ['truncated', String(isTruncated)],
  ];
  return Object.fromEntries(
    texts.flatMap(([name, value]) => (value === undefined ? [] : [[name, { type: 'String', value }]])),
  );
}
