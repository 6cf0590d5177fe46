import { meaningOf } from './code-meanings.ts';
import type { ArchivePlace, Notice, NoticeGroup, NoticeObject } from './notice.ts';
import type { NoticeSentence, NoticeWords } from './notice-words.ts';
import { evidencePlace } from './places.ts';
import { code, data, duration, formatted, joined, moment, type Text } from './text.ts';
import type { Row } from './verdict.ts';

/** A notice in one language: what happened, what to do first, what is known. */
export type NoticeStory = { readonly headline: Text; readonly first: Text; readonly rows: readonly Row[] };

type Told = Pick<NoticeStory, 'headline' | 'rows'> & { readonly first?: Text };

export function noticeStory(notice: Notice, told: NoticeWords): NoticeStory {
  const { headline, rows, first } = tell(notice, told);
  const object = 'object' in notice ? objectRows(notice.object, told) : [];
  return {
    headline,
    first: first ?? told.say(`${notice.kind}.first` as NoticeSentence),
    rows: [...rows, ...object, { label: told.label('notice'), text: [code(notice.id)] }],
  };
}

function tell(notice: Notice, told: NoticeWords): Told {
  const { label, say, words } = told;
  switch (notice.kind) {
    case 'digest':
      return {
        headline: say('digest.headline', {
          total: notice.total,
          told: notice.told,
          rest: notice.total - notice.told,
        }),
        rows: [
          ...(notice.groups.length === 0
            ? []
            : [
                {
                  label: label('digest.groups'),
                  text: groupText(notice.groups[0]!, told),
                  more: [
                    ...notice.groups.slice(1, MOST_GROUPS).map(group => groupText(group, told)),
                    ...moreGroups(notice.moreGroups + Math.max(0, notice.groups.length - MOST_GROUPS), told),
                  ],
                },
              ]),
          {
            label: label('digest.span'),
            text: say('digest.span-is', { first: notice.firstRecord, last: notice.lastRecord }),
          },
          ...placeRow(notice.rest, 'digest.rest', told),
          ...(notice.records.length === 0
            ? []
            : [{ label: label('digest.records'), text: [runs(notice.records)] }]),
          ruleRow(notice.rule, told),
        ],
      };
    case 'held':
      return {
        headline: say('held.headline', { limit: notice.limit }),
        rows: [
          { label: label('held.hour'), text: say('held.hour-is', { hour: moment(notice.hour) }) },
          ...(notice.held === null ? [] : [{ label: label('held.count'), text: [formatted(notice.held)] }]),
          ...placeRow(notice.place, 'held.place', told),
          ...(notice.first === null
            ? []
            : [{ label: label('held.one'), text: groupWords(notice.first, told) }]),
        ],
      };
    case 'quarantine':
      return {
        headline: say('quarantine.headline'),
        rows: [
          {
            label: label('quarantine.code'),
            text: [code(notice.code), ': ', meaningOf(notice.code, words.locale)],
            ...(notice.detail === '' ? {} : { more: [[data(notice.detail)]] }),
          },
          { label: label('quarantine.read'), text: say('quarantine.read-is', counts(notice)) },
          ...placeRow(notice.place, 'quarantine.place', told),
        ],
      };
    case 'suspicious-record':
      return {
        headline: say('suspicious-record.headline', { count: notice.count }),
        rows: [
          ...notice.records.slice(0, MOST_RECORDS).map(
            ({ code: name, record, offset }): Row => ({
              label: plainLabel(say('suspicious-record.record', { record })),
              text: say('suspicious-record.record-is', {
                code: code(name),
                offset,
                means: meaningOf(name, words.locale),
              }),
            }),
          ),
          ...(notice.count > Math.min(notice.records.length, MOST_RECORDS)
            ? [
                {
                  label: '',
                  text: say('suspicious-record.more', {
                    count: notice.count - Math.min(notice.records.length, MOST_RECORDS),
                  }),
                },
              ]
            : []),
        ],
      };
    case 'other-index':
      return {
        headline: say('other-index.headline', { count: notice.count }),
        rows: [
          ruleRow(notice.rule, told),
          { label: label('other-index.indices'), text: [notice.rule.indices.join(words.comma)] },
          {
            label: label('other-index.record'),
            text: words.say('evidence.record-short', {
              record: notice.first.record,
              offset: notice.first.offset,
            }),
          },
        ],
      };
    case 'object-missing':
      return {
        headline: say('object-missing.headline'),
        rows: placeRow(notice.place, 'quarantine.place', told),
      };
    case 'object-overwritten':
      return {
        headline: say('object-overwritten.headline'),
        rows: [
          {
            label: label('object-overwritten.etag'),
            text: say('object-overwritten.etag-is', {
              expected: etag(notice.expectedEtag, told),
              found: etag(notice.foundEtag, told),
            }),
          },
          ...placeRow(notice.place, 'quarantine.place', told),
        ],
      };
    case 'object-archived':
      return {
        headline: say('object-archived.headline'),
        rows: [
          ...(notice.storageClass === null
            ? []
            : [{ label: label('object-archived.class'), text: [data(notice.storageClass, 40)] }]),
          ...placeRow(notice.place, 'quarantine.place', told),
        ],
      };
    case 'incomplete-scan':
      return {
        headline: say('incomplete-scan.headline', { records: notice.records }),
        rows: [
          { label: label('quarantine.read'), text: say('quarantine.read-is', counts(notice)) },
          ...placeRow(notice.place, 'quarantine.place', told),
        ],
      };
    case 'expired-exception': {
      const { id, owner, reason, expires } = notice.exception;
      return {
        headline: say('expired-exception.headline', { id: code(id) }),
        first: say('expired-exception.first', { owner: data(owner, 200) }),
        rows: [
          { label: label('expired-exception.expires'), text: [moment(expires)] },
          { label: label('expired-exception.reason'), text: [data(reason)] },
          ruleRow(notice.rule, told),
        ],
      };
    }
    case 'canary': {
      const isRight = notice.alerts === 1;
      const { scheduled, lateMs } = notice;
      const time: Text =
        scheduled === null
          ? say('not-known')
          : lateMs === null
            ? [moment(scheduled)]
            : say('canary.late', {
                moment: moment(scheduled),
                duration: duration(Math.max(0, lateMs), words.locale),
              });
      return {
        headline: isRight ? say('canary.headline') : say('canary.headline-failed', { alerts: notice.alerts }),
        first: say(isRight ? 'canary.first' : 'canary.first-failed'),
        rows: [{ label: label('canary.scheduled'), text: time }],
      };
    }
    case 'test':
      return {
        headline: say(notice.cause === 'selftest' ? 'test.headline-selftest' : 'test.headline'),
        rows: notice.at === null ? [] : [{ label: label('test.at'), text: [moment(notice.at)] }],
      };
    default:
      return notice satisfies never;
  }
}

