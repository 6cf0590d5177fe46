import { type Detector, makeDetector } from '../detection/index.ts';
import { loadRules } from '../load-rules.ts';
import { readField } from '../logs/event.ts';
import { OS_TYPE_FALLBACK } from '../logs/origin.ts';
import { sha256 } from '../scan.ts';

/** The rules of a directory as one judge, with the settings that the function has unless it is told otherwise. */
export function detectorOf(directory: string): Detector {
  return makeDetector(loadRules(directory), {
    readField,
    sha256,
    dedupScope: 'event',
    osTypeFallback: OS_TYPE_FALLBACK,
  });
}
