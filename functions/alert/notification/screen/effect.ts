import { bytesOf } from '../alert/data-line.ts';
import { ownerOf } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { filled } from '../guide/fill-guide.ts';
import { actOf, isDeletion } from '../queries/event-act.ts';
import { code, type Text } from '../text/text.ts';

/** The effect of the write, with the certainty that Windows' own documentation allows. */
export type Effect = {
  readonly kind: 'runs' | 'loads' | 'may-run' | 'may-load' | 'written';
  /** When, as whom, or why no effect is known. */
  readonly text: Text;
};

/** Accounts that never log on interactively. */
const WITHOUT_LOGON = ['system', 'local-service', 'network-service', 'service'];

export function effectOf(context: RenderContext): Effect {
  const { alert, words } = context;
  const { location, facts } = alert;
  if (actOf(alert) !== null) return { kind: 'written', text: words.say('effect.not-registry') };
  if (isDeletion(alert)) return { kind: 'written', text: words.say('effect.deleted') };
  if (!facts.isCommand) return { kind: 'written', text: words.say('effect.number') };
  if (facts.registry.data.length === 0) {
    const what = bytesOf(alert.event) === null ? 'effect.absent' : 'effect.bytes';
    return { kind: 'written', text: words.say(what) };
  }
  if (facts.registry.data.every(line => line.trim() === '')) {
    return { kind: 'written', text: words.say('effect.empty') };
  }
  if (location === null) return { kind: 'written', text: words.say('effect.unknown') };
  const { when, asWhom } = location.text[words.locale];
  const values = { when: filled(when, context), who: filled(asWhom, context) };
  if (location.certainty === 'no-known-effect') {
    return { kind: 'written', text: words.say('effect.none', values) };
  }
  const verb = location.payload.startsWith('dll') ? 'load' : 'run';
  if (!alert.isDocumented) {
    const key = code(location.key);
    return { kind: `may-${verb}`, text: words.say('effect.other-key', { ...values, key }) };
  }
  const owner = location.hive === 'user' ? facts.owner.kind : 'machine';
  if (owner === 'classes') return { kind: 'written', text: words.say('effect.classes') };
  if (location.needsLogon && WITHOUT_LOGON.includes(owner)) {
    return { kind: 'written', text: words.say('effect.no-logon', { owner: ownerOf(context) }) };
  }
  if (owner === 'mounted') return { kind: `may-${verb}`, text: words.say('effect.mounted', values) };
  const kind = location.certainty === 'may-run' ? (`may-${verb}` as const) : (`${verb}s` as const);
  return { kind, text: words.say('effect.runs', values) };
}
