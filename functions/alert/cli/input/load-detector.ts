import { type Detector, makeDetector } from '../../detection/index.ts';
import { OS_TYPE_FALLBACK, readField } from '../../logs/index.ts';
import { loadRules, sha256 } from '../../pipeline/index.ts';

/** The rules of a directory as one judge, with the settings that the function has unless it is told otherwise. */
export function detectorOf(directory: string): Detector {
  return makeDetector(loadRules(directory), {
    readField,
    sha256,
    dedupScope: 'event',
    osTypeFallback: OS_TYPE_FALLBACK,
  });
}
