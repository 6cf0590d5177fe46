import { actOf } from '../queries/event-act.ts';
import { isWmiWrite } from '../queries/query-subject.ts';
import { eventTexts } from '../text/event-texts.ts';
import { data, hostDatum, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';

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
    const shown = data(isProse ? name.slice(name.lastIndexOf('\\') + 1) : name, most);
    const whole: Text =
      pid === null ? [shown] : words.say('initiator.pid', { name: shown, pid: data(pid, 20) });
    return words.say(sentence, { process: whole });
  }
}

/** Whether WMI wrote, and therefore on behalf of another process. */
export const isWmi = ({ alert: { facts } }: RenderContext): boolean => isWmiWrite(facts);
