import { code, data, duration, formatted, moment, type Text } from '../text/text.ts';
import type { NoticeGroup } from './notice.ts';
import { groupText, locationRow, ruleRow, type Tell } from './notice-rows.ts';
import type { NoticeWords } from './notice-words.ts';

const MOST_GROUPS = 10;
/** Runs of record numbers shown in prose; the document has more. */
const MOST_RUNS = 200;

/** What the service says of itself: what it did not send one by one, what has ended, and that it works. */
export const NOTICES_OF_SERVICE: {
  readonly digest: Tell<'digest'>;
  readonly held: Tell<'held'>;
  readonly backfill: Tell<'backfill'>;
  readonly 'expired-exception': Tell<'expired-exception'>;
  readonly canary: Tell<'canary'>;
  readonly test: Tell<'test'>;
} = {
  digest: (notice, told) => {
    const { label, say } = told;
    const { total, groups, records } = notice;
    const shown = groups.slice(0, MOST_GROUPS);
    const left = notice.moreGroups + groups.length - shown.length;
    const lines = [
      ...shown.map(group => countedGroup(group, told)),
      ...(left > 0 ? [say('digest.more-groups', { count: left })] : []),
    ];
    return {
      headline: say('digest.headline', { total, told: notice.told, rest: total - notice.told }),
      rows: [
        ...(lines.length === 0
          ? []
          : [{ label: label('digest.groups'), text: lines[0]!, more: lines.slice(1) }]),
        {
          label: label('digest.span'),
          text: say('digest.span-is', { first: notice.firstRecord, last: notice.lastRecord }),
        },
        ...locationRow(notice.rest, 'digest.rest', told),
        ...(records.length === 0 ? [] : [{ label: label('digest.records'), text: [runsOf(records)] }]),
        ruleRow(notice.rule, told),
      ],
    };
  },
  held: ({ hour, limit, held, place, first }, told) => ({
    headline: told.say('held.headline', { limit }),
    rows: [
      { label: told.label('held.hour'), text: told.say('held.hour-is', { hour: moment(hour) }) },
      ...(held === null ? [] : [{ label: told.label('held.count'), text: [formatted(held)] }]),
      ...locationRow(place, 'held.place', told),
      ...(first === null ? [] : [{ label: told.label('held.one'), text: groupText(first, told) }]),
    ],
  }),
  backfill: ({ run, place, first }, told) => ({
    headline: told.say('backfill.headline'),
    rows: [
      { label: told.label('backfill.run'), text: [code(run)] },
      ...locationRow(place, 'backfill.place', told),
      ...(first === null ? [] : [{ label: told.label('backfill.one'), text: groupText(first, told) }]),
    ],
  }),
  'expired-exception': ({ exception, rule }, told) => ({
    headline: told.say('expired-exception.headline', { id: code(exception.id) }),
    first: told.say('expired-exception.first', { owner: data(exception.owner, 200) }),
    rows: [
      { label: told.label('expired-exception.expires'), text: [moment(exception.expires)] },
      { label: told.label('expired-exception.reason'), text: [data(exception.reason)] },
      ruleRow(rule, told),
    ],
  }),
  canary: ({ alerts, scheduled, lateMs }, told) => {
    const isRight = alerts === 1;
    return {
      headline: told.say(isRight ? 'canary.headline' : 'canary.headline-failed', { alerts }),
      first: told.say(isRight ? 'canary.first' : 'canary.first-failed'),
      rows: [{ label: told.label('canary.scheduled'), text: timeOf(scheduled, lateMs, told) }],
    };
  },
  test: ({ at, cause }, { say, label }) => ({
    headline: say(cause === 'selftest' ? 'test.headline-selftest' : 'test.headline'),
    rows: at === null ? [] : [{ label: label('test.at'), text: [moment(at)] }],
  }),
};

const countedGroup = (group: NoticeGroup, told: NoticeWords): Text => [
  ...told.say('digest.count', { count: group.count }),
  ...groupText(group, told),
];

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
