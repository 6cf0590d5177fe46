import type { Row } from '../alert/verdict.ts';
import { plain } from '../format/columns.ts';
import { code, data, type Text } from '../text/text.ts';
import { meaningOf } from './code-meanings.ts';
import { locationRow, ruleRow, type Tell } from './notice-rows.ts';

const MOST_RECORDS = 20;

/** What can be said of an object besides its alerts: that it is gone, damaged, too large, or hides something. */
export const NOTICES_OF_OBJECTS: {
  readonly quarantine: Tell<'quarantine'>;
  readonly 'suspicious-record': Tell<'suspicious-record'>;
  readonly 'other-index': Tell<'other-index'>;
  readonly 'object-missing': Tell<'object-missing'>;
  readonly 'object-overwritten': Tell<'object-overwritten'>;
  readonly 'object-archived': Tell<'object-archived'>;
  readonly 'incomplete-scan': Tell<'incomplete-scan'>;
} = {
  quarantine: (notice, told) => ({
    headline: told.say('quarantine.headline'),
    rows: [
      {
        label: told.label('quarantine.code'),
        text: told.say('quarantine.code-is', {
          code: code(notice.code),
          means: meaningOf(notice.code, told.words.locale),
        }),
        ...(notice.detail === '' ? {} : { more: [[notice.detail]] }),
      },
      {
        label: told.label('quarantine.read'),
        text: told.say('quarantine.read-is', countsOf(notice)),
      },
      ...locationRow(notice.place, 'quarantine.place', told),
    ],
  }),
  'suspicious-record': ({ count, records }, told) => {
    const shown = records.slice(0, MOST_RECORDS);
    const rows = shown.map(
      ({ code: name, record, offset }, at): Row => ({
        label: plain(told.say('suspicious-record.record', { record })),
        text: told.say('suspicious-record.record-is', {
          code: code(name),
          offset,
          means: meaningOf(name, told.words.locale),
        }),
        ...(at === shown.length - 1 && count > shown.length
          ? { more: [told.say('suspicious-record.more', { count: count - shown.length })] }
          : {}),
      }),
    );
    return { headline: told.say('suspicious-record.headline', { count }), rows };
  },
  'other-index': ({ count, first, rule }, told) => ({
    headline: told.say('other-index.headline', { count }),
    rows: [
      ruleRow(rule, told),
      { label: told.label('other-index.indices'), text: [rule.indices.join(told.words.comma)] },
      { label: told.label('other-index.record'), text: told.words.say('evidence.record-short', first) },
    ],
  }),
  'object-missing': ({ place }, told) => ({
    headline: told.say('object-missing.headline'),
    rows: locationRow(place, 'quarantine.place', told),
  }),
  'object-overwritten': ({ alerts, expectedEtag, foundEtag, place }, told) => {
    const etag = (text: string | null): Text =>
      text === null ? told.say('not-known') : [data(text.replaceAll('"', ''), 128)];
    return {
      headline: told.say('object-overwritten.headline'),
      rows: [
        {
          label: told.label('object-overwritten.etag'),
          text: told.say('object-overwritten.etag-is', {
            expected: etag(expectedEtag),
            found: etag(foundEtag),
          }),
        },
        { label: told.label('object-overwritten.alerts'), text: [String(alerts)] },
        ...locationRow(place, 'quarantine.place', told),
      ],
    };
  },
  'object-archived': ({ storageClass, place }, told) => ({
    headline: told.say('object-archived.headline'),
    rows: [
      ...(storageClass === null
        ? []
        : [{ label: told.label('object-archived.class'), text: [data(storageClass, 40)] }]),
      ...locationRow(place, 'quarantine.place', told),
    ],
  }),
  'incomplete-scan': (notice, told) => ({
    headline: told.say('incomplete-scan.headline', { records: notice.records }),
    rows: [
      {
        label: told.label('quarantine.read'),
        text: told.say('quarantine.read-is', countsOf(notice)),
      },
      ...locationRow(notice.place, 'quarantine.place', told),
    ],
  }),
};

type Counted = { readonly records: number; readonly decompressedBytes: number; readonly alerts: number };

const countsOf = ({ records, decompressedBytes, alerts }: Counted) => ({
  records,
  bytes: decompressedBytes,
  alerts,
});
