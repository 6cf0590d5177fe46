import { reportIdOf } from '../alert/incident-texts.ts';
import { isWmi } from '../alert/persons.ts';
import { questionsOf } from '../alert/questions.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { writeLines } from '../incident/also-written.ts';
import { firstScreen, type RowName } from '../screen/first-screen.ts';
import { reportLink } from '../text/archive-locations.ts';
import type { Text } from '../text/text.ts';
import type { ChatCut } from './chat-cuts.ts';
import { chatLink, chatText } from './markdown.ts';

/** Part of the steps, or at the end of the list of what can be omitted. */
const ROWS: readonly (readonly [name: RowName, leftOutBy: ChatCut | null])[] = [
  ['runs', null],
  ['assessment', null],
  ['initiator', null],
  ['decoded', 'decoded'],
  ['value', 'value'],
  ['host', 'host'],
  ['when', 'when'],
  ['before', 'before'],
];

/** The first `most` further writes of an incident; the report has all. */
const MOST_ALSO = 5;
const LEAST_ALSO = 2;

/** The first screen in chat's own form: one line a row, with further lines indented. */
export function chatStory(context: RenderContext, cuts: ReadonlySet<ChatCut>): string {
  const { headline, rows } = firstScreen(context, false);
  // Of a repeat that it is one comes first, as in the mail.
  const order =
    context.alert.repeated === undefined
      ? ROWS
      : ROWS.toSorted(([a], [b]) => +(b === 'before') - +(a === 'before'));
  const lines = order.flatMap(([name, leftOutBy]) => {
    const row = rows.find(shown => shown.name === name);
    if (row === undefined || (leftOutBy !== null && cuts.has(leftOutBy))) return [];
    const more = cuts.has('details') && name !== 'assessment' ? [] : (row.more ?? []);
    return [`*${chatText([row.label])}* ${chatText(row.text)}`, ...more.map(chatText)];
  });
  const also = writeLines(context, cuts.has('details') ? LEAST_ALSO : MOST_ALSO).map(chatText);
  return [chatText(headline), ...lines, ...also].join('\n');
}

/** A step; `isLink`: it has no language but that of a label. */
export type ChatStep = { readonly text: string; readonly isLink: boolean };

/** What to do, in order; the same number of steps in every language. Names nothing that chat does not show. */
export function chatSteps(context: RenderContext, cuts: ReadonlySet<ChatCut>): readonly ChatStep[] {
  const { options, words } = context;
  const first = firstScreen(context, false).rows.find(({ name }) => name === 'first')!;
  const linked = cuts.has('links') ? [] : questionsOf(context).filter(({ link }) => link !== null);
  return [
    { text: chatText(first.text), isLink: false },
    ...linked.map(({ name, link }) => ({
      text: chatLink(
        link!,
        words.label(name === 'WHO' && !isWmi(context) ? 'chat.question.WHO-other' : `chat.question.${name}`),
        options.chatLinks,
      ),
      isLink: true,
    })),
    reportStep(),
  ];

  function reportStep(): ChatStep {
    const { archiveBucket, chatLinks, region } = options;
    if (archiveBucket === undefined) return { text: chatText(words.say('chat.next.mail')), isLink: false };
    const report = reportLink(archiveBucket, reportIdOf(context), region);
    const text: Text = words.say('chat.next.report', {
      place: typeof report === 'string' ? { code: report } : [],
    });
    return typeof report === 'string'
      ? { text: chatText(text), isLink: true }
      : { text: chatLink(report.link, words.label('chat.next.open'), chatLinks), isLink: true };
  }
}
