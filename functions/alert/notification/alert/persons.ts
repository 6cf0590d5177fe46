import type { Alert } from '../../detection/index.ts';
import type { Locale } from '../../ruleset/index.ts';
import { actOf } from '../queries/event-act.ts';
import { isWmiWrite } from '../queries/query-subject.ts';
import { anchorOf, HOUR, windowAround } from '../queries/time-window.ts';
import { eventTexts } from '../text/event-texts.ts';
import { data, hostDatum, joined, type Link, named, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';
import type { Row } from './section.ts';

/** The host, by its name, else by its id. */
export function hostOf({ alert: { facts }, words }: RenderContext, most = 64): Text {
  const name = facts.hostName ?? facts.hostId;
  return name === null ? words.say('host.unknown') : [hostDatum(name, most)];
}

/** The owner of the part of the registry that was written: well-known accounts by name, a user by name and SID. */
export function ownerOf({ alert: { facts, event }, words }: RenderContext): Text {
  const { kind, sid } = facts.owner;
  if (kind === 'machine') return words.say('owner.machine');
  if (sid === null) return words.say('owner.other');
  const values = { sid: data(sid, 200) };
  const [id, name] = [eventTexts(event, 'user.id')[0], accountOf(event)];
  const isPerson = kind === 'user' || kind === 'entra-user';
  if (isPerson && name !== null && id?.toLowerCase() === sid.toLowerCase())
    return words.say('owner.named', { ...values, name: data(name, 60) });
  // Relative id 500 is the built-in Administrator of its domain or machine.
  if (kind === 'user' && sid.endsWith('-500')) return words.say('owner.administrator', values);
  return words.say(`owner.${kind}`, values);
}

/** `CORP\alice`, the account that the event names. */
export function accountOf(event: RenderContext['alert']['event']): string | null {
  const [name] = eventTexts(event, 'user.name');
  const [domain] = eventTexts(event, 'user.domain');
  return name === undefined ? null : domain === undefined ? name : `${domain}\\${name}`;
}

/** Who initiated it, with the certainty that the event allows; in prose only by the file's name. */
export function initiatorOf(context: RenderContext, isProse = false, most = 60): Text {
  const { alert, words } = context;
  const { requester, writer } = alert.facts;
  if (!isWmi(context) && (requester.kind !== 'named' || requester.name === null)) {
    const act = actOf(alert);
    const [path, pid] =
      act === null ? [writer.executable ?? writer.name, writer.pid] : [act.by.path, act.by.pid];
    return path === null ? words.say('initiator.unknown') : process('initiator.process', path, pid);
  }
  if (requester.kind === 'absent' || requester.name === null) return words.say('initiator.absent');
  return process(
    requester.kind === 'broker' ? 'initiator.broker' : 'initiator.named',
    requester.name,
    requester.pid,
  );

  function process(
    sentence: 'initiator.process' | 'initiator.broker' | 'initiator.named',
    name: string,
    pid: string | null,
  ): Text {
    const shown = named(isProse ? name.slice(name.lastIndexOf('\\') + 1) : name, most);
    const whole: Text =
      pid === null ? shown : words.say('initiator.pid', { name: shown, pid: data(pid, 20) });
    return words.say(sentence, { process: whole });
  }
}

/** Whether WMI wrote, and therefore on behalf of another process. */
export const isWmi = ({ alert: { facts } }: RenderContext): boolean => isWmiWrite(facts);

/** What the event says of the host, and where its product shows it; `null`: nothing. `longest`: of the system's name. */
export function hostRow({ alert, words }: RenderContext, longest: number): Row | null {
  const { event } = alert;
  const [name] = [...eventTexts(event, 'host.os.full'), ...eventTexts(event, 'host.os.name')];
  const [version] = eventTexts(event, 'host.os.version');
  const [agent] = eventTexts(event, 'agent.version');
  // Link-local addresses identify no host; two of the others are enough to find it.
  const addresses = eventTexts(event, 'host.ip').filter(ip => !/^(fe80:|169\.254\.|127\.|::1$)/i.test(ip));
  const os = [name, name?.includes(version ?? '\0') ? undefined : version].filter(text => text !== undefined);
  const parts: readonly Text[] = [
    ...addresses.slice(0, 2).map((ip): Text => [hostDatum(ip, 64)]),
    ...(os.length === 0 ? [] : [[data(os.join(' '), longest)]]),
    ...(agent === undefined ? [] : [words.say('host.agent', { version: hostDatum(agent, 40) })]),
  ];
  const page = productPage(alert, words.locale);
  if (parts.length === 0 && page === null) return null;
  const text = joined(parts, words.comma);
  return { label: words.label('label.host'), text, more: page === null ? [] : [[page]] };
}

/**
 * The host's timeline in its product's console, an hour around the event. Only Defender's has the same address for all
 * customers; a device id in another form than Microsoft's is not put into a link.
 */
function productPage(alert: Alert, locale: Locale): Link | null {
  const [device = ''] = eventTexts(alert.event, 'host.id');
  if (alert.source.product !== 'defender-xdr' || !/^[0-9a-f]{40}$/i.test(device)) return null;
  const page = `https://security.microsoft.com/machines/${device.toLowerCase()}/timeline`;
  const anchor = anchorOf(alert);
  const range = anchor && windowAround(anchor, HOUR / 2, HOUR / 2, locale).range;
  return { link: range ? `${page}?from=${range.from}&to=${range.to}` : page, label: 'Microsoft Defender' };
}
