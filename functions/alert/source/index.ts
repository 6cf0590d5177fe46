/** The entry point of the source: from S3 notifications to bytes. */

export { isBackfillQueue } from './backfill-mark.ts';
export { notificationOf } from './fdr-notification.ts';
export type { GetObject, GetResponse } from './get-object.ts';
export type { ObjectRef } from './object-ref.ts';
export { type OpenedObject, openObject } from './open-object.ts';
export {
  type MessageRefs,
  parseNotification,
  type QueueMessage,
  type SourceSettings,
} from './parse-notification.ts';
