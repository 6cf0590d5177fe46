import { continuesTexts, reportIdOf } from '../alert/incident-texts.ts';
import { hostOf, ownerOf } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import type { Row } from '../alert/section.ts';
import { indicatorText } from '../alert/why-section.ts';
import { actOf } from '../queries/event-act.ts';
import { reportLink } from '../text/archive-locations.ts';
import { joined, momentOf, type Text } from '../text/text.ts';
import type { Effect } from './effect.ts';
import type { Room } from './room.ts';

/** How suspicious it is, and the strongest indicators. */
export function assessmentRow({ alert, words }: RenderContext, room: Room): Row {
  const { level, indicators } = alert.assessment;
  const count = indicators.length - room.indicators;
  return {
    label: words.label('label.assessment'),
    text: [words.label(`level.${level}`)],
    more: [
      ...indicators.slice(0, room.indicators).map(indicator => indicatorText(indicator, words.locale)),
      ...(count > 0 ? [words.say('assessment.more', { count })] : []),
      ...(indicators.length === 0 ? [words.say('assessment.none')] : []),
    ],
  };
}

/** What else is known: of a repeat since when, otherwise alerts of the host, other hosts and other writes. */
export function beforeRow(context: RenderContext, room: Room): Row | null {
  const { alert, options, words } = context;
  const { history, neighbours, occurrences, repeated } = alert;
  if (repeated !== undefined) {
    const { sinceMs, count, others } = repeated;
    return {
      label: words.label('label.again'),
      text: words.say('again.since', {
        time: words.zoned([momentOf(sinceMs)], sinceMs, options.timeZone),
        count,
      }),
      more: others === 0 ? [] : [words.say('again.others', { count: others })],
    };
  }
  const counted = (sentence: Parameters<typeof words.say>[0], count: number | null): readonly Text[] =>
    count === null ? [] : [words.say(sentence, { count })];
  const hosts = history?.otherHosts ?? null;
  const [more, extra] = [history?.otherHostsMore, room.hasExtras];
  const initiator = alert.facts.requester.kind === 'absent' ? '-unknown' : '';
  const parts: readonly Text[] = [
    ...continuesTexts(context),
    ...counted('before.alerts', history?.hostAlerts ?? null),
    ...counted(more ? 'before.hosts-more' : 'before.hosts', hosts && hosts.length + (more ? 1 : 0)),
    ...counted(`before.neighbours${initiator}`, (extra && neighbours?.count) || null),
    ...counted('before.repeats', extra && occurrences > 1 ? occurrences : null),
  ];
  return parts.length === 0
    ? null
    : { label: words.label('label.before'), text: joined(parts, words.clause) };
}

/** What to do first. */
export function firstRow(context: RenderContext, effect: Effect, withQuestions: boolean): Row {
  const { alert, words } = context;
  const question = (name: 'WHO' | 'THERE'): Text =>
    withQuestions && (name === 'WHO' || actOf(alert) === null)
      ? words.say('first.question', { name: { query: name } })
      : [];
  const { level } = alert.assessment;
  const sentence =
    effect.kind === 'written' && level !== 'suspicious'
      ? 'first.no-effect'
      : level === 'administration'
        ? 'first.administration'
        : 'first.isolate';
  const values = {
    host: hostOf(context),
    who: question('WHO'),
    there: question('THERE'),
    owner: ownerOf(context),
  };
  return { label: words.label('label.first'), text: words.say(sentence, values) };
}

export function reportRow(context: RenderContext): Row | null {
  const { options, words } = context;
  const { archiveBucket, region } = options;
  if (archiveBucket === undefined) return null;
  return {
    label: words.label('label.report'),
    text: [reportLink(archiveBucket, reportIdOf(context), region)],
  };
}
