import type { ObjectIdentity } from '../../detection/index.ts';
import type { ChatNotification } from '../format/chat.ts';
import { plain, rowLines, wrap } from '../format/columns.ts';
import { BETWEEN_LANGUAGES, emailText } from '../format/email.ts';
import { chatText } from '../format/markdown.ts';
import { type Plain, safeJson } from '../format/safe-json.ts';
import { briefDocument, type Message } from '../message.ts';
import type { RenderOptions } from '../options.ts';
import { localesOf } from '../text/words.ts';
import type { Notice, NoticeRule } from './notice.ts';
import { kindOf, noticeAttributes, noticeSubject, noticeTitle } from './notice-attributes.ts';
import type { NoticeStory } from './notice-rows.ts';
import { noticeStory } from './notice-story.ts';
import { type NoticeWords, noticeWordsOf } from './notice-words.ts';

/** More runs of record numbers than this do not fit with the rest: about forty bytes each. */
const MOST_RUNS = 4_000;

/** The content of one `Publish` of a notice, in the same forms as an alert and within the same limits. */
export function renderNotice(notice: Notice, options: RenderOptions): Message {
  const contexts = localesOf(options.locale).map((locale): WordedNotice => {
    const wording = noticeWordsOf(locale, options.timeZone);
    return { wording, story: noticeStory(notice, wording) };
  });
  const cut = notice.kind === 'digest' && notice.records.length > MOST_RUNS ? ['records'] : [];
  const chat = chatOf(notice, contexts, options);
  const document = jsonDocument(notice, contexts, cut);
  const { title, description } = chat.content;
  return {
    subject: noticeSubject(notice),
    email: contexts.map(emailOf).join(BETWEEN_LANGUAGES),
    https: safeJson(chat),
    default: safeJson(document),
    attributes: noticeAttributes(notice, options, cut.length > 0),
    brief: { title, description, document: briefDocument(document) },
    cut,
  };
}

type WordedNotice = { readonly wording: NoticeWords; readonly story: NoticeStory };

function emailOf({ wording, story: { headline, first, rows } }: WordedNotice): string {
  const firstLine = rowLines([{ label: wording.label('first'), text: first }], '', 10);
  const what = {
    name: 'what',
    heading: wording.label('section.what'),
    blocks: [{ kind: 'rows', rows }],
  } as const;
  return emailText([wrap(headline, '', '  '), firstLine], [what], wording.words);
}

function chatOf(
  notice: Notice,
  contexts: readonly WordedNotice[],
  { sha256 }: RenderOptions,
): ChatNotification {
  const most = Math.floor(LONGEST_STORY / contexts.length);
  return {
    version: '1.0',
    source: 'custom',
    id: notice.id,
    content: {
      textType: 'client-markdown',
      title: contexts.map(({ wording }) => `*${chatText([noticeTitle(notice, wording.label)])}*`).join(' / '),
      description: contexts.map(({ story }) => chatStory(story, most)).join('\n\n'),
      nextSteps: contexts.map(({ story }) => chatText(story.first)),
      keywords: ['notice', notice.kind],
    },
    metadata: {
      threadId: sha256(`notice ${notice.kind} ${notice.id}`).slice(0, 40),
      summary: noticeSubject(notice),
      eventType: `registry-alert-${notice.kind}`,
      enableCustomActions: false,
    },
  };
}

const LONGEST_STORY = 2_200;

/** Whole lines, as many as fit: a line cut within a code span would leave it open. The id of the notice is metadata. */
function chatStory({ headline, rows }: NoticeStory, most: number): string {
  const lines = rows
    .slice(0, -1)
    .flatMap(({ label, text, more = [] }) => [
      `*${chatText([label])}* ${chatText(text)}`,
      ...more.map(line => `  ${chatText(line)}`),
    ]);
  const shown: string[] = [chatText(headline)];
  let length = shown[0]!.length;
  for (const line of lines) {
    length += line.length + 1;
    if (length > most) return [...shown, '…'].join('\n');
    shown.push(line);
  }
  return shown.join('\n');
}

/** The notice as data, with what identifies its rule. */
function jsonDocument(notice: Notice, contexts: readonly WordedNotice[], cut: readonly string[]) {
  const { id, kind, ...rest } = notice;
  const members = Object.entries(rest).map(([name, value]): [string, Plain] => {
    if (name === 'object') return [name, shortened(shownObject(value as ObjectIdentity))];
    if (name !== 'rule') return [name, shortened(value as Plain)];
    const { id: ruleId, name: names, severity, riskScore, folder } = value as NoticeRule;
    return [name, { id: ruleId, name: names.en, severity, risk_score: riskScore, folder }];
  });
  return {
    id,
    kind: kindOf(notice),
    notice: kind,
    ...Object.fromEntries(members),
    told: Object.fromEntries(
      contexts.map(({ wording, story: { headline, first } }) => [
        wording.words.locale,
        { headline: plain(headline), first: plain(first) },
      ]),
    ),
    truncated: cut.length > 0,
    cut,
  };
}

const shownObject = ({ bucket, key, versionId, lastModified }: ObjectIdentity): Plain => ({
  bucket,
  key,
  versionId,
  lastModified,
});

/** Nothing real is longer: a bucket, a key and a version have up to 1,024 bytes. */
const LONGEST_TEXT = 1_024;

function shortened(value: Plain): Plain {
  if (typeof value === 'string') return value.slice(0, LONGEST_TEXT);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.slice(0, MOST_RUNS).map(shortened);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, member === undefined ? null : shortened(member)]),
  );
}
