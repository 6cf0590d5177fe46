import { describe, expect, it } from 'vitest';
import {
  type PivotLanguage,
  type PivotName,
  pivots,
} from '../../functions/alert/notification/queries/pivots.ts';
import type { Locale } from '../../functions/alert/ruleset/index.ts';
import { USER_SID } from './fixture.ts';
import { ask, type Differences, pivotAlert } from './pivot-fixture.ts';

describe('the time range', () => {
  it('is in the query, beside it, and in words', () => {
    const [query] = ask({}, 'tree', 'KQL');
    expect(query?.range).toEqual({ from: '2026-11-17T02:46:51.283Z', to: '2026-11-25T02:46:51.283Z' });
    expect(query?.rangeInWords).toBe(
      '2026-11-17 02:46:51 UTC to 2026-11-25 02:46:51 UTC (from 7 days before the event, to 24 hours after it)',
    );
    const chinese = pivots(pivotAlert(), 'zh-CN').find(({ name }) => name === 'tree');
    expect(chinese?.rangeInWords).toBe(
      '2026-11-17 02:46:51 UTC 至 2026-11-25 02:46:51 UTC（从事件前 7 天到其后 24 小时）',
    );
  });
  it.each([
    ['did-it-run', '(from the event, to 30 days after it)', '（从事件发生时到其后 30 天）'],
    ['previous-value', '(from 90 days before the event, to it)', '（从事件前 90 天到该时刻）'],
    [
      'remote',
      '(from 5 minutes before the event, to 5 minutes after it)',
      '（从事件前 5 分钟到其后 5 分钟）',
    ],
    [
      'registry-writes',
      '(from 1 hour before the event, to 1 hour after it)',
      '（从事件前 1 小时到其后 1 小时）',
    ],
  ])('of %s is %s', (name, english, chinese) => {
    const words = (locale: Locale) =>
      pivots(pivotAlert(), locale).find(one => one.name === name)?.rangeInWords;
    expect(words('en')).toContain(english);
    expect(words('zh-CN')).toContain(chinese);
  });
  it.each([
    ['no time', null],
    ['a time that no format can write', 8.64e15],
    ['a time before there were any', -62_135_596_800_000],
  ])('is counted from the upload when the event has %s', (_, timestampMs) => {
    const [query] = ask({ facts: { timestampMs } }, 'tree', 'KQL');
    expect(query?.range?.to).toBe('2026-11-25T02:48:10.000Z');
    expect(query?.rangeInWords).toContain('the upload, since the event has no usable time');
  });
  it('is in every query on an index', () => {
    for (const { index, range, text, leftOut, name } of pivots(pivotAlert(), 'en')) {
      if (index === null) continue;
      expect([name, leftOut]).toEqual([name, null]);
      expect(text).toContain(range!.from);
      expect(text).toContain(range!.to);
    }
  });
});

describe('a query is left out', () => {
  const nobody = { kind: 'absent', name: null, executable: null, pid: null, entityId: null } as const;
  const rows: readonly (readonly [PivotName, PivotLanguage, Differences, string])[] = [
    ['tree', 'KQL', { facts: { requester: nobody, writer: nobody } }, 'no entity id'],
    ['tree', 'ES|QL', { event: { 'event.module': 'endgame' } }, 'refuses fields'],
    ['network', 'KQL', { facts: { hostId: null, hostName: null } }, 'names no host'],
    ['remote', 'KQL', { facts: { hostId: 'a\0b' } }, 'NUL'],
    ['did-it-run', 'KQL', { facts: { isCommand: false }, registry: { data: ['1'] } }, 'not a command'],
    ['did-it-run', 'EQL', { registry: { data: [] }, facts: { program: null } }, 'no data'],
    ['did-it-run', 'KQL', { registry: { data: ['x\ud800'] }, facts: { program: null } }, 'surrogate'],
    ['did-it-run', 'KQL', { registry: { data: ['x'.repeat(1025)] }, facts: { program: null } }, '1,024'],
    ['file-origin', 'KQL', { registry: { data: ['%a%'] } }, 'not certain'],
    ['prevalence', 'ES|QL', { registry: { data: [] } }, 'no data'],
    ['previous-value', 'KQL', { registry: { path: '' } }, 'no registry path'],
    [
      'previous-value',
      'KQL',
      { facts: { timestampMs: null }, evidence: { lastModified: null } },
      'usable time',
    ],
    ['who-is-sid', 'PowerShell', { facts: { owner: { kind: 'machine', sid: null } } }, 'to the machine'],
    ['who-is-sid', 'PowerShell', { facts: { owner: { kind: 'system', sid: '.DEFAULT' } } }, 'well-known'],
    ['who-is-sid', 'PowerShell', { facts: { owner: { kind: 'mounted', sid: USER_SID } } }, 'mounted by hand'],
    [
      'who-is-sid',
      'PowerShell',
      { facts: { owner: { kind: 'user', sid: "S-1-5-21' ; calc" } } },
      'mounted by hand',
    ],
    ['hash', 'PowerShell', { facts: { isRemote: true } }, 'network or device path'],
    ['hash', 'PowerShell', { facts: { isCommand: false } }, 'not a command'],
    ['hash', 'PowerShell', { facts: { program: null } }, 'not certain'],
    ['still-there', 'PowerShell', { registry: { root: 'other' } }, 'neither HKLM nor HKEY_USERS'],
    ['still-there', 'Osquery', { registry: { certain: false } }, 'not certain'],
    ['evidence', 'AWS CLI', { evidence: { bucket: null } }, 'local file'],
    ['evidence', 'AWS CLI', { evidence: { versionId: null, etag: null } }, 'neither version nor ETag'],
    ['evidence', 'AWS CLI', { evidence: { key: 'file:///etc/passwd' } }, 'address'],
  ];
  it.each(rows)('%s in %s, %j, saying %j', (name, language, differences, words) => {
    const [query] = ask(differences, name, language);
    expect(query).toMatchObject({ text: null, leftOut: expect.stringContaining(words) });
    expect(query).not.toHaveProperty('link');
  });
});

describe('both languages', () => {
  it('say the same about the same queries, each in its own words', () => {
    const english = pivots(pivotAlert(), 'en');
    const chinese = pivots(pivotAlert(), 'zh-CN');
    expect(chinese.map(({ text }) => text)).toEqual(english.map(({ text }) => text));
    for (const [at, { question, rangeInWords }] of chinese.entries()) {
      expect(question).toMatch(/\p{Script=Han}/u);
      expect(rangeInWords).toMatch(/\p{Script=Han}/u);
      expect(english[at]!.question).not.toMatch(/\p{Script=Han}/u);
    }
  });
});
