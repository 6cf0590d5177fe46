import type { FiredIndicator } from '../../detection/index.ts';
import { rowLines, wrap } from '../format/columns.ts';
import { filled } from '../guide/fill-guide.ts';
import { actOf } from '../queries/event-act.ts';
import { reportLink } from '../text/archive-locations.ts';
import { eventTexts } from '../text/event-texts.ts';
import { data, duration, joined, localTime, moment, type Text } from '../text/text.ts';
import { dataLines } from './data-line.ts';
import { type Effect, effectOf } from './effect.ts';
import { continuesTexts, reportIdOf } from './incident-texts.ts';
import { accountOf, hostOf, hostRow, initiatorOf, isWmi, ownerOf } from './persons.ts';
import type { RenderContext } from './render-context.ts';
import type { Row } from './section.ts';

type ScreenRow = Row & { readonly name: RowName };

export type RowName =
  | 'runs'
  | 'value'
  | 'initiator'
  | 'assessment'
  | 'decoded'
  | 'host'
  | 'when'
  | 'before'
  | 'first'
  | 'report';

/** What is needed to decide: fits one screen of a phone, and is complete in itself. Empty parts are omitted. */
export type FirstScreen = {
  readonly headline: Text;
  readonly rows: readonly ScreenRow[];
  readonly effect: Effect;
  /** The same as plain text, of at most 78 columns. */
  readonly text: string;
};

/** How much of each part is shown; the largest set that fits is used. Characters, or counts. */
type Room = {
  readonly data: number;
  readonly strings: number;
  readonly key: number;
  readonly decoded: number;
  readonly addresses: number;
  readonly indicators: number;
  /** Omitted on a tight screen. */
  readonly hasExtras: boolean;
};

const ROOMS: readonly Room[] = [
  { data: 240, strings: 4, key: 240, decoded: 240, addresses: 3, indicators: 5, hasExtras: true },
  { data: 180, strings: 3, key: 180, decoded: 180, addresses: 3, indicators: 4, hasExtras: true },
  { data: 120, strings: 2, key: 120, decoded: 120, addresses: 2, indicators: 3, hasExtras: true },
  { data: 120, strings: 2, key: 120, decoded: 120, addresses: 2, indicators: 3, hasExtras: false },
  { data: 60, strings: 1, key: 60, decoded: 60, addresses: 1, indicators: 3, hasExtras: false },
  { data: 50, strings: 1, key: 50, decoded: 50, addresses: 0, indicators: 2, hasExtras: false },
  { data: 36, strings: 1, key: 36, decoded: 36, addresses: 0, indicators: 1, hasExtras: false },
];

/** Most lines of an e-mail's first screen. */
const MOST_LINES = 25;

/** The first screen of one alert. `withQuestions`: it may name the five questions, since the message includes them. */
export function firstScreen(context: RenderContext, withQuestions = true): FirstScreen {
  const screens = ROOMS.map(room => () => screenOf(context, room, withQuestions));
  for (const screen of screens.slice(0, -1)) {
    const made = screen();
    if (made.text.split('\n').length <= MOST_LINES) return made;
  }
  return screens.at(-1)!();
}

function screenOf(context: RenderContext, room: Room, withQuestions: boolean): FirstScreen {
  const effect = effectOf(context);
  const before = beforeRow(context, room);
  const isAgain = context.alert.repeated !== undefined;
  const rows: readonly (ScreenRow | null)[] = [
    isAgain ? before : null,
    actRow(context, room) ?? runsRow(context, effect, room),
    actOf(context.alert) === null ? valueRow(context, room) : null,
    initiatorRow(context, room),
    assessmentRow(context, room),
    decodedRow(context, room),
    hostRow(context, room.hasExtras ? 64 : 48),
    whenRow(context),
    isAgain ? null : before,
    row('first', 'label.first', firstOf(context, effect, withQuestions)),
    reportRow(context),
  ];
  const headline = headlineOf(context);
  const shown = rows.filter(row => row !== null);
  return { headline, effect, rows: shown, text: `${wrap(headline, '', '  ')}\n${rowLines(shown, '')}` };

  function row(name: RowName, label: Parameters<typeof context.words.label>[0], text: Text): ScreenRow {
    return { name, label: context.words.label(label), text };
  }
}

/** Which host, and what was written there. */
export function headlineOf(context: RenderContext): Text {
  const { alert, words } = context;
  const host = hostOf(context);
  if (alert.location === null)
    return words.say('headline.other', { host, rule: alert.rule.name[words.locale] });
  const what = filled(alert.location.text[words.locale].what, context);
  return words.say(isWmi(context) ? 'headline' : 'headline.process', { host, what });
}

