import { expect, it } from 'vitest';
import { decode, encode, isAltered } from '../../functions/alert/notification/text/untrusted.ts';
import { random, scale, seed } from '../scale.ts';
import { HOSTILE, randomText, UNWRITABLE } from './hostile-texts.ts';

/** What is shown, for a text; each comes back whole. */
const ROWS: readonly (readonly [text: string, shown: string])[] = [
  // Ordinary text is itself.
  ['', ''],
  ['C:\\Users\\Public\\up.exe -s', 'C:\\Users\\Public\\up.exe -s'],
  ['"C:\\Program Files (x86)\\A.B\\c.com" /d', '"C:\\Program Files (x86)\\A.B\\c.com" /d'],
  ['HKEY_USERS\\S-1-5-21-1-2-3-1107\\Software', 'HKEY_USERS\\S-1-5-21-1-2-3-1107\\Software'],
  ['%SystemRoot%\\System32\\svchost.exe -k netsvcs', '%SystemRoot%\\System32\\svchost.exe -k netsvcs'],
  ['WmiPrvSE.exe', 'WmiPrvSE.exe'],
  ['{8A69D345-D564-463c-AFF1-A69D9E530F96}', '{8A69D345-D564-463c-AFF1-A69D9E530F96}'],
  ['[a] [1] [U] [U+] [U+12] [+] [+x]', '[a] [1] [U] [U+] [U+12] [+] [+x]'],
  ['注册表 用户，数据', '注册表 用户，数据'],
  ['Zo\u0308e cafe\u0301', 'Zo\u0308e cafe\u0301'],
  ['02:46:51.283', '02:46:51.283'],
  ['2026/11/24/registry-0248.ndjson.gz', '2026/11/24/registry-0248.ndjson.gz'],
  ['C:\\a.txt:stream.exe', 'C:\\a.txt:stream.exe'],
  ['C:\\\\Windows\\\\x.exe', 'C:\\\\Windows\\\\x.exe'],
  ['version 4.0.30319', 'version 4.0.30319'],
  // What reads as an escape is not one.
  ['[U+202E]', '[U+005B]U+202E]'],
  ['[:][.][\\\\]', '[U+005B]:][U+005B].][U+005B][\\\\]]'],
  ['[+12]', '[U+005B]+12]'],
  ['[[.]', '[[U+005B].]'],
  // Unseen or active.
  ['exe\u202egpj.scr', 'exe[U+202E]gpj.scr'],
  ['run\u200bdll32', 'run[U+200B]dll32'],
  ['a\r\n\tb\0', 'a[U+000D][U+000A][U+0009]b[U+0000]'],
  ['\u001b[2J\u009b', '[U+001B][2J[U+009B]'],
  ['<b>&`@', '[U+003C]b[U+003E][U+0026][U+0060][U+0040]'],
  ['\u2028\u2029\ufeff', '[U+2028][U+2029][U+FEFF]'],
  ['\u{e0041}\ufe0f\u3164\u2800', '[U+E0041][U+FE0F][U+3164][U+2800]'],
  ['\ue000\u0378', '[U+E000][U+0378]'],
  ['\ud800x\udc00', '[U+D800]x[U+DC00]'],
  ['\u00a0a\u3000b', '[U+00A0]a[U+3000]b'],
  [' a  b ', '[U+0020]a [U+0020]b[U+0020]'],
  ['\u0301a\u0301\u0301\u0301', '[U+0301]a\u0301\u0301[U+0301]'],
  ['sv\u0441host.exe', 'sv[U+0441]host.exe'],
  ['сервис', 'сервис'],
  ['\u212aey \uff43\uff4d\uff44 \u2026', '[U+212A]ey [U+FF43][U+FF4D][U+FF44] [U+2026]'],
  // Links.
  ['\\\\evil.example\\a.exe', '[\\\\]evil[.]example\\a.exe'],
  ['"\\\\evil\\s\\a.exe" x', '"[\\\\]evil\\s\\a.exe" x'],
  ['\\\\?\\UNC\\evil\\s', '[\\\\]?\\UNC\\evil\\s'],
  ['\\??\\UNC\\evil.example\\s', '\\??\\UNC\\evil[.]example\\s'],
  [
    'Windows 11 (10.0.22631.4460), [a](b) <(c)',
    'Windows 11 (10.0.22631.4460), [a][U+0028]b) [U+003C][U+0028]c)',
  ],
  ['10.0.22.44', '10[.]0[.]22[.]44'],
  ['https://evil.example/a.php?x=1', 'https[:]//evil[.]example/a.php?x=1'],
  ['https://evil.exe:8080/', 'https[:]//evil[.]exe:8080/'],
  ['javascript:alert(1)', 'javascript[:]alert(1)'],
  // Look-alikes, alone and mixed; what is whole words of another language stays.
  [
    '\u0441\u043e\u0440\u0443.\u0435\u0445\u0435',
    '[U+0441][U+043E][U+0440][U+0443].[U+0435][U+0445][U+0435]',
  ],
  // A folder of such letters in a Russian path is ordinary, and so is a Russian name of a program; a file name is not.
  ['C:\\Папка\\сор\\отчет.exe', 'C:\\Папка\\сор\\отчет.exe'],
  [
    'C:\\Папка\\\u0441\u043e\u0440.\u0435\u0445\u0435',
    'C:\\Папка\\[U+0441][U+043E][U+0440].[U+0435][U+0445][U+0435]',
  ],
  ['C:\\Папка\\\u0441\u043e\u0440.exe', 'C:\\Папка\\[U+0441][U+043E][U+0440].exe'],
  ['C:\\a\\\u0441\u043e\u0440', 'C:\\a\\[U+0441][U+043E][U+0440]'],
  ['\u0261oogle.exe', '[U+0261]oogle.exe'],
  ['evil\uff0ecom', 'evil[U+FF0E]com'],
  ['evil\u3002com', 'evil[U+3002]com'],
  ['C:\\a\u2215b', 'C:\\a[U+2215]b'],
  [
    '\u043f\u0440\u0438\u0432\u0435\u0442 \u5b8c\u6210\u3002\u518d\u89c1',
    '\u043f\u0440\u0438\u0432\u0435\u0442 \u5b8c\u6210\u3002\u518d\u89c1',
  ],
  ['ms-msdt:/id', 'ms-msdt[:]/id'],
  ['search-ms:query=x', 'search-ms[:]query=x'],
  ['file:\\\\evil\\x', 'file[:][\\\\]evil\\x'],
  ['中文http://x', '中文http[:]//x'],
  ['evil.example', 'evil[.]example'],
  ['www.evil.exe', 'www[.]evil[.]exe'],
  ['10.11.12.13', '10[.]11[.]12[.]13'],
  ['bob@evil.example', 'bob[U+0040]evil[.]example'],
  ['пример.рф', 'пример[.]рф'],
];

