import type { Scalar } from '../document.ts';
import { foldAscii, foldNothing, foldUnicode } from '../match/case-folding.ts';
import { compilePatterns } from '../match/wildcard/wildcard.ts';
import { asText, type CaseFolding } from './field-test.ts';

/**
 * Patterns whose wildcards cover no separator, quote, control character or parent folder (`\..\`): what follows one
 * of these in a command is another command, or another file.
 */
export function strictWildcard(
  patterns: readonly string[],
  isInsensitive: boolean,
  caseFolding: CaseFolding,
): (value: Scalar) => boolean {
  const fold = isInsensitive ? (caseFolding === 'unicode' ? foldUnicode : foldAscii) : foldNothing;
  const tests = patterns.map(pattern => {
    const set = compilePatterns([pattern], fold);
    const dangers = dangersIn(pattern);
    // The literals of a pattern occur in every value that it matches, so anything beyond them is covered by a wildcard.
    return (value: string) => set.matches(value) && dangersIn(value) === dangers;
  });
  return value => {
    const text = asText(value);
    return tests.some(test => test(text));
  };
}

const SEPARATORS = /[/&|^%,;"'`\u2018-\u201f\u2028\u2029\p{Cc}\p{Cf}]/gu;
/** A part of a path that leads up; Windows drops dots and spaces at the end of a part. */
const WAY_UP = /(?<=^|\\)\.\.[. ]*(?=\\|$)/g;

function dangersIn(text: string): number {
  return (text.match(SEPARATORS)?.length ?? 0) + (text.match(WAY_UP)?.length ?? 0);
}
