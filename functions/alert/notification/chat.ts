import { filled } from './guide-filled.ts';
import { chatLink, chatText } from './markdown.ts';
import { hostOf, isWmi } from './persons.ts';
import { reportPlace } from './places.ts';
import type { NumberedQuery } from './queries.ts';
import { whatHappened } from './subject.ts';
import type { Telling } from './telling.ts';
import { code, data, duration, moment, type Text } from './text.ts';
import { dataLine, verdictOf } from './verdict.ts';

/** An Amazon Q custom notification. */
export type ChatNotification = {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly enableCustomActions: boolean;
  };
};

/** The parts of the chat message in one language. */
export function chatOf(telling: Telling): { description: string; nextSteps: readonly string[] } {
  const { alert, words } = telling;
  const { say } = words;
  const { headline, effect, rows } = verdictOf(telling);
  const [, asked, first] = rows;
  const shown = dataLine(telling, 160);
  const location = alert.location?.text[words.locale];
  const sentence: Text =
    effect.kind === 'written' || location === undefined
      ? say('chat.written', { data: shown, effect: effect.text })
      : effect.kind.startsWith('may')
        ? say(effect.kind === 'may-run' ? 'chat.may-run' : 'chat.may-load', {
            data: shown,
            when: effect.text,
          })
        : say(effect.kind === 'loads' ? 'chat.loads' : 'chat.runs', {
            data: shown,
            when: filled(location.when, telling),
            who: filled(location.asWhom, telling),
          });
  const by = say(isWmi(telling) ? 'chat.asked' : 'chat.by', { asked: asked!.text });
  const lines = [headline, sentence, by, whenOf(telling), keyOf(telling), ...notesOf(telling)];
  return {
    description: lines.map(chatText).join('\n'),
    nextSteps: [chatText(first!.text), ...stepsOf(telling)],
  };
}

function whenOf({ alert, words }: Telling): Text {
  const { timestampMs } = alert.facts;
  const { uploadMs } = alert.lag;
  const at = timestampMs === null ? words.say('when.unknown') : [moment(new Date(timestampMs).toISOString())];
  const upload =
    uploadMs === null || uploadMs < 0
      ? []
      : [words.comma, ...words.say('chat.uploaded', { duration: duration(uploadMs, words.locale) })];
  return [...words.say('chat.when', { moment: at }), ...upload];
}

function keyOf({ alert: { facts }, words }: Telling): Text {
  const { hive, key, value } = facts.registry;
  return words.say('chat.key', {
    key: data(hive === '' ? key : `${hive}\\${key}`, 200),
    value: value === '' ? words.say('written.default-value') : data(value, 80),
  });
}

function notesOf({ alert: { facts, lag, rule }, words }: Telling): readonly Text[] {
  const notes = [
    ...(facts.isUserWritable ? [words.say('note.user-writable')] : []),
    ...(facts.isRemote ? [words.say('note.remote')] : []),
    ...(facts.owner.kind === 'mounted' && facts.owner.sid !== null ? [words.say('note.mounted')] : []),
    ...(lag.exceedsLookBack
      ? [words.say('when.missed', { lookBack: duration(rule.lookBackMs, words.locale) })]
      : []),
  ];
  return notes.map(note => words.say('chat.note', { note }));
}

function stepsOf(telling: Telling): readonly string[] {
  const { alert, options, queries, words } = telling;
  const ask = (
    sentence: 'chat.next.did-it-run' | 'chat.next.remote',
    query: NumberedQuery | undefined,
  ): readonly string[] => {
    if (query === undefined || query.variants.every(({ text }) => text === null)) return [];
    const link = query.variants.find(variant => variant.link !== undefined)?.link;
    const mail = chatText(words.say('chat.next.in-mail', { query: query.number }));
    const place = link === undefined ? mail : `${chatLink(link, words.label('query.open'))} (${mail})`;
    return [chatText(words.say(sentence, { link: '\0' })).replace('\0', () => place)];
  };
  const hash = queries.named('hash').find(({ variants }) => variants.some(({ text }) => text !== null));
  const { archiveBucket } = options;
  const all =
    archiveBucket === undefined
      ? words.say('chat.next.mail')
      : words.say('chat.next.all', { place: code(reportPlace(archiveBucket, alert.id)) });
  return [
    ...ask('chat.next.did-it-run', queries.named('did-it-run')[0]),
    ...(isWmi(telling) ? ask('chat.next.remote', queries.named('remote')[0]) : []),
    ...(hash ? [chatText(words.say('chat.next.file', { query: hash.number }))] : []),
    chatText(all),
  ];
}

/** The whole notification; what belongs together, duplicates too, folds into one thread. */
export function chatNotification(tellings: readonly Telling[]): ChatNotification {
  const { alert, options } = tellings[0]!;
  const parts = tellings.map(chatOf);
  const { rule, facts, location } = alert;
  const thread = [
    rule.id,
    facts.hostId ?? facts.hostName ?? '',
    facts.requester.entityId ?? facts.requester.executable ?? '',
  ];
  const techniques = [
    ...(location === null ? [] : [location.technique.id]),
    ...rule.threats.flatMap(({ techniques }) =>
      techniques.flatMap(({ id, subtechniques }) =>
        subtechniques.length > 0 ? subtechniques.map(sub => sub.id) : [id],
      ),
    ),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id: alert.id,
    content: {
      textType: 'client-markdown',
      title: tellings.map(titleOf).join(' / '),
      description: parts.map(({ description }) => description).join('\n\n'),
      nextSteps: parts.flatMap(({ nextSteps }) => nextSteps).slice(0, 10),
      keywords: [...new Set(techniques)].slice(0, 9).concat('persistence'),
    },
    metadata: {
      threadId: options.sha256(thread.map(part => `${part.length}:${part}`).join('')).slice(0, 40),
      summary: `[${rule.severity}] ${whatHappened(alert)}`,
      eventType: 'registry-alert',
      enableCustomActions: false,
    },
  };
}

/** The title: severity, what was written, and the host whatever its letters. */
function titleOf(telling: Telling): string {
  const { alert, words } = telling;
  const { location, rule } = alert;
  const values = { severity: words.label(`severity.${rule.severity}`), host: hostOf(telling) };
  return chatText(
    location === null
      ? words.say('chat.title-other', { ...values, rule: rule.name[words.locale] })
      : words.say('chat.title', { ...values, what: location.text[words.locale].subject }),
  );
}
