import { alertLocation } from '../text/archive-locations.ts';
import { code, data, duration, formatted, moment, type Text } from '../text/text.ts';
import type { NoticeGroup, NoticeRule } from './notice.ts';
import { groupText, locationRow, type NoticeRenderer, ruleRow } from './notice-rows.ts';
import type { NoticeWords } from './notice-words.ts';

/** Groups listed in prose. */
const MOST_GROUPS = 25;
/** Rules and exceptions listed in prose; the document has all. */
const MOST_LISTED = 100;
/** Runs of record numbers shown in prose; the document has more. */
const MOST_RUNS = 200;

/** Notices about the service itself: what it did not send individually, what has expired, and that it works. */
export const NOTICES_OF_SERVICE: {
  readonly digest: NoticeRenderer<'digest'>;
  readonly held: NoticeRenderer<'held'>;
  readonly 'held-digest': NoticeRenderer<'held-digest'>;
  readonly backfill: NoticeRenderer<'backfill'>;
  readonly 'expired-exception': NoticeRenderer<'expired-exception'>;
  readonly 'rules-changed': NoticeRenderer<'rules-changed'>;
  readonly canary: NoticeRenderer<'canary'>;
  readonly test: NoticeRenderer<'test'>;
} = {
  digest: (notice, wording) => {
    const { label, say } = wording;
    const { total, told, incidents, records } = notice;
    return {
      headline: say(incidents < told ? 'digest.headline-incidents' : 'digest.headline', {
        total,
        told,
        incidents,
        rest: total - told,
      }),
      rows: [
        ...listRow(label('digest.groups'), groupLines(notice, wording)),
        {
          label: label('digest.span'),
          text: say('digest.span-is', { first: notice.firstRecord, last: notice.lastRecord }),
        },
        ...locationRow(notice.rest, 'digest.rest', wording),
        ...(records.length === 0 ? [] : [{ label: label('digest.records'), text: [runsOf(records)] }]),
        ruleRow(notice.rule, wording),
      ],
    };
  },
  held: ({ hour, limit, held, place, first }, wording) => ({
    headline: wording.say('held.headline', { limit }),
    rows: [
      { label: wording.label('held.hour'), text: wording.say('held.hour-is', { hour: wording.time(hour) }) },
      ...(held === null ? [] : [{ label: wording.label('held.count'), text: [formatted(held)] }]),
      ...locationRow(place, 'held.place', wording),
      ...(first === null ? [] : [{ label: wording.label('held.one'), text: groupText(first, wording) }]),
    ],
  }),
  'held-digest': (notice, wording) => {
    const { label, say } = wording;
    const { hour, alerts, logs, unread, isCut, notices, place } = notice;
    const others = notices.map(({ kind, count }) =>
      say('held-digest.notice', { count, title: label(`${kind}.subject`) }),
    );
    const lines = [
      ...groupLines(notice, wording, place.bucket),
      ...(unread > 0 ? [say('held-digest.unread', { count: unread })] : []),
      ...(isCut ? [say('held-digest.cut')] : []),
    ];
    return {
      headline: say('held-digest.headline', { alerts, logs }),
      rows: [
        { label: label('held.hour'), text: say('held.hour-is', { hour: wording.time(hour) }) },
        ...listRow(label('digest.groups'), lines),
        ...listRow(label('held-digest.notices'), others),
        ...locationRow(place, 'held.place', wording),
      ],
    };
  },
  backfill: ({ run, place, first }, wording) => ({
    headline: wording.say('backfill.headline'),
    rows: [
      { label: wording.label('backfill.run'), text: [code(run)] },
      ...locationRow(place, 'backfill.place', wording),
      ...(first === null ? [] : [{ label: wording.label('backfill.one'), text: groupText(first, wording) }]),
    ],
  }),
  'expired-exception': ({ exception, rule }, wording) => ({
    headline: wording.say('expired-exception.headline', { id: code(exception.id) }),
    first: wording.say('expired-exception.first', { owner: data(exception.owner, 200) }),
    rows: [
      { label: wording.label('expired-exception.expires'), text: [moment(exception.expires)] },
      { label: wording.label('expired-exception.reason'), text: [data(exception.reason)] },
      ruleRow(rule, wording),
    ],
  }),
  'rules-changed': ({ from, to, added, removed, changed, indicators, exceptions }, wording) => {
    const { label, say } = wording;
    const listed = (
      name: 'added' | 'removed' | 'changed' | 'indicators' | 'exceptions',
      lines: readonly Text[],
    ) => listRow(label(`rules-changed.${name}`), lines);
    const folders = (rules: readonly NoticeRule[]) =>
      rules.slice(0, MOST_LISTED).map(({ folder }): Text => [code(folder)]);
    const accepted = exceptions.slice(0, MOST_LISTED).map(({ rule, exception }) =>
      say('rules-changed.exception', {
        id: code(exception.id),
        folder: code(rule.folder),
        owner: data(exception.owner, 200),
        reason: data(exception.reason, 300),
        expires: moment(exception.expires),
      }),
    );
    return {
      headline: say('rules-changed.headline', { to: code(to.slice(0, 16)), from: code(from.slice(0, 16)) }),
      rows: [
        ...listed('added', folders(added)),
        ...listed('removed', folders(removed)),
        ...listed('changed', folders(changed)),
        ...listed(
          'indicators',
          indicators.slice(0, MOST_LISTED).map((id): Text => [code(id)]),
        ),
        ...listed('exceptions', accepted),
      ],
    };
  },
  canary: ({ alerts, scheduled, lateMs }, wording) => {
    const isRight = alerts === 1;
    return {
      headline: wording.say(isRight ? 'canary.headline' : 'canary.headline-failed', { alerts }),
      first: wording.say(isRight ? 'canary.first' : 'canary.first-failed'),
      rows: [{ label: wording.label('canary.scheduled'), text: timeOf(scheduled, lateMs, wording) }],
    };
  },
  test: ({ at, cause }, { say, label }) => ({
    headline: say(cause === 'selftest' ? 'test.headline-selftest' : 'test.headline'),
    rows: at === null ? [] : [{ label: label('test.at'), text: [moment(at)] }],
  }),
};

