import { dataLine } from '../alert/data-line.ts';
import { type NumberedQuery, withText } from '../alert/numbered-queries.ts';
import { askedHow, isWmi } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { verdictOf } from '../alert/verdict.ts';
import { filled } from '../guide/fill-guide.ts';
import { reportLocation } from '../text/archive-locations.ts';
import { code, data, duration, moment, type Text } from '../text/text.ts';
import type { ChatCut } from './chat-cuts.ts';
import { chatLink, chatText } from './markdown.ts';

/** What an alert says in chat, line by line. */
export function chatStory(context: RenderContext, cuts: ReadonlySet<ChatCut>): string {
  const { headline, rows } = verdictOf(context);
  const asked = context.words.say(`chat.${askedHow(context)}`, { asked: rows[1]!.text });
  const lines: readonly Text[] = [
    headline,
    effectLine(context),
    asked,
    ...(cuts.has('when') ? [] : [whenLine(context)]),
    ...(cuts.has('key') ? [] : [keyLine(context)]),
    ...(cuts.has('notes') ? [] : noteLines(context)),
  ];
  return (cuts.has('details') ? lines.slice(0, 3) : lines).map(chatText).join('\n');
}

function effectLine(context: RenderContext): Text {
  const { alert, words } = context;
  const { effect } = verdictOf(context);
  const shown = dataLine(context, 160);
  const location = alert.location?.text[words.locale];
  switch (effect.kind) {
    case 'may-run':
    case 'may-load':
      return words.say(`chat.${effect.kind}`, { data: shown, when: effect.text });
    case 'runs':
    case 'loads':
      return words.say(`chat.${effect.kind}`, {
        data: shown,
        when: filled(location?.when ?? '', context),
        who: filled(location?.asWhom ?? '', context),
      });
    case 'written':
      return words.say('chat.written', { data: shown, effect: effect.text });
    default:
      return effect.kind satisfies never;
  }
}

function whenLine({ alert, words }: RenderContext): Text {
  const { timestampMs } = alert.facts;
  const { uploadMs } = alert.lag;
  const at = timestampMs === null ? words.say('when.unknown') : [moment(new Date(timestampMs).toISOString())];
  const upload =
    uploadMs === null || uploadMs < 0
      ? []
      : [words.clause, ...words.say('chat.uploaded', { duration: duration(uploadMs, words.locale) })];
  return words.say('chat.when', { moment: [...at, ...upload] });
}

function keyLine({ alert: { facts }, words }: RenderContext): Text {
  const { hive, key, value } = facts.registry;
  return words.say('chat.key', {
    key: data(hive === '' ? key : `${hive}\\${key}`, 200),
    value: value === '' ? words.say('written.default-value') : [data(value, 80)],
  });
}

function noteLines({ alert: { facts, lag, rule }, words }: RenderContext): readonly Text[] {
  const { locale, say } = words;
  const notes = [
    ...(facts.isUserWritable ? [say('note.user-writable')] : []),
    ...(facts.isRemote ? [say('note.remote')] : []),
    ...(facts.owner.kind === 'mounted' && facts.owner.sid !== null ? [say('note.mounted')] : []),
    ...(lag.exceedsLookBack ? [say('when.missed', { lookBack: duration(rule.lookBackMs, locale) })] : []),
  ];
  return notes.map(note => say('chat.note', { note }));
}

/** A step; `isLink`: it has no language but that of a label. */
export type ChatStep = { readonly text: string; readonly isLink: boolean };

/** What to do, in order; the same number of steps in every language. */
export function chatSteps(context: RenderContext, cuts: ReadonlySet<ChatCut>): readonly ChatStep[] {
  const { alert, options, queries, words } = context;
  const { archiveBucket } = options;
  const hash = cuts.has('file-step') ? undefined : withText(queries.named('hash'));
  const all =
    archiveBucket === undefined
      ? words.say('chat.next.mail')
      : words.say('chat.next.all', { place: code(reportLocation(archiveBucket, alert.id)) });
  const prose = (text: Text): ChatStep => ({ text: chatText(text), isLink: false });
  return [
    prose(verdictOf(context).rows[2]!.text),
    ...queryStep('chat.next.did-it-run', withText(queries.named('did-it-run')), cuts.has('run-link')),
    ...(isWmi(context)
      ? queryStep('chat.next.remote', withText(queries.named('remote')), cuts.has('remote-link'))
      : []),
    ...(hash ? [prose(words.say('chat.next.file', { query: { query: hash.number } }))] : []),
    archiveBucket === undefined ? prose(all) : { text: chatText(all), isLink: true },
  ];

  function queryStep(
    sentence: 'chat.next.did-it-run' | 'chat.next.remote',
    query: NumberedQuery | undefined,
    withoutLink: boolean,
  ): readonly ChatStep[] {
    if (query === undefined) return [];
    const asked = chatText(words.say(sentence));
    const inMail = chatText(words.say('chat.next.in-mail', { query: { query: query.number } }));
    const link = query.variants.find(variant => variant.link !== undefined)?.link;
    return link === undefined || withoutLink
      ? [{ text: asked + words.gap + inMail, isLink: false }]
      : [{ text: asked + words.gap + chatLink(link, words.label('query.open')), isLink: true }];
  }
}
