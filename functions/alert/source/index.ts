/** The entry point of the source: S3 notifications to bytes. */

export { type GetObject, type GetResponse, type OpenedObject, openObject } from './open-object.ts';
export {
  type MessageRefs,
  type ObjectRef,
  type QueueMessage,
  readObjectRefs,
  type SourceSettings,
} from './parse-notification.ts';