const listRow = (label: string, [first, ...more]: readonly Text[]) =>
  first === undefined ? [] : [{ label, text: first, more }];

function groupLines(
  { groups, moreGroups }: { readonly groups: readonly NoticeGroup[]; readonly moreGroups: number },
  wording: NoticeWords,
  archive: string | null = null,
): Text[] {
  const shown = groups.slice(0, MOST_GROUPS);
  const left = moreGroups + groups.length - shown.length;
  const lines = shown.map(group => countedGroup(group, wording, archive));
  return left > 0 ? [...lines, wording.say('digest.more-groups', { count: left })] : lines;
}

/** `archive`: the bucket with the alert that the group names. */
function countedGroup(group: NoticeGroup, wording: NoticeWords, archive: string | null): Text {
  const { count, assessment, alertId } = group;
  const { say, words } = wording;
  const level = assessment && words.label(`level.${assessment.level}`).toLowerCase();
  return [
    ...(level === null ? say('digest.count', { count }) : say('digest.count-level', { count, level })),
    ...groupText(group, wording),
    ...(archive === null || alertId === undefined
      ? []
      : [words.clause, code(alertLocation(archive, alertId))]),
  ];
}

function timeOf(scheduled: string | null, lateMs: number | null, { say, words }: NoticeWords): Text {
  if (scheduled === null) return say('not-known');
  const time = moment(scheduled);
  return lateMs === null
    ? [time]
    : say('canary.late', { moment: time, duration: duration(Math.max(0, lateMs), words.locale) });
}

function runsOf(records: readonly { readonly from: number; readonly to: number }[]): string {
  const shown = records
    .slice(0, MOST_RUNS)
    .map(({ from, to }) => (from === to ? formatted(from) : `${formatted(from)}-${formatted(to)}`));
  const left = records.length - shown.length;
  return shown.join(' ') + (left > 0 ? ` [+${left}]` : '');
}
