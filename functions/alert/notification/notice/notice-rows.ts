import type { ObjectIdentity } from '../../detection/index.ts';
import type { Rule } from '../../ruleset/index.ts';
import type { Row } from '../alert/section.ts';
import { evidenceLocation } from '../text/archive-locations.ts';
import { code, data, joined, type Text } from '../text/text.ts';
import type { ArchiveLocation, Notice, NoticeGroup, NoticeKind, NoticeRule } from './notice.ts';
import type { NoticeSentence, NoticeWords } from './notice-words.ts';

/** A notice in one language: what happened, what to do first, what is known. */
export type NoticeStory = { readonly headline: Text; readonly first: Text; readonly rows: readonly Row[] };

/** Words one kind of notice. Without `first`, the kind's own sentence is used. */
export type NoticeRenderer<Kind extends NoticeKind> = (
  notice: Extract<Notice, { kind: Kind }>,
  wording: NoticeWords,
) => Pick<NoticeStory, 'headline' | 'rows'> & { readonly first?: Text };

export function objectRows(
  { bucket, key, versionId, lastModified }: ObjectIdentity,
  { label, time }: NoticeWords,
): Row[] {
  return [
    { label: label('object'), text: evidenceLocation(bucket, key) },
    ...(versionId === null ? [] : [{ label: label('version'), text: [data(versionId, 1024)] }]),
    ...(lastModified === null ? [] : [{ label: label('uploaded'), text: time(lastModified) }]),
  ];
}

export function locationRow(
  place: ArchiveLocation | null,
  sentence: NoticeSentence,
  { label }: NoticeWords,
): Row[] {
  return place === null
    ? []
    : [{ label: label(sentence), text: [code(`s3://${place.bucket}/${place.key}`)] }];
}

export function ruleRow({ name, severity }: NoticeRule & Partial<Rule>, { label, words }: NoticeWords): Row {
  return {
    label: label('rule'),
    text: [name[words.locale], words.clause, words.label(`severity.${severity}`)],
  };
}

/** Host, location and requester of alerts that belong together. */
export function groupText(
  { host, location, requester }: Omit<NoticeGroup, 'count'>,
  { say, words }: NoticeWords,
): Text {
  return joined(
    [
      host === null ? say('no-host') : [data(host, 128)],
      // A group has many values, so a placeholder of the location has no single value to show.
      location === null
        ? say('no-location')
        : [location.text[words.locale].what.replace(/\{\{[^}]*\}\}/g, '…')],
      requester === null ? say('no-requester') : [data(requester, 128)],
    ],
    words.clause,
  );
}
