import { describe, expect, it } from 'vitest';
import { READ_CODES } from '../../functions/alert/logs/damage.ts';
import { SKIP_CODES } from '../../functions/alert/logs/skips.ts';
import { CODE_MEANINGS } from '../../functions/alert/notification/notice/code-meanings.ts';
import { noticeEn } from '../../functions/alert/notification/notice/notice-sentences.en.ts';
import { noticeZhCn } from '../../functions/alert/notification/notice/notice-sentences.zh-cn.ts';
import { QUESTIONS } from '../../functions/alert/notification/queries/query-questions.ts';
import { REASONS } from '../../functions/alert/notification/queries/query-reasons.ts';
import { en } from '../../functions/alert/notification/text/sentences.en.ts';
import { zhCn } from '../../functions/alert/notification/text/sentences.zh-cn.ts';
import { duration, fill, formatted, moment, tidied } from '../../functions/alert/notification/text/text.ts';
import { OUTCOMES } from '../../functions/alert/observability/outcome-codes.ts';
import type { Localized } from '../../functions/alert/ruleset/index.ts';
import { INDICATORS } from '../ruleset/detector.ts';
import { RULE } from './fixture.ts';

type Table = { readonly [sentence: string]: string };

const TABLES: readonly (readonly [string, Table, Table])[] = [
  ['alerts', en, zhCn],
  ['notices', noticeEn, noticeZhCn],
];

const placeholders = (sentence: string): string[] =>
  [...new Set(Array.from(sentence.matchAll(/\{(\w+)\}/g), match => match[1]!))].toSorted();

describe.each(TABLES)('the sentences of %s', (_, english, chinese) => {
  it('exist in both languages, with the same to fill in', () => {
    expect(Object.keys(chinese).toSorted()).toEqual(Object.keys(english).toSorted());
    for (const [name, sentence] of Object.entries(english)) {
      const other = chinese[name]!;
      expect({ name, filled: placeholders(other) }).toEqual({ name, filled: placeholders(sentence) });
    }
  });

  it('are ASCII in English, and Chinese in Chinese', () => {
    for (const sentence of Object.values(english)) expect(sentence).toMatch(/^[\x20-\x7e]*$/);
    const same = Object.keys(english).filter(name => english[name] === chinese[name]);
    for (const name of same) expect(english[name]).toMatch(/^(ATT&CK|ETag|SHA-256|query|\{.*\}|\W+)*$/i);
    // Chinese text takes full-width signs.
    for (const sentence of Object.values(chinese)) expect(sentence).not.toMatch(/[\u4e00-\u9fff][,;:?!()]/);
  });

  it('name no command of this project', () => {
    for (const sentence of [...Object.values(english), ...Object.values(chinese)]) {
      expect(sentence).not.toMatch(/npx|npm |node |registry-alert (scan|check|explain)/);
    }
  });
});

it('says nothing in the words that readers stumbled over', () => {
  const texts = [
    ...TABLES.flatMap(([, english, chinese]) => [...Object.values(english), ...Object.values(chinese)]),
    ...[QUESTIONS, REASONS].flatMap(table =>
      Object.values<Localized>(table).flatMap(text => Object.values<string>(text)),
    ),
    ...[...RULE.locations, ...INDICATORS.list].map(({ text }) => JSON.stringify(text)),
  ];
  const refused =
    /帐户|请求者|先做|那一刻|背后是否|不能证明任何事|分类和分析|金丝雀|存入案件|Asked by|it lie where|whole way|stands in the/;
  expect(texts.filter(text => refused.test(text))).toEqual([]);
});

it('has a meaning for every code that a notice can show', () => {
  const quarantined = Object.entries(OUTCOMES).filter(([, outcome]) => outcome.class === 'quarantine');
  // These have notices of their own kind.
  const own = ['ObjectMissing', 'ObjectOverwritten', 'ObjectArchived'];
  const shown = [
    ...Object.keys(READ_CODES),
    ...Object.keys(SKIP_CODES),
    ...quarantined.map(([code]) => code).filter(code => !own.includes(code)),
  ];
  expect(Object.keys(CODE_MEANINGS).toSorted()).toEqual(shown.toSorted());
});

it.each([
  [0, '0', '0'],
  [1_234_567, '1,234,567', '1,234,567'],
])('writes %d as %s', (count, shown) => {
  expect(formatted(count)).toBe(shown);
});

it.each([
  [78_717, '1 min 19 s', '1 分钟 19 秒'],
  [-21_000, '21 s', '21 秒'],
  [400, '0 s', '0 秒'],
  [11_061_000, '3 h 4 min', '3 小时 4 分钟'],
  [86_400_000, '1 day', '1 天'],
  [3 * 86_400_000 + 3_600_000, '3 days 1 h', '3 天 1 小时'],
  [540_000, '9 min', '9 分钟'],
])('says %d ms as %s and %s', (ms, english, chinese) => {
  expect(duration(ms, 'en')).toBe(english);
  expect(duration(ms, 'zh-CN')).toBe(chinese);
});

it('writes moments in UTC, with milliseconds where there are any', () => {
  expect(moment('2026-11-24T02:48:10.000Z')).toBe('2026-11-24 02:48:10 UTC');
  expect(moment('2026-11-24T04:48:10.283+02:00')).toBe('2026-11-24 02:48:10.283 UTC');
});

it('refuses a sentence with nothing for a placeholder', () => {
  expect(() => fill('a {b}', {})).toThrow('lacks {b}');
});

it('sets Chinese without blanks beside full-width signs and between Chinese words', () => {
  const datum = { data: 'x', most: 9 };
  expect(tidied(['上写入了 ', '自启动项'])).toEqual(['上写入了', '自启动项']);
  expect(tidied(['上写入了 ', 'cmd.exe'])).toEqual(['上写入了 ', 'cmd.exe']);
  expect(tidied(['（', datum, '）', ' 的帐户'])).toEqual(['（', datum, '）', '的帐户']);
});
