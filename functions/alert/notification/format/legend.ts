import { nameOf } from '../text/character-names.ts';
import type { Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';

const MOST_NAMES = 6;

/** How to read the data of a message and its subject, if any of it is not shown unchanged. */
export function legendOf(message: string, { comma, locale, say }: Words, subject = ''): readonly Text[] {
  const codes = [...new Set(Array.from(message.matchAll(/\[U\+([0-9A-F]{4,6})\]/g), match => match[1]!))];
  const named = codes.flatMap(code => {
    const name = nameOf(code, locale);
    return name === null ? [] : [`[U+${code}] ${name}`];
  });
  const names = named.slice(0, MOST_NAMES).join(comma);
  return [
    ...(named.length > 0
      ? [say('legend.codes', { names })]
      : codes.length > 0
        ? [say('legend.codes-nameless', { names: `[U+${codes[0]}]` })]
        : []),
    ...(/\[(?:[:.]|\\\\)\]/.test(message) ? [say('legend.links')] : []),
    ...(/\[\+\d+\]/.test(message) ? [say('legend.left-off')] : []),
    ...(subject.includes('~') ? [say('legend.subject')] : []),
  ];
}
