import type { Localized } from '../../ruleset/index.ts';

/** Names of the characters most often shown by code. */
const NAMES: { readonly [code: string]: Localized } = {
  '0000': { en: 'NUL', 'zh-CN': 'NUL' },
  '0009': { en: 'tab', 'zh-CN': '制表符' },
  '000A': { en: 'line feed', 'zh-CN': '换行' },
  '000D': { en: 'carriage return', 'zh-CN': '回车' },
  '001B': { en: 'escape', 'zh-CN': 'ESC 控制符' },
  '0020': { en: 'blank', 'zh-CN': '空格' },
  '0026': { en: 'ampersand', 'zh-CN': '与号' },
  '003C': { en: 'less-than sign', 'zh-CN': '小于号' },
  '003E': { en: 'greater-than sign', 'zh-CN': '大于号' },
  '0040': { en: 'at sign', 'zh-CN': 'at 符号' },
  '005B': { en: 'square bracket', 'zh-CN': '左方括号' },
  '0060': { en: 'backtick', 'zh-CN': '反引号' },
  '00A0': { en: 'no-break space', 'zh-CN': '不换行空格' },
  '00AD': { en: 'soft hyphen', 'zh-CN': '软连字符' },
  '200B': { en: 'zero-width space', 'zh-CN': '零宽空格' },
  '200C': { en: 'zero-width non-joiner', 'zh-CN': '零宽不连字' },
  '200D': { en: 'zero-width joiner', 'zh-CN': '零宽连字' },
  '2028': { en: 'line separator', 'zh-CN': '行分隔符' },
  '202D': { en: 'left-to-right override', 'zh-CN': '强制从左到右' },
  '202E': { en: 'right-to-left override', 'zh-CN': '强制从右到左' },
  '2066': { en: 'left-to-right isolate', 'zh-CN': '从左到右隔离' },
  '2067': { en: 'right-to-left isolate', 'zh-CN': '从右到左隔离' },
  '3000': { en: 'ideographic space', 'zh-CN': '全角空格' },
  FEFF: { en: 'byte order mark', 'zh-CN': '字节顺序标记' },
};

const KINDS: readonly (readonly [RegExp, Localized])[] = [
  [/\p{Script=Cyrillic}/u, { en: 'Cyrillic letter', 'zh-CN': '西里尔字母' }],
  [/\p{Script=Greek}/u, { en: 'Greek letter', 'zh-CN': '希腊字母' }],
  [/\p{Cs}/u, { en: 'half of a pair', 'zh-CN': '不成对的代理项' }],
  [/\p{Cc}/u, { en: 'control character', 'zh-CN': '控制字符' }],
];

/** The character of a code, such as `202E`; `null`: no common name. */
export function nameOf(code: string, locale: keyof Localized): string | null {
  const named = Object.hasOwn(NAMES, code) ? NAMES[code] : undefined;
  if (named) return named[locale];
  const character = String.fromCodePoint(Number.parseInt(code, 16));
  return KINDS.find(([pattern]) => pattern.test(character))?.[1][locale] ?? null;
}
