import type { Localized } from '../../ruleset/index.ts';
import { encode } from './untrusted.ts';

/**
 * Text of an event, or of whoever wrote the object: shown encoded, and recognisable as data, in every form of a
 * message. `before` is a prefix of ours, such as `s3://bucket/`.
 */
export type Datum = {
  readonly data: string;
  readonly most: number;
  readonly before?: string;
  /** The name or address of one of the reader's hosts: shown unchanged if it is nothing more than one. */
  readonly isHost?: boolean;
};

/** Our own text that is a name, a path or a command and not prose. */
export type Code = { readonly code: string };

/** How prose refers to a query of the same message; `anchor` is its id if that differs. */
type Reference = { readonly query: string; readonly anchor?: string };

/** An address of ours. */
/** `label`: shown in place of the address where links are possible; default: the AWS console. */
export type Link = { readonly link: string; readonly label?: string };

export type Piece = string | Datum | Code | Reference | Link;

/** A piece of prose that every form of a message can show: a string in it is ours. */
export type Text = readonly Piece[];

/** Longest form in which one field is shown, in characters of its encoded form; the omitted rest is counted there. */
const LONGEST_FIELD = 512;

export const data = (text: string, most = LONGEST_FIELD): Datum => ({ data: text, most });

/** A name within a sentence of ours, in quotes if it could be taken for a part of the sentence. */
export const named = (name: string, most?: number): Text =>
  /[,;()"，；：（）、。“”]|:\s|\s[-+]\s/.test(name) ? ['"', data(name, most), '"'] : [data(name, most)];

/** One of the reader's hosts, by name or address, to be copied into a console. */
export const hostDatum = (text: string, most = 128): Datum => ({ data: text, most, isHost: true });

export const code = (text: string): Code => ({ code: text });

/** A datum as every form of a message shows it, in its own quoting: the encoded text after a prefix of ours. */
export const shownDatum = ({ data, most, before = '', isHost }: Datum): string =>
  isHost && HOST.test(data) && data.length <= most ? data : before + encode(data, most);

/** A host name or an IP address, and nothing that could be a scheme, a path or markup. */
const HOST =
  /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63}){0,8}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})$/;

/** A piece as plain text. */
export function plainPiece(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  if ('data' in piece) return shownDatum(piece);
  if ('link' in piece) return piece.link;
  return 'query' in piece ? piece.query : piece.code;
}

/** Fills a sentence of ours: `{name}` is replaced by `values.name`, `{name|record|records}` by the form for that count. */
export function fill(sentence: string, values: { readonly [name: string]: Text | Piece | number }): Text {
  return sentence.split(/\{(\w+(?:\|[^{}]*)?)\}/).flatMap((part, at): Text => {
    if (at % 2 === 0) return part === '' ? [] : [part];
    const [name, one, many] = part.split('|');
    const value = values[name!];
    if (value === undefined) throw new Error(`the sentence ${JSON.stringify(sentence)} lacks {${name}}`);
    if (one !== undefined) return [value === 1 ? one : many!];
    return Array.isArray(value) ? value : [typeof value === 'number' ? formatted(value) : (value as Piece)];
  });
}

const WIDE = /[\u3001-\u303f\u4e00-\u9fff\uff00-\uff60]/;
const WIDE_SIGN = /[\u3001-\u303f\uff00-\uff60]/;

/**
 * Chinese typography: there is a space between a Chinese and a Latin word, but not between two Chinese ones nor beside
 * a full-width sign. What is filled into a sentence decides which it is.
 */
export function tidied(text: Text): Text {
  return text.flatMap((piece, at): Text => {
    if (typeof piece !== 'string') return [piece];
    const before = at === 0 ? '' : plainPiece(text[at - 1]!).slice(-1);
    const after = at === text.length - 1 ? '' : plainPiece(text[at + 1]!).slice(0, 1);
    const start = piece.startsWith(' ') && needsNoBlank(before, piece[1] ?? after) ? 1 : 0;
    const rest = piece.slice(start);
    const isOver = rest.endsWith(' ') && needsNoBlank(rest.at(-2) ?? before, after);
    const shown = isOver ? rest.slice(0, -1) : rest;
    return shown === '' ? [] : [shown];
  });
}

const needsNoBlank = (before: string, after: string): boolean =>
  before !== '' &&
  after !== '' &&
  (WIDE_SIGN.test(before) || WIDE_SIGN.test(after) || (WIDE.test(before) && WIDE.test(after)));

/** Joins texts with our own words between them. */
export function joined(texts: readonly Text[], between: string): Text {
  return texts.flatMap((text, at) => (at === 0 ? text : [between, ...text]));
}

/** 18204 as `18,204`, in both languages. */
export function formatted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Milliseconds UTC as such a moment, to the second. */
export const momentOf = (ms: number): string => moment(new Date(Math.floor(ms / 1000) * 1000).toISOString());

/** 2026-11-24T02:48:10.000Z as `2026-11-24 02:48:10 UTC`; milliseconds are kept where there are any. */
export function moment(iso: string): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  return `${new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')} UTC`;
}

const UNITS: readonly { readonly ms: number; readonly words: Localized; readonly plural: Localized }[] = [
  { ms: 86_400_000, words: { en: 'day', 'zh-CN': '天' }, plural: { en: 'days', 'zh-CN': '天' } },
  { ms: 3_600_000, words: { en: 'h', 'zh-CN': '小时' }, plural: { en: 'h', 'zh-CN': '小时' } },
  { ms: 60_000, words: { en: 'min', 'zh-CN': '分钟' }, plural: { en: 'min', 'zh-CN': '分钟' } },
  { ms: 1000, words: { en: 's', 'zh-CN': '秒' }, plural: { en: 's', 'zh-CN': '秒' } },
];

/** `10:46:51`, with the date if the zone has another one than UTC. */
export function localTime(ms: number, timeZone: string): string {
  if (clock?.timeZone !== timeZone) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    clock = { timeZone, format };
  }
  const local = clock.format.format(ms);
  return local.startsWith(new Date(ms).toISOString().slice(0, 10)) ? local.slice(11) : local;
}

/** Of the last zone, which is the only one of a function: making it takes 50 µs and more. */
let clock: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | undefined;

/** A duration in its two largest units: `1 min 19 s`. */
export function duration(ms: number, locale: keyof Localized): string {
  const seconds = Math.round(Math.abs(ms) / 1000) * 1000;
  const first = UNITS.findIndex(unit => seconds >= unit.ms);
  const units = UNITS.slice(first < 0 ? -1 : first).slice(0, 2);
  let rest = seconds;
  const parts = units.flatMap((unit, at) => {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    const words = count === 1 ? unit.words : unit.plural;
    return count === 0 && at > 0 ? [] : [`${count} ${words[locale]}`];
  });
  return parts.join(' ');
}
