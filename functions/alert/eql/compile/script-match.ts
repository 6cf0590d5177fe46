import { compileCheckedRegex, compileNode } from '../match/regex/regex.ts';
import { parseRegex } from '../match/regex/regex-parse.ts';
import type { Match } from '../syntax/ast.ts';
import { FaultFound } from '../syntax/error.ts';
import { scriptWildcard } from './script-wildcard.ts';

/** Whether a text computed by a script matches one of the constants of `:`, `like` or `regex`. */
export function scriptMatch({ operator, constants }: Match): (text: string) => boolean {
  const patterns = constants.map(constant => String(constant.value));
  const isInsensitive = operator !== 'like' && operator !== 'regex';
  const isRegex = operator === 'regex' || operator === 'regex~';
  if (isRegex && matchesAll(patterns)) return () => true;
  const tests = patterns.map(pattern =>
    isRegex
      ? compileCheckedRegex(pattern, { dialect: 'java', isInsensitive }).matches
      : scriptWildcard(pattern, isInsensitive),
  );
  return text => tests.some(test => test(text));
}

/**
 * A pattern that Lucene finds to match every text becomes a test for a value (`ReplaceRegexMatch`), line breaks or not.
 */
function matchesAll(patterns: readonly string[]): boolean {
  if (!patterns.some(pattern => pattern.includes('*'))) return false;
  try {
    const nodes = patterns.map(pattern => parseRegex(pattern, { dialect: 'lucene', isInsensitive: false }));
    return compileNode({ kind: 'choice', nodes }).isTotal();
  } catch (error) {
    if (error instanceof FaultFound) return false;
    throw error;
  }
}
