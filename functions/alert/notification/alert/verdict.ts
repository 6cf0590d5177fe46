import { filled } from '../guide/fill-guide.ts';
import { code, type Text } from '../text/text.ts';
import type { Sentence } from '../text/words.ts';
import { dataLine } from './data-line.ts';
import { withText } from './numbered-queries.ts';
import { askedHow, hostOf, isWmi, ownerOf, requesterOf } from './persons.ts';
import type { RenderContext } from './render-context.ts';

/** A label and what stands behind it; further lines stand below. */
export type Row = { readonly label: string; readonly text: Text; readonly more?: readonly Text[] };

/** What comes of the write, with the certainty that Windows' own documentation allows. */
export type Effect = {
  readonly kind: 'runs' | 'loads' | 'may-run' | 'may-load' | 'written';
  /** When, as whom, or why nothing is known to happen. */
  readonly text: Text;
};

/** The lines that stand alone on a lock screen. */
export type Verdict = { readonly headline: Text; readonly rows: readonly Row[]; readonly effect: Effect };

export function verdictOf(context: RenderContext): Verdict {
  const { label } = context.words;
  const effect = effectOf(context);
  const wmi = isWmi(context);
  return {
    headline: headlineOf(context),
    effect,
    rows: [
      { label: label(`label.${effect.kind}`), text: dataLine(context), more: [effect.text] },
      { label: label(`label.${askedHow(context)}`), text: requesterOf(context) },
      { label: label('label.first'), text: firstOf(context, effect, wmi) },
    ],
  };
}

function headlineOf(context: RenderContext): Text {
  const { alert, words } = context;
  const host = hostOf(context);
  return alert.location === null
    ? words.say('headline.other', { host, rule: alert.rule.name[words.locale] })
    : words.say('headline', { host, what: filled(alert.location.text[words.locale].what, context) });
}

/** Accounts that nobody logs on to interactively. */
const WITHOUT_LOGON = ['system', 'local-service', 'network-service', 'service'];

function effectOf(context: RenderContext): Effect {
  const { alert, words } = context;
  const { location, facts } = alert;
  if (!facts.isCommand) return { kind: 'written', text: words.say('effect.number') };
  if (facts.registry.data.every(line => line.trim() === '')) {
    return { kind: 'written', text: words.say('effect.empty') };
  }
  if (location === null) return { kind: 'written', text: words.say('effect.unknown') };
  const { when, asWhom } = location.text[words.locale];
  const values = { when: filled(when, context), who: filled(asWhom, context) };
  if (location.certainty === 'no-known-effect') {
    return { kind: 'written', text: words.say('effect.none', values) };
  }
  const verb = location.payload === 'dll' ? 'load' : 'run';
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

function firstOf(context: RenderContext, effect: Effect, wmi: boolean): Text {
  const { alert, queries, words } = context;
  const sentence: Sentence =
    effect.kind === 'written'
      ? 'first.no-effect'
      : wmi && alert.facts.requester.kind !== 'named'
        ? 'first.remote'
        : 'first.planned';
  const reading = withText(queries.named('still-there'));
  const value =
    reading === undefined
      ? words.say('first.value-by-hand')
      : words.say('first.value', { query: { query: reading.number } });
  return words.say(sentence, { value, remote: queries.refer('remote'), host: hostOf(context) });
}
