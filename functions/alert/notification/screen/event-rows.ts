import { dataLines } from '../alert/data-line.ts';
import { accountOf, initiatorOf } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import type { Row } from '../alert/section.ts';
import { actOf, isDeletion } from '../queries/event-act.ts';
import { eventTexts } from '../text/event-texts.ts';
import { data, duration, joined, moment, momentOf, named, type Text } from '../text/text.ts';
import type { Effect } from './effect.ts';
import type { Room } from './room.ts';

/** What the event did, and its effect. */
export function runsRow(context: RenderContext, effect: Effect, room: Room): Row {
  const { alert, words } = context;
  const act = actOf(alert);
  if (act !== null) {
    // Other than a registry event: what ran, was loaded, connected to or written.
    const { kind, what, file } = act;
    return {
      label: words.label(`label.act-${kind}`),
      text: what === null ? words.say('when.unknown') : [data(what, room.length)],
      more: file === null || what === null || what.includes(file) ? [] : [[data(file, room.length)]],
    };
  }
  // If it is decoded below, its beginning is enough here.
  const most = alert.payload.decoded.length > 0 ? Math.min(room.length, 100) : room.length;
  const [first, ...rest] = dataLines(context, most, room.strings);
  const expanded = (room.hasExtras ? alert.payload.commands : [])
    .filter(({ startedBy, original, expanded: whole }) => startedBy === null && whole !== original)
    .slice(0, 1)
    .map(({ expanded: whole }) => words.say('runs.expanded', { command: data(whole, Math.min(most, 120)) }));
  const warning = alert.payload.addresses.some(({ kind, text }) => kind === 'unc' && !isOwnHost(text, alert))
    ? [words.say('note.remote')]
    : [];
  return {
    label: words.label(isDeletion(alert) ? 'label.deleted' : `label.${effect.kind}`),
    text: first!,
    more: [...rest, ...expanded, effect.text, ...warning],
  };
}

/** `\\127.0.0.1\C$` and the like: another path to this machine. */
function isOwnHost(unc: string, { facts }: RenderContext['alert']): boolean {
  const server = /^[\\/]{2}([^\\/]+)/.exec(unc)?.[1]?.toLowerCase() ?? '';
  const name = facts.hostName?.toLowerCase() ?? '';
  return (
    /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\.|--1\.ipv6-literal\.net|\[::1\])$/.test(server) ||
    (server !== '' && (server === name || server === name.split('.')[0]))
  );
}

/** The registry value and its key. */
export function valueRow({ alert, words }: RenderContext, room: Room): Row | null {
  if (actOf(alert) !== null) return null;
  const { hive, key, value, type } = alert.facts.registry;
  const name = value === '' ? words.say('written.default-value') : named(value, Math.min(room.length, 80));
  return {
    label: words.label('label.value'),
    text: type === null ? name : words.say('written.value-of-type', { name, type: data(type, 24) }),
    more: [keyWithin(hive === '' ? key : `${hive}\\${key}`, room.length)],
  };
}

/** Of a long key its last segments: the headline says whose it is, and its beginning is alike for all. */
function keyWithin(key: string, most: number): Text {
  if (key.length <= most) return [data(key, most)];
  const at = key.indexOf('\\', key.length - most);
  return at < 0 ? [data(key, most)] : ['…\\', data(key.slice(at + 1), most)];
}

/** Who initiated it, with the account and the command line if the event has them. */
export function initiatorRow(context: RenderContext, room: Room): Row {
  const { alert, words } = context;
  const label = words.label('label.initiator');
  const initiator = initiatorOf(context, false, Math.min(room.length, 120));
  if (!room.hasExtras) return { label, text: initiator };
  const account = accountOf(alert.event);
  const act = actOf(alert);
  const [line] = act === null ? eventTexts(alert.event, 'process.command_line') : [act.by.line];
  return {
    label,
    text:
      account === null
        ? initiator
        : words.say('initiator.account', { initiator, account: named(account, 60) }),
    more: line ? [[data(line, Math.min(room.length, 160))]] : [],
  };
}

/** The innermost decoded text, and addresses that are not visible otherwise. */
export function decodedRow({ alert: { facts, payload }, words }: RenderContext, room: Room): Row | null {
  const label = words.label('label.decoded');
  const [layer] = payload.decoded.toSorted((a, b) => b.depth - a.depth);
  const shown = payload.addresses.slice(0, room.addresses).map(({ text }): Text => [data(text, 120)]);
  const count = payload.addresses.length - shown.length;
  const addresses = joined(shown, words.comma);
  const counted = (text: Text): Text =>
    count > 0 ? joined([text, words.say('data.more', { count })], words.comma) : text;
  const list: readonly Text[] =
    shown.length === 0 ? [] : [words.say('decoded.addresses', { addresses: counted(addresses) })];
  if (layer !== undefined)
    return { label, text: [data(layer.text.trim().replace(/\s+/g, ' '), room.decoded)], more: list };
  // Text that is not cut shows its addresses itself.
  const isCut = facts.registry.data.some(text => text.length > room.length);
  return isCut && list.length > 0
    ? { label: words.label('label.addresses'), text: counted(addresses) }
    : null;
}

/** The time of the event, in local time as well, and how much later the log was uploaded. */
export function whenRow({ alert: { facts, lag, evidence }, options, words }: RenderContext): Row {
  const { locale, say } = words;
  const { timestampMs: ms, timestamp } = facts;
  const utc: Text =
    ms === null
      ? say(timestamp === null ? 'when.unknown' : 'when.unreadable', { text: data(timestamp ?? '', 40) })
      : [momentOf(ms)];
  const { timeZone } = options;
  const time = ms === null ? utc : words.zoned(utc, ms, timeZone);
  return { label: words.label('label.when'), text: withUpload() };

  function withUpload(): Text {
    const { uploadMs, exceedsLookBack } = lag;
    if (uploadMs !== null) {
      const sentence = uploadMs < 0 ? 'when.before' : exceedsLookBack ? 'when.late' : 'when.after';
      return say(sentence, { time, duration: duration(uploadMs, locale) });
    }
    if (evidence.lastModified === null) return time;
    return say('when.uploaded-at', { time, upload: moment(evidence.lastModified) });
  }
}
