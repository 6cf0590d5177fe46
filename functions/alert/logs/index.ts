/** The entry point of logs: bytes in, events out. */

export { readField, readFields } from './decoding/read-field.ts';
export {
  lastDocument,
  MAPPINGS,
  type Mapping,
  type RawSource,
  rawForms,
  sourceOf,
} from './ecs/index.ts';
export { toJson } from './json.ts';
export {
  DEFAULT_LIMITS,
  type LogEvent,
  type ReadLimits,
  type ReadOptions,
  type ReadReport,
  readEvents,
} from './log-reader.ts';
export { fits, isEndgame, OS_TYPE_FALLBACK, originOf } from './origin.ts';
