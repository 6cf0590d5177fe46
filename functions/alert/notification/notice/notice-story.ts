import { code } from '../text/text.ts';
import type { Notice, NoticeKind } from './notice.ts';
import { type NoticeRenderer, type NoticeStory, objectRows } from './notice-rows.ts';
import type { NoticeSentence, NoticeWords } from './notice-words.ts';
import { NOTICES_OF_OBJECTS } from './notices-of-objects.ts';
import { NOTICES_OF_SERVICE } from './notices-of-service.ts';

const KINDS: { readonly [kind in NoticeKind]: NoticeRenderer<kind> } = {
  ...NOTICES_OF_OBJECTS,
  ...NOTICES_OF_SERVICE,
};

/** Words a notice in one language. */
export function noticeStory(notice: Notice, wording: NoticeWords): NoticeStory {
  const renderer = KINDS[notice.kind] as NoticeRenderer<NoticeKind>;
  const { headline, rows, first } = renderer(notice, wording);
  return {
    headline,
    first: first ?? wording.say(`${notice.kind}.first` as NoticeSentence),
    rows: [
      ...rows,
      ...('object' in notice ? objectRows(notice.object, wording) : []),
      { label: wording.label('notice'), text: [code(notice.id)] },
    ],
  };
}
