import { expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { CUTS } from '../../functions/alert/notification/alert/render-context.ts';
import { renderAlert, renderNotice } from '../../functions/alert/notification/index.ts';
import { random, scale, seed } from '../scale.ts';
import { alertOf, OPTIONS, RULE, runKeyEvent, USER_SID, writeEvent } from './fixture.ts';
import { randomText } from './hostile-texts.ts';
import { MOST_BYTES, publishedBytes } from './published-bytes.ts';

const KEY = `${USER_SID}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`;

it('keeps an ordinary alert whole in every locale', () => {
  for (const locale of ['en', 'zh-CN', 'both'] as const) {
    const message = renderAlert(alertOf(runKeyEvent()), {
      ...OPTIONS,
      locale,
      kibanaUrl: 'https://kibana.acme.example/s/soc',
    });
    expect(message.cut).toEqual([]);
    expect(JSON.parse(message.default).truncated).toBe(false);
  }
});

/** Events that make more and more of the cuts necessary. */
const GROWING: readonly (readonly [string, JsonObject, readonly string[]])[] = [
  ['a large event', runKeyEvent({ other: 'x'.repeat(250_000) }), ['event']],
  [
    'long values',
    writeEvent({
      key: KEY,
      value: 'v',
      strings: Array.from({ length: 40 }, (_, at) => `${at}${'y'.repeat(20_000)}`),
    }),
    ['event', 'languages', 'neighbours', 'values'],
  ],
];

it.each(GROWING)('cuts in the fixed order: %s', (_, event, cut) => {
  const message = renderAlert(alertOf(event), OPTIONS);
  expect(message.cut).toEqual(cut);
  expect(CUTS.slice(0, cut.length)).toEqual(cut);
  expect(publishedBytes(message)).toBeLessThanOrEqual(MOST_BYTES);
  expect(JSON.parse(message.default).truncated).toBe(true);
  // What was cut is named; first lines, evidence and queries stay.
  expect(message.email).toMatch(/Left out to fit the size limit: the whole event/);
  expect(message.email).toMatch(/^Runs/m);
  expect(message.email).toMatch(/^EVIDENCE/m);
  expect(message.email).toContain('aws s3api get-object');
  const document = JSON.parse(message.default);
  expect(document.cut).toEqual(cut);
  expect(document.event).toBeNull();
  expect(document.evidence.record).toBe(18_204);
});

it('says in Chinese what was cut', () => {
  const message = renderAlert(alertOf(GROWING[0]![1]), { ...OPTIONS, locale: 'zh-CN' });
  expect(message.email).toContain('因大小限制省略：完整事件。');
});

it('counts bytes and not characters', () => {
  // Three bytes each, so that counting characters would admit more.
  const message = renderAlert(alertOf(runKeyEvent({ other: '证'.repeat(70_000) })), OPTIONS);
  expect(publishedBytes(message)).toBeLessThanOrEqual(MOST_BYTES);
  expect(message.cut).toEqual(['event']);
});

it('keeps every query whole or leaves it out with the reason', () => {
  for (const [, event] of GROWING) {
    const document = JSON.parse(renderAlert(alertOf(event), OPTIONS).default);
    for (const { variants } of document.told.en.queries) {
      for (const { text, left_out: leftOut } of variants)
        expect((text === null) !== (leftOut === null)).toBe(true);
    }
  }
});

it('holds for any alert of up to 5 MB', () => {
  const next = random(seed());
  const count = scale(10_000);
  for (let at = 0; at < count; at++) {
    // One in five may be of megabytes: they take nine tenths of the time.
    const size = Math.floor(Math.exp(next() * Math.log(at % 5 === 0 ? 5_000_000 : 500_000)));
    const filler = randomText(next) || 'x';
    const long = filler.repeat(Math.ceil(size / filler.length)).slice(0, size);
    const field = Math.floor(next() * 4);
    const strings =
      field === 1
        ? [long]
        : field === 2
          ? Array.from({ length: 1_000 }, () => long.slice(0, size / 1_000))
          : ['C:\\a.exe'];
    const alert = alertOf(
      writeEvent(
        { key: KEY, value: field === 3 ? long.replaceAll('\\', '') : 'v', strings },
        {
          host: { id: randomText(next), name: randomText(next), os: { type: 'windows' } },
          ...(field === 0 ? { other: long } : {}),
        },
      ),
      { neighbours: { count: 6, sample: Array.from({ length: 5 }, () => ({ path: long, value: long })) } },
    );
    const locale = (['en', 'zh-CN', 'both'] as const)[at % 3]!;
    const message = renderAlert(alert, { ...OPTIONS, locale });
    const bytes = publishedBytes(message);
    if (bytes > MOST_BYTES || !message.email.isWellFormed())
      expect({ size, field, locale, bytes }).toBeNull();
    if (message.cut.length > 0) expect(JSON.parse(message.default).cut).toEqual(message.cut);
  }
}, 3_600_000);

it('holds for a digest with a million runs', () => {
  const notice = renderNotice(
    {
      id: 'ab'.repeat(32),
      kind: 'digest',
      object: { bucket: 'b', key: 'k', versionId: null, etag: null, lastModified: null },
      rule: RULE,
      total: 2_000_000,
      told: 100,
      incidents: 100,
      groups: [],
      moreGroups: 0,
      firstRecord: 1,
      lastRecord: 4_000_000,
      rest: null,
      records: Array.from({ length: 1_000_000 }, (_, at) => ({ from: at * 4, to: at * 4 + 1 })),
    },
    OPTIONS,
  );
  expect(publishedBytes(notice)).toBeLessThanOrEqual(MOST_BYTES);
  expect(notice.cut).toEqual(['records']);
  expect(notice.email).toContain('[+999800]');
});
