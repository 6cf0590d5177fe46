import type { Facts } from '../../detection/index.ts';
import { dataLine } from '../alert/data-line.ts';
import { hostOf, initiatorOf, ownerOf } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { fileOf, nameOf } from '../queries/payload-target.ts';
import type { PivotName } from '../queries/pivots.ts';
import { eventTexts } from '../text/event-texts.ts';
import { code, data, duration, joined, moment, type Text } from '../text/text.ts';

/**
 * A text of a rule with this alert's facts: `{{name}}` becomes the value in the event, or the statement that it has
 * none; a `code` span stays one.
 */
export function filled(template: string, context: RenderContext): Text {
  const pieces = template
    .split(/\{\{([^{}]*)\}\}/)
    .flatMap((part, at) => (at % 2 === 0 ? prose(part) : placeholder(part, context)));
  return context.words.set(pieces);
}

const prose = (text: string): Text =>
  text.split('`').flatMap((part, at) => (part === '' ? [] : [at % 2 === 0 ? part : code(part)]));

function placeholder(name: string, context: RenderContext): Text {
  const known = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
  if (known) return known(context);
  const query = /^query\.(.+)$/.exec(name)?.[1];
  if (query !== undefined) return context.queries.refer(query as PivotName);
  return valuesOr(eventTexts(context.alert.event, name), context);
}

const valuesOr = (values: readonly string[], { words }: RenderContext, most?: number): Text =>
  values.length === 0
    ? words.say('when.unknown')
    : joined(
        values.slice(0, 3).map(value => [data(value, most)]),
        words.comma,
      );

const PLACEHOLDERS: { readonly [name: string]: (context: RenderContext) => Text } = {
  host: hostOf,
  owner: ownerOf,
  requester: initiatorOf,
  writer: context => valuesOr(present(context.alert.facts.writer.name), context),
  program: context => {
    const [command] = context.alert.payload.commands;
    const name = nameOf(context.alert);
    const isOther = name !== null && !command?.path.endsWith(name);
    const file = fileOf(context.alert) ?? (isOther ? name : command?.path);
    return file === undefined ? dataLine(context, 80) : [data(file, 80)];
  },
  data: context => dataLine(context, 80),
  service: context => valuesOr(present(context.alert.facts.service), context, 80),
  location: context => {
    const { location } = context.alert;
    return location === null
      ? context.words.say('effect.unknown')
      : filled(location.text[context.words.locale].what, context);
  },
  key: context => valuesOr(present(context.alert.facts.registry.key), context),
  value: context =>
    context.alert.facts.registry.value === ''
      ? context.words.say('written.default-value')
      : [data(context.alert.facts.registry.value)],
  type: context => valuesOr(present(context.alert.facts.registry.type), context),
  time: context => {
    const { timestampMs } = context.alert.facts;
    return timestampMs === null
      ? context.words.say('when.unknown')
      : [moment(new Date(timestampMs).toISOString())];
  },
  window48h: context => {
    const { timestampMs } = context.alert.facts;
    if (timestampMs === null) return context.words.say('when.unknown');
    const [from, to] = [timestampMs - 48 * 3_600_000, timestampMs].map(ms => {
      const time = new Date(ms);
      return Number.isNaN(time.getTime()) ? '' : moment(`${time.toISOString().slice(0, 19)}Z`);
    });
    return context.words.say('guide.window', { from: from!, to: to! });
  },
  history: context => {
    const count = context.alert.history?.hostAlerts ?? null;
    return count === null
      ? context.words.say('history.unknown')
      : context.words.say('history.alerts', { count });
  },
  lag: context => {
    const { uploadMs } = context.alert.lag;
    return uploadMs === null
      ? context.words.say('when.upload-unknown')
      : [duration(uploadMs, context.words.locale)];
  },
};

/** The value of a placeholder that is not a field, for a query; `null`: it is a field, or has no value of its own. */
export function rawValue(name: string, facts: Facts): readonly string[] | null {
  const { key, value, data, type } = facts.registry;
  const raw = {
    host: facts.hostName,
    service: facts.service,
    program: facts.program,
    requester: facts.requester.name,
    writer: facts.writer.name,
    key,
    value,
    type,
  };
  if (name === 'data') return data;
  return Object.hasOwn(raw, name) ? present(raw[name as keyof typeof raw]) : null;
}

const present = (text: string | null | undefined): readonly string[] =>
  text === null || text === undefined ? [] : [text];
