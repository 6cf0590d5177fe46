import { code } from '../text/text.ts';
import type { Notice, NoticeKind } from './notice.ts';
import { type NoticeStory, objectRows, type Tell } from './notice-rows.ts';
import type { NoticeSentence, NoticeWords } from './notice-words.ts';
import { NOTICES_OF_OBJECTS } from './notices-of-objects.ts';
import { NOTICES_OF_SERVICE } from './notices-of-service.ts';

const KINDS: { readonly [kind in NoticeKind]: Tell<kind> } = {
  ...NOTICES_OF_OBJECTS,
  ...NOTICES_OF_SERVICE,
};

/** Words a notice in one language. */
export function noticeStory(notice: Notice, told: NoticeWords): NoticeStory {
  const tell = KINDS[notice.kind] as Tell<NoticeKind>;
  const { headline, rows, first } = tell(notice, told);
  return {
    headline,
    first: first ?? told.say(`${notice.kind}.first` as NoticeSentence),
    rows: [
      ...rows,
      ...('object' in notice ? objectRows(notice.object, told) : []),
      { label: told.label('notice'), text: [code(notice.id)] },
    ],
  };
}