/** What an event other than a registry event reports: what ran, was loaded, connected to or written. */
function actRow({ alert, words }: RenderContext, room: Room): ScreenRow | null {
  const act = actOf(alert);
  if (act === null) return null;
  const { kind, what, file } = act;
  return {
    name: 'runs',
    label: words.label(`label.act-${kind}`),
    text: what === null ? words.say('when.unknown') : [data(what, room.data)],
    more: file === null || what === null || what.includes(file) ? [] : [[data(file, room.key)]],
  };
}

function runsRow(context: RenderContext, effect: Effect, room: Room): ScreenRow {
  const { alert, words } = context;
  // If it is decoded below, its beginning is enough here.
  const most = alert.payload.decoded.length > 0 ? Math.min(room.data, 100) : room.data;
  const [first, ...rest] = dataLines(context, most, room.strings);
  const expanded = (room.hasExtras ? alert.payload.commands : [])
    .filter(({ startedBy, original, expanded: whole }) => startedBy === null && whole !== original)
    .slice(0, 1)
    .map(({ expanded: whole }) => words.say('runs.expanded', { command: data(whole, Math.min(most, 120)) }));
  const warning = alert.payload.addresses.some(({ kind, text }) => kind === 'unc' && !isOwnHost(text, alert))
    ? [words.say('note.remote')]
    : [];
  return {
    name: 'runs',
    label: words.label(`label.${effect.kind}`),
    text: first!,
    more: [...rest, ...expanded, effect.text, ...warning],
  };
}

/** `\\127.0.0.1\C$` and the like: another path to this machine. */
function isOwnHost(unc: string, { facts }: RenderContext['alert']): boolean {
  const server = /^[\\/]{2}([^\\/]+)/.exec(unc)?.[1]?.toLowerCase() ?? '';
  const name = facts.hostName?.toLowerCase() ?? '';
  return (
    /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\.|--1\.ipv6-literal\.net|\[::1\])$/.test(server) ||
    (server !== '' && (server === name || server === name.split('.')[0]))
  );
}

function valueRow({ alert: { facts }, words }: RenderContext, room: Room): ScreenRow {
  const { hive, key, value, type } = facts.registry;
  const name = value === '' ? words.say('written.default-value') : [data(value, Math.min(room.key, 80))];
  return {
    name: 'value',
    label: words.label('label.value'),
    text: type === null ? name : words.say('written.value-of-type', { name, type: data(type, 24) }),
    more: [[data(hive === '' ? key : `${hive}\\${key}`, room.key)]],
  };
}

function initiatorRow(context: RenderContext, room: Room): ScreenRow {
  const { alert, words } = context;
  const account = room.hasExtras ? accountOf(alert.event) : null;
  const text = initiatorOf(context, false, Math.min(room.key, 120));
  return {
    name: 'initiator',
    label: words.label('label.initiator'),
    more: lineOf(context, room),
    text:
      account === null
        ? text
        : words.say('initiator.account', { initiator: text, account: data(account, 60) }),
  };
}

/** The command line of the initiator, if the event has it. */
function lineOf({ alert }: RenderContext, room: Room): readonly Text[] {
  const act = actOf(alert);
  const [line] = act === null ? eventTexts(alert.event, 'process.command_line') : [act.by.line];
  return line && room.hasExtras ? [[data(line, Math.min(room.data, 160))]] : [];
}

function assessmentRow({ alert, words }: RenderContext, room: Room): ScreenRow {
  const { level, indicators } = alert.assessment;
  const left = indicators.length - room.indicators;
  return {
    name: 'assessment',
    label: words.label('label.assessment'),
    text: [words.label(`level.${level}`)],
    more: [
      ...indicators.slice(0, room.indicators).map(indicator => indicatorText(indicator, words.locale)),
      ...(left > 0 ? [words.say('assessment.more', { count: left })] : []),
      ...(indicators.length === 0 ? [words.say('assessment.none')] : []),
    ],
  };
}

/** `+ rundll32.exe loads a DLL without a path (T1218.011)` */
export function indicatorText({ weight, technique, text }: FiredIndicator, locale: 'en' | 'zh-CN'): Text {
  const [open, close] = locale === 'en' ? [' (', ')'] : ['（', '）'];
  return [
    `${weight > 0 ? '+' : '-'} ${text[locale]}${technique === null ? '' : `${open}${technique}${close}`}`,
  ];
}

