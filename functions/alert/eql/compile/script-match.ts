import { compileRegex } from '../match/regex/regex.ts';
import type { Match } from '../syntax/ast.ts';
import { scriptWildcard } from './script-wildcard.ts';

/** Whether a text that a script computed matches one of the constants of `:`, `like` or `regex`. */
export function scriptMatch({ operator, constants }: Match): (text: string) => boolean {
  const tests = constants.map(constant => {
    const pattern = String(constant.value);
    return operator === 'regex' || operator === 'regex~'
      ? compileRegex(pattern, { dialect: 'java', isInsensitive: operator === 'regex~' })
      : scriptWildcard(pattern, operator !== 'like');
  });
  return text => tests.some(test => test(text));
}
