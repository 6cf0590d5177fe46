import { foldJava } from '../match/case-folding.ts';
import { compileRegex, escapeRegex } from '../match/regex/regex.ts';
import { hasWildcard } from '../match/wildcard/wildcard-pattern.ts';

/** A pattern inside a script: there it becomes a Java regular expression, whose dot stops at line breaks. */
export function scriptWildcard(pattern: string, isInsensitive: boolean): (value: string) => boolean {
  if (!hasWildcard(pattern)) {
    if (!isInsensitive) return value => value === pattern;
    const folded = foldJava(pattern);
    return value => foldJava(value) === folded;
  }
  // A pattern that accepts every text becomes a test for a value.
  if (/^\*+$/.test(pattern)) return () => true;
  const regex = pattern
    .split(/([*?])/)
    .map(piece => (piece === '*' ? '.*' : piece === '?' ? '.' : escapeRegex(piece)))
    .join('');
  return compileRegex(regex, { dialect: 'java', isInsensitive }).matches;
}
