import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Detector, makeDetector } from '../../detection/index.ts';
import { type Mapping, OS_TYPE_FALLBACK, rawForms, readField, readFields } from '../../logs/index.ts';
import { inflateStart, loadIndicators, loadRules, sha256 } from '../../pipeline/index.ts';
import type { Io } from '../io.ts';

/**
 * The rules of a directory, or that of one folder even if it is disabled, as one detector with the function's default
 * settings. Refused rules are reported on standard error if others can run.
 */
export function loadDetector(
  directory: string,
  io: Io,
  mapping: Mapping = 'extended',
): { readonly detector: Detector; readonly isWhole: boolean } {
  let isWhole = true;
  const isOne = existsSync(join(directory, 'rule.toml'));
  const root = isOne ? dirname(resolve(directory)) : directory;
  const rules = loadRules(root, isOne ? [basename(resolve(directory))] : null, refused => {
    isWhole = false;
    io.err(`${refused.message}\n`);
  });
  const detector = makeDetector(rules, {
    readField,
    readFields,
    sha256,
    dedupScope: 'event',
    osTypeFallback: OS_TYPE_FALLBACK,
    indicators: loadIndicators(root),
    inflate: inflateStart,
    mapping: { name: mapping, forms: rawForms(mapping) },
  });
  return { detector, isWhole };
}
