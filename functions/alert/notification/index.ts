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
export type { RenderOptions } from './options.ts';
export { renderAlert, renderDocument } from './render-alert.ts';
export { renderNotice } from './render-notice.ts';
export { renderNoticeReport, renderReport } from './report.ts';
export { encode } from './untrusted.ts';
