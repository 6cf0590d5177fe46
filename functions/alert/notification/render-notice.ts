import { plain, wrap } from './columns.ts';
import { BETWEEN_LANGUAGES, emailText, rowLines } from './email.ts';
import { chatText } from './markdown.ts';
import type { Message } from './message.ts';
import type { Notice, NoticeRule } from './notice.ts';
import { noticeEn } from './notice-sentences.en.ts';
import { noticeStory } from './notice-story.ts';
import { noticeWordsOf } from './notice-words.ts';
import type { RenderOptions } from './options.ts';
import { type Plain, safeJson } from './safe-json.ts';
import { withSuffix } from './subject.ts';
import { localesOf } from './words.ts';

/** What one `Publish` of a notice carries: the same care, in the same carriers. */
export function renderNotice(notice: Notice, options: RenderOptions): Message {
  const stories = localesOf(options.locale).map(locale => {
    const told = noticeWordsOf(locale);
    return { told, story: noticeStory(notice, told) };
  });
  const subject = subjectOf(notice);
  const emails = stories.map(({ told, story }) =>
    emailText(
      [wrap(story.headline, '', '  '), rowLines([{ label: told.label('first'), text: story.first }], '', 10)],
      [
        {
          name: 'what',
          heading: told.label('section.what'),
          blocks: [{ kind: 'rows', rows: story.rows }],
        },
      ],
      told.words,
    ),
  );
  return {
    subject,
    email: emails.join(BETWEEN_LANGUAGES),
    https: safeJson({
      version: '1.0',
      source: 'custom',
      id: notice.id,
      content: {
        textType: 'client-markdown',
        title: stories.map(({ told }) => `*${chatText([titleOf(notice, told.label)])}*`).join(' / '),
        description: stories.map(({ story }) => chatDescription(story)).join('\n\n'),
        nextSteps: stories.map(({ story }) => chatText(story.first)),
        keywords: ['notice', notice.kind],
      },
      metadata: {
        threadId: options.sha256(`notice ${notice.kind} ${notice.id}`).slice(0, 40),
        summary: subject,
        eventType: `registry-alert-${notice.kind}`,
        enableCustomActions: false,
      },
    }),
    default: safeJson({
      ...documentOf(notice),
      told: Object.fromEntries(
        stories.map(({ told, story }) => [
          told.words.locale,
          { headline: plain(story.headline), first: plain(story.first) },
        ]),
      ),
    }),
    attributes: attributesOf(notice, options),
    cut: [],
  };
}

function chatDescription({ headline, rows }: ReturnType<typeof noticeStory>): string {
  const lines = rows
    .slice(0, -1)
    .map(({ label, text, more = [] }) =>
      [`*${chatText([label])}* ${chatText(text)}`, ...more.map(line => `  ${chatText(line)}`)].join('\n'),
    );
  return cutLines([chatText(headline), ...lines], LONGEST_CHAT);
}

const LONGEST_CHAT = 2_400;

/** Whole lines, as many as fit; a line cut in a code span would leave it open. */
function cutLines(lines: readonly string[], most: number): string {
  const shown: string[] = [];
  let length = 0;
  for (const line of lines.flatMap(text => text.split('\n'))) {
    length += line.length + 1;
    if (length > most) return [...shown, '…'].join('\n');
    shown.push(line);
  }
  return shown.join('\n');
}

type TitleSentence = Extract<keyof typeof noticeEn, `${string}.subject` | `${string}.subject-failed`>;

function titleOf(notice: Notice, label: (sentence: TitleSentence) => string): string {
  const failed = notice.kind === 'canary' && notice.alerts !== 1;
  return label(failed ? 'canary.subject-failed' : `${notice.kind}.subject`);
}

function subjectOf(notice: Notice): string {
  return withSuffix(titleOf(notice, sentence => noticeEn[sentence]));
}

/** The kinds that filter policies know; `notice` tells the notices apart. */
function attributesOf(notice: Notice, { locale }: RenderOptions): Message['attributes'] {
  const kind = ['digest', 'held', 'canary'].includes(notice.kind) ? notice.kind : 'notice';
  const rule: NoticeRule | null = 'rule' in notice ? notice.rule : null;
  const texts: readonly (readonly [string, string])[] = [
    ['kind', kind],
    ['notice', notice.kind],
    ['alertId', notice.id],
    ...(rule === null
      ? []
      : ([
          ['ruleId', rule.id],
          ['severity', rule.severity],
        ] as const)),
    ['locale', locale],
    ['truncated', 'false'],
  ];
  return Object.fromEntries(texts.map(([name, value]) => [name, { type: 'String', value }]));
}

/** The notice as data; of a rule, what names it. */
function documentOf(notice: Notice): { readonly [key: string]: Plain } {
  const { id, kind, ...rest } = notice;
  const document: { [key: string]: Plain } = {
    id,
    kind: ['digest', 'held', 'canary'].includes(kind) ? kind : 'notice',
    notice: kind,
  };
  for (const [name, value] of Object.entries(rest)) {
    if (name === 'rule') {
      const { id, name, severity, riskScore, folder } = value as NoticeRule;
      document['rule'] = { id, name: name.en, severity, risk_score: riskScore, folder };
    } else document[name] = value as Plain;
  }
  return document;
}