const MOST_GROUPS = 10;
const MOST_RECORDS = 20;
/** Runs of record numbers shown in prose; the document has all. */
const MOST_RUNS = 200;

const counts = ({
  records,
  decompressedBytes,
  alerts,
}: {
  readonly records: number;
  readonly decompressedBytes: number;
  readonly alerts: number;
}) => ({ records, bytes: decompressedBytes, alerts });

function objectRows({ bucket, key, versionId, lastModified }: NoticeObject, { label }: NoticeWords): Row[] {
  return [
    { label: label('object'), text: evidencePlace(bucket, key) },
    ...(versionId === null ? [] : [{ label: label('version'), text: [data(versionId, 1024)] }]),
    ...(lastModified === null ? [] : [{ label: label('uploaded'), text: [moment(lastModified)] }]),
  ];
}

function groupText(group: NoticeGroup, told: NoticeWords): Text {
  return [...told.words.say('digest.count', { count: group.count }), ...groupWords(group, told)];
}

/** Host, location and requester of alerts that belong together. */
function groupWords({ host, location, requester }: NoticeGroup, { say, words }: NoticeWords): Text {
  return joined(
    [
      host === null ? say('no-host') : [data(host, 128)],
      location === null
        ? say('no-location')
        : [location.text[words.locale].what.replace(/\{\{[^}]*\}\}/g, '…')],
      requester === null ? say('no-requester') : [data(requester, 128)],
    ],
    words.comma,
  );
}

const moreGroups = (count: number, { say }: NoticeWords): readonly Text[] =>
  count > 0 ? [say('digest.more-groups', { count })] : [];

function placeRow(place: ArchivePlace | null, sentence: NoticeSentence, { label }: NoticeWords): Row[] {
  return place === null
    ? []
    : [{ label: label(sentence), text: [code(`s3://${place.bucket}/${place.key}`)] }];
}

function ruleRow(
  {
    name,
    severity,
  }: { readonly name: { readonly en: string; readonly 'zh-CN': string }; readonly severity: string },
  { label, words }: NoticeWords,
): Row {
  return {
    label: label('expired-exception.rule'),
    text: [
      name[words.locale],
      words.comma,
      words.label(`severity.${severity as 'low' | 'medium' | 'high' | 'critical'}`),
    ],
  };
}

function runs(records: readonly { readonly from: number; readonly to: number }[]): string {
  const shown = records
    .slice(0, MOST_RUNS)
    .map(({ from, to }) => (from === to ? formatted(from) : `${formatted(from)}-${formatted(to)}`));
  const left = records.length - shown.length;
  return shown.join(' ') + (left > 0 ? ` [+${left}]` : '');
}

const etag = (text: string | null, { say }: NoticeWords): Text =>
  text === null ? say('not-known') : [data(text.replaceAll('"', ''), 128)];

const plainLabel = (text: Text): string =>
  text.map(piece => (typeof piece === 'string' ? piece : '')).join('');
