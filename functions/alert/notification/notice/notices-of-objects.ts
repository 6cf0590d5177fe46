import type { Row } from '../alert/section.ts';
import { plain } from '../format/columns.ts';
import { code, data, type Text } from '../text/text.ts';
import { meaningOf } from './code-meanings.ts';
import type { Notice, SuspiciousRecords } from './notice.ts';
import { locationRow, type NoticeRenderer, ruleRow } from './notice-rows.ts';
import type { NoticeWords } from './notice-words.ts';

const MOST_RECORDS = 20;

/** Notices about an object: that it is gone, damaged, too large, or hides something. */
export const NOTICES_OF_OBJECTS: {
  readonly quarantine: NoticeRenderer<'quarantine'>;
  readonly 'suspicious-record': NoticeRenderer<'suspicious-record'>;
  readonly 'other-index': NoticeRenderer<'other-index'>;
  readonly 'unknown-shape': NoticeRenderer<'unknown-shape'>;
  readonly 'unread-source': NoticeRenderer<'unread-source'>;
  readonly 'object-missing': NoticeRenderer<'object-missing'>;
  readonly 'object-overwritten': NoticeRenderer<'object-overwritten'>;
  readonly 'object-archived': NoticeRenderer<'object-archived'>;
  readonly 'incomplete-scan': NoticeRenderer<'incomplete-scan'>;
} = {
  quarantine: (notice, wording) => ({
    headline: wording.say(isUnread(notice) ? 'quarantine.headline-unread' : 'quarantine.headline'),
    ...(isUnread(notice) ? { first: wording.say('quarantine.first-unread') } : {}),
    rows: [
      {
        label: wording.label('quarantine.code'),
        text: wording.say('quarantine.code-is', {
          code: code(notice.code),
          means: meaningOf(notice.code, wording.words.locale),
        }),
        ...(notice.detail === '' ? {} : { more: [[notice.detail]] }),
      },
      {
        label: wording.label('quarantine.read'),
        text: wording.say(
          notice.alerts === 0 ? 'quarantine.read-none' : 'quarantine.read-is',
          countsOf(notice),
        ),
        ...(notice.suspicious && { more: suspiciousLines(notice.suspicious, wording) }),
      },
      ...locationRow(notice.place, 'quarantine.place', wording),
    ],
  }),
  'suspicious-record': (notice, wording) => ({
    headline: wording.say('suspicious-record.headline', { count: notice.count }),
    rows: suspiciousRows(notice, wording),
  }),
  'other-index': ({ count, first, rule }, wording) => ({
    headline: wording.say('other-index.headline', { count }),
    rows: [
      ruleRow(rule, wording),
      { label: wording.label('other-index.indices'), text: [rule.indices.join(wording.words.comma)] },
      { label: wording.label('other-index.record'), text: wording.words.say('evidence.record-short', first) },
    ],
  }),
  'unknown-shape': ({ unknown, records, keys }, wording) => ({
    headline: wording.say('unknown-shape.headline', { unknown, records }),
    rows:
      keys.length === 0
        ? []
        : [{ label: wording.label('unknown-shape.keys'), text: [data(keys.join(', '), 200)] }],
  }),
  'unread-source': ({ product, index, count, readers }, wording) => ({
    headline: wording.say('unread-source.headline', { count, product: code(product) }),
    rows: [
      { label: wording.label('unread-source.index'), text: [data(index, 200)] },
      {
        label: wording.label('unread-source.readers'),
        text:
          readers.length === 0
            ? wording.say('unread-source.no-reader')
            : [code(readers.join(wording.words.comma))],
      },
    ],
  }),
  'object-missing': ({ place }, wording) => ({
    headline: wording.say('object-missing.headline'),
    rows: locationRow(place, 'quarantine.place', wording),
  }),
  'object-overwritten': ({ alerts, expectedEtag, foundEtag, place }, wording) => {
    const etag = (text: string | null): Text =>
      text === null ? wording.say('not-known') : [data(text.replaceAll('"', ''), 128)];
    return {
      headline: wording.say('object-overwritten.headline'),
      rows: [
        {
          label: wording.label('object-overwritten.etag'),
          text: wording.say('object-overwritten.etag-is', {
            expected: etag(expectedEtag),
            found: etag(foundEtag),
          }),
        },
        { label: wording.label('object-overwritten.alerts'), text: [String(alerts)] },
        ...locationRow(place, 'quarantine.place', wording),
      ],
    };
  },
  'object-archived': ({ storageClass, place }, wording) => ({
    headline: wording.say('object-archived.headline'),
    rows: [
      ...(storageClass === null
        ? []
        : [{ label: wording.label('object-archived.class'), text: [data(storageClass, 40)] }]),
      ...locationRow(place, 'quarantine.place', wording),
    ],
  }),
  'incomplete-scan': (notice, wording) => ({
    headline: wording.say('incomplete-scan.headline', { records: notice.records }),
    rows: [
      {
        label: wording.label('quarantine.read'),
        text: wording.say(
          notice.alerts === 0 ? 'quarantine.read-none' : 'quarantine.read-is',
          countsOf(notice),
        ),
      },
      ...locationRow(notice.place, 'quarantine.place', wording),
    ],
  }),
};

/** Nothing was read, so there is no place where the damage begins. */
export const isUnread = ({ code, records }: Extract<Notice, { kind: 'quarantine' }>): boolean =>
  records === 0 || code === 'NoReadableRecords';

function suspiciousLines(suspicious: SuspiciousRecords, wording: NoticeWords): Text[] {
  const { count } = suspicious;
  return [
    wording.say('suspicious-record.headline', { count }),
    ...suspiciousRows(suspicious, wording).flatMap(({ label, text, more = [] }) => [
      [label, wording.words.clause, ...text],
      ...more,
    ]),
  ];
}

function suspiciousRows({ count, records }: SuspiciousRecords, wording: NoticeWords): Row[] {
  const shown = records.slice(0, MOST_RECORDS);
  return shown.map(
    ({ code: name, record, offset }, at): Row => ({
      label: plain(wording.say('suspicious-record.record', { record })),
      text: wording.say('suspicious-record.record-is', {
        code: code(name),
        offset,
        means: meaningOf(name, wording.words.locale),
      }),
      ...(at === shown.length - 1 && count > shown.length
        ? { more: [wording.say('suspicious-record.more', { count: count - shown.length })] }
        : {}),
    }),
  );
}

type Counted = { readonly records: number; readonly decompressedBytes: number; readonly alerts: number };

const countsOf = ({ records, decompressedBytes, alerts }: Counted) => ({
  records,
  bytes: decompressedBytes,
  alerts,
});
