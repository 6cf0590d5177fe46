import { data, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';

/** The host, by its name, else by its id. */
export function hostOf({ alert: { facts }, words }: RenderContext, most = 128): Text {
  const name = facts.hostName ?? facts.hostId;
  return name === null ? words.say('host.unknown') : [data(name, most)];
}

/** Whose part of the registry was written: well-known accounts by name, a user's SID whole. */
export function ownerOf({ alert: { facts }, words }: RenderContext): Text {
  const { kind, sid } = facts.owner;
  if (kind === 'machine') return words.say('owner.machine');
  if (sid === null) return words.say('owner.other');
  const values = { sid: data(sid, 200) };
  // Relative id 500 is the built-in Administrator of its domain or machine.
  if (kind === 'user' && sid.endsWith('-500')) return words.say('owner.administrator', values);
  return words.say(`owner.${kind}`, values);
}

/** Who asked, with as much certainty as the event allows. */
export function requesterOf(context: RenderContext): Text {
  const { alert, words } = context;
  const { requester, writer } = alert.facts;
  if (!isWmi(context)) {
    const name = data(writer.name ?? writer.executable ?? '?', 200);
    return writer.pid === null ? [name] : words.say('by.process', { name, pid: data(writer.pid, 20) });
  }
  if (requester.kind === 'absent' || requester.name === null) return words.say('asked.absent');
  const name = data(requester.name, 200);
  return requester.pid === null
    ? words.say(requester.kind === 'broker' ? 'asked.broker-no-pid' : 'asked.named-no-pid', { name })
    : words.say(requester.kind === 'broker' ? 'asked.broker' : 'asked.named', {
        name,
        pid: data(requester.pid, 20),
      });
}

/** Which word goes before the requester. */
export function askedHow(context: RenderContext): 'asked' | 'asked-through' | 'by' {
  if (!isWmi(context)) return 'by';
  return context.alert.facts.requester.kind === 'broker' ? 'asked-through' : 'asked';
}

/** The write was WMI's, on behalf of somebody; another rule's process acted itself. */
export function isWmi({ alert: { facts } }: RenderContext): boolean {
  return facts.writer.name === null || /^wmiprvse\.exe$/i.test(facts.writer.name);
}
