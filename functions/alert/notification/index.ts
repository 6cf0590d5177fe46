/** The entry point of notification: what each kind of subscriber reads. */

export { ARCHIVED_LENGTH, renderAlert, renderDocument, renderRecord } from './alert/render-alert.ts';
export { padTo, widthOf } from './format/columns.ts';
export { renderIncidentReport, renderNoticeReport, renderReport } from './format/report.ts';
export { renderIncident } from './incident/render-incident.ts';
export type { Message } from './message.ts';

export type {
  ArchiveLocation,
  HeldSummary,
  Notice,
  NoticeBody,
  NoticeGroup,
  NoticeKind,
} from './notice/notice.ts';
export { groupOf, inOrder, levelOf, rankOf, UNRANKED } from './notice/notice-group.ts';
export { renderNotice } from './notice/render-notice.ts';
export { encode } from './text/untrusted.ts';
