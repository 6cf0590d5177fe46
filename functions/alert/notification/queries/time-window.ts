import type { Alert } from '../../detection/index.ts';
import type { Locale } from '../../ruleset/index.ts';

/** ISO 8601, UTC, milliseconds: both ends inclusive. */
export type TimeRange = { readonly from: string; readonly to: string };

/** A time range, and its description for a reader. */
export type Window = { readonly range: TimeRange; readonly inWords: string };

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Limits that every date format in use can represent, including the widest window. */
const EARLIEST = Date.UTC(1971, 0, 1);
const LATEST = Date.UTC(9998, 0, 1);

/** What a range is counted from: the event, else the upload if the event has no usable time. */
export type Anchor = { readonly ms: number; readonly isEvent: boolean };

export function anchorOf(alert: Alert): Anchor | null {
  const event = alert.facts.timestampMs;
  if (event !== null && isUsable(event)) return { ms: event, isEvent: true };
  const upload = alert.evidence.lastModified === null ? Number.NaN : Date.parse(alert.evidence.lastModified);
  return isUsable(upload) ? { ms: upload, isEvent: false } : null;
}

const isUsable = (ms: number): boolean => ms >= EARLIEST && ms <= LATEST;

/** The time from `before` milliseconds before the anchor to `after` milliseconds after it. */
export function windowAround(anchor: Anchor, before: number, after: number, locale: Locale): Window {
  const range = { from: toIso(anchor.ms - before), to: toIso(anchor.ms + after) };
  return { range, inWords: IN_WORDS[locale](range, before, after, anchor.isEvent) };
}

const UNIT_MS: { readonly [unit: string]: number } = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/**
 * A guide's time range in date math, such as `now-48h/h` to `now`, where `now` is the event; an end at `now`
 * is left open, since what follows the event is searched as well. Clauses of KQL.
 */
export function dateMathWindow(anchor: Anchor, from: string, to: string, locale: Locale) {
  const [start, end] = [
    momentOf(anchor.ms, from),
    to === 'now' || to === '' ? null : momentOf(anchor.ms, to),
  ];
  const range = start === null ? null : { from: toIso(start), to: toIso(end ?? anchor.ms + 30 * DAY) };
  return {
    range,
    clauses: [
      ...(start === null ? [] : [`@timestamp >= "${toIso(start)}"`]),
      ...(end === null ? [] : [`@timestamp <= "${toIso(end)}"`]),
    ],
    inWords:
      range === null
        ? ''
        : IN_WORDS[locale](
            range,
            Math.max(0, anchor.ms - start!),
            end === null ? 0 : end - anchor.ms,
            anchor.isEvent,
          ),
  };
}

function momentOf(ms: number, math: string): number | null {
  const [, sign, count, unit, round] = /^now(?:([+-])(\d{1,6})([smhdw]))?(?:\/([smhd]))?$/.exec(math) ?? [
    '',
    '?',
  ];
  if (sign === '?') return null;
  const moved = ms + (sign === undefined ? 0 : Number(`${sign}${count}`) * UNIT_MS[unit!]!);
  const step = round === undefined ? 1 : UNIT_MS[round]!;
  return isUsable(moved) ? Math.floor(moved / step) * step : null;
}

const toIso = (ms: number): string => new Date(ms).toISOString();

const toSecond = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

type Words = (range: TimeRange, before: number, after: number, isEvent: boolean) => string;

const IN_WORDS: { readonly [locale in Locale]: Words } = {
  en: (range, before, after, isEvent) => {
    const what = isEvent ? 'the event' : 'the upload, since the event has no usable time';
    const start = before === 0 ? '' : `${spanEn(before)} before `;
    const end = after === 0 ? 'to it' : `to ${spanEn(after)} after it`;
    return `${toSecond(range.from)} to ${toSecond(range.to)} (from ${start}${what}, ${end})`;
  },
  'zh-CN': (range, before, after, isEvent) => {
    const what = isEvent ? '事件' : '上传（事件没有可用的时间）';
    const start = before === 0 ? `${what}发生时` : `${what}前 ${spanZh(before)}`;
    const end = after === 0 ? '该时刻' : `其后 ${spanZh(after)}`;
    return `${toSecond(range.from)} 至 ${toSecond(range.to)}（从${start}到${end}）`;
  },
};

function spanEn(ms: number): string {
  const { count, unit } = inUnits(ms);
  return `${count} ${count === 1 ? unit : `${unit}s`}`;
}

function spanZh(ms: number): string {
  const { count, unit } = inUnits(ms);
  return `${count} ${{ day: '天', hour: '小时', minute: '分钟' }[unit]}`;
}

function inUnits(ms: number): { readonly count: number; readonly unit: 'day' | 'hour' | 'minute' } {
  if (ms > 2 * DAY && ms % DAY === 0) return { count: ms / DAY, unit: 'day' };
  if (ms % HOUR === 0) return { count: ms / HOUR, unit: 'hour' };
  return { count: ms / MINUTE, unit: 'minute' };
}
