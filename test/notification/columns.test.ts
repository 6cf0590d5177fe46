import { expect, it } from 'vitest';
import { padTo, plain, WIDTH, widthOf, wrap } from '../../functions/alert/notification/format/columns.ts';
import { code, data, type Text } from '../../functions/alert/notification/text/text.ts';

const KEY = 'HKEY_USERS\\S-1-5-21-3623811015-3361044348-30300820-1107\\Software\\Microsoft\\Windows NT\\Run';

const ROWS: readonly (readonly [what: string, text: Text, lines: readonly string[]])[] = [
  ['short text as it is', ['a b'], ['> a b']],
  [
    'long text at blanks',
    ['word '.repeat(20).trim()],
    [`> ${'word '.repeat(15).trim()}`, `  ${'word '.repeat(5).trim()}`],
  ],
  [
    'a path before a backslash, which begins the next line',
    [data(KEY)],
    [
      '> HKEY_USERS\\S-1-5-21-3623811015-3361044348-30300820-1107\\Software\\Microsoft',
      '  \\Windows NT\\Run',
    ],
  ],
  [
    'a literal of ours likewise',
    ['fits ', code(KEY)],
    [
      '> fits HKEY_USERS\\S-1-5-21-3623811015-3361044348-30300820-1107\\Software',
      '  \\Microsoft\\Windows NT\\Run',
    ],
  ],
  ['a word that is too long not at all', ['x'.repeat(90)], [`> ${'x'.repeat(90)}`]],
  [
    'no word from what follows it without a blank',
    [`${'y'.repeat(70)} `, data('abcdefgh'), ', z'],
    [`> ${'y'.repeat(70)}`, '  abcdefgh, z'],
  ],
  ['Chinese between characters', ['中'.repeat(40)], [`> ${'中'.repeat(38)}`, '  中中']],
  ['no line that begins with a closing sign', [`${'中'.repeat(38)}。`], [`> ${'中'.repeat(37)}`, '  中。']],
  [
    'no line that ends with an opening sign',
    [`${'中'.repeat(37)}（中）`],
    [`> ${'中'.repeat(37)}`, '  （中）'],
  ],
  [
    'an escape never',
    [data(`${'a'.repeat(70)} \\\\evil.example\\x`)],
    [`> ${'a'.repeat(70)}`, '  [\\\\]evil[.]example\\x'],
  ],
];

it.each(ROWS)('breaks %s', (_, text, lines) => {
  const wrapped = wrap(text, '> ', '  ').split('\n');
  expect(wrapped).toEqual(lines);
  const bare = (shown: string): string => shown.replace(/\s/g, '');
  expect(bare(wrapped.join('')).slice(1)).toBe(bare(plain(text)));
});

it('knows how wide text is', () => {
  expect(widthOf('a中，b')).toBe(6);
  expect(widthOf('e\u0301')).toBe(1);
  expect(padTo('运行', 10)).toBe(`运行${' '.repeat(6)}`);
  expect(WIDTH).toBe(78);
});