it.each(ROWS)('shows %j as %j', (text, shown) => {
  expect(encode(text)).toBe(shown);
  expect(decode(shown)).toBe(text);
  expect(isAltered(text)).toBe(text !== shown);
});

/** Longest result, and what it is. */
const CUT: readonly (readonly [text: string, most: number, shown: string])[] = [
  ['abc', 3, 'abc'],
  ['abcdefgh', 3, 'abc[+5]'],
  ['abcdefg', 3, 'abcdefg'],
  ['abc[efg', 3, 'abc[+4]'],
  ['a\u202eb', 8, 'a[+2]'],
  ['a\u202ebcdefg', 9, 'a[U+202E][+6]'],
  ['\u{20000}\u{20000}\u{20000}', 5, '\u{20000}\u{20000}[+2]'],
  ['x'.repeat(5_000_000), 10, 'xxxxxxxxxx[+4999990]'],
];

it.each(CUT)('cuts on the edge of a character, and counts what is left', (text, most, shown) => {
  expect(encode(text, most)).toBe(shown);
});

const ACTIVE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}<>&@`\u115f\u1160\u3164\uffa0\u2800]|\p{Variation_Selector}/u;

it('is lossless, and lets nothing unseen or active through', () => {
  const next = random(seed());
  const count = scale(1_000_000);
  const texts = [...HOSTILE, ...UNWRITABLE.map(([text]) => text)];
  for (let at = 0; at < count; at++) {
    const text = texts[at] ?? randomText(next);
    const shown = encode(text);
    if (decode(shown) !== text || ACTIVE.test(shown) || !shown.isWellFormed()) {
      expect({ text, shown, back: decode(shown) }).toBeNull();
    }
    const most = Math.floor(next() * 40);
    const cut = encode(text, most);
    const mark = /\[\+\d+\]$/.exec(cut)?.[0] ?? '';
    // A rest that is no longer than its count is shown.
    if (cut.length - (mark.length || 4) > most || !shown.startsWith(cut.slice(0, cut.length - mark.length))) {
      expect({ text, most, cut }).toBeNull();
    }
  }
}, 3_600_000);
