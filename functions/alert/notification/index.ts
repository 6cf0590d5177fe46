/** The only way into this room: what each kind of subscriber reads. */

export type { Message } from './message.ts';
export type {
  ArchivePlace,
  Notice,
  NoticeBody,
  NoticeGroup,
  NoticeKind,
  NoticeObject,
  NoticeRule,
} from './notice.ts';