function decodedRow({ alert: { facts, payload }, words }: RenderContext, room: Room): ScreenRow | null {
  const [layer] = payload.decoded.toSorted((a, b) => b.depth - a.depth);
  const addresses = payload.addresses.slice(0, room.addresses).map(({ text }): Text => [data(text, 120)]);
  const left = payload.addresses.length - addresses.length;
  const list: readonly Text[] =
    addresses.length === 0
      ? []
      : [
          words.say(left > 0 ? 'decoded.addresses-more' : 'decoded.addresses', {
            addresses: joined(addresses, words.comma),
            count: left,
          }),
        ];
  if (layer === undefined) {
    // Text that is not cut shows its addresses itself.
    const isCut = facts.registry.data.some(text => text.length > room.data);
    return isCut && list.length > 0
      ? { name: 'decoded', label: words.label('label.decoded'), text: list[0]! }
      : null;
  }
  return {
    name: 'decoded',
    label: words.label('label.decoded'),
    text: [data(layer.text.trim().replace(/\s+/g, ' '), room.decoded)],
    more: list,
  };
}

function whenRow({ alert: { facts, lag, evidence }, options, words }: RenderContext): ScreenRow {
  const { locale, say } = words;
  const { timestampMs: ms, timestamp } = facts;
  const utc: Text =
    ms === null
      ? say(timestamp === null ? 'when.unknown' : 'when.unreadable', { text: data(timestamp ?? '', 40) })
      : [moment(new Date(Math.floor(ms / 1000) * 1000).toISOString())];
  const { timeZone } = options;
  const local =
    ms === null || timeZone === undefined || /^(Etc\/)?(UTC|GMT|UCT|Zulu)$/i.test(timeZone)
      ? utc
      : say('when.local', { utc, local: localTime(ms, timeZone), zone: timeZone });
  const { uploadMs, exceedsLookBack } = lag;
  const length = uploadMs === null ? '' : duration(uploadMs, locale);
  const text =
    uploadMs === null
      ? evidence.lastModified === null
        ? local
        : say('when.uploaded-at', { time: local, upload: moment(evidence.lastModified) })
      : say(uploadMs < 0 ? 'when.before' : exceedsLookBack ? 'when.late' : 'when.after', {
          time: local,
          duration: length,
        });
  return { name: 'when', label: words.label('label.when'), text };
}

function beforeRow(context: RenderContext, room: Room): ScreenRow | null {
  const { alert, words } = context;
  const { history, neighbours, occurrences, repeated } = alert;
  if (repeated !== undefined) {
    const { sinceMs, count, others } = repeated;
    const time = moment(new Date(Math.floor(sinceMs / 1000) * 1000).toISOString());
    return {
      name: 'before',
      label: words.label('label.again'),
      text: words.say('again.since', { time, count }),
      more: others === 0 ? [] : [words.say('again.others', { count: others })],
    };
  }
  const hosts = history?.otherHosts ?? null;
  const alerts = history?.hostAlerts ?? null;
  const hostCount = (hosts?.length ?? 0) + (history?.otherHostsMore ? 1 : 0);
  const parts: readonly Text[] = [
    ...continuesTexts(context),
    ...(alerts === null ? [] : [words.say('before.alerts', { count: alerts })]),
    ...(hosts === null
      ? []
      : [words.say(history?.otherHostsMore ? 'before.hosts-more' : 'before.hosts', { count: hostCount })]),
    ...(neighbours === null || neighbours.count === 0 || !room.hasExtras
      ? []
      : [
          words.say(
            alert.facts.requester.kind === 'absent' ? 'before.neighbours-unknown' : 'before.neighbours',
            { count: neighbours.count },
          ),
        ]),
    ...(occurrences > 1 && room.hasExtras ? [words.say('before.repeats', { count: occurrences })] : []),
  ];
  return parts.length === 0
    ? null
    : { name: 'before', label: words.label('label.before'), text: joined(parts, words.clause) };
}

function firstOf(context: RenderContext, effect: Effect, withQuestions: boolean): Text {
  const { alert, words } = context;
  const host = hostOf(context);
  const [who, there] = (['WHO', 'THERE'] as const).map(
    (name): Text =>
      withQuestions && (name === 'WHO' || actOf(alert) === null)
        ? words.say('first.question', { name: { query: name } })
        : [],
  );
  const sentence =
    effect.kind === 'written' && alert.assessment.level !== 'suspicious'
      ? 'first.no-effect'
      : alert.assessment.level === 'administration'
        ? 'first.administration'
        : 'first.isolate';
  return words.say(sentence, { host, who: who!, there: there!, owner: ownerOf(context) });
}

function reportRow(context: RenderContext): ScreenRow | null {
  const { options, words } = context;
  const { archiveBucket, region } = options;
  if (archiveBucket === undefined) return null;
  return {
    name: 'report',
    label: words.label('label.report'),
    text: [reportLink(archiveBucket, reportIdOf(context), region)],
  };
}
