import type { JsonObject, JsonValue } from '../../eql/index.ts';
import { dataLine } from '../alert/data-line.ts';
import { hostOf, ownerOf, requesterOf } from '../alert/persons.ts';
import type { Telling } from '../alert/render-context.ts';
import type { PivotName } from '../queries/pivots.ts';
import { code, data, duration, joined, moment, type Text } from '../text/text.ts';

/**
 * A text of a rule with this alert's facts in it: `{{name}}` becomes what the event tells, or that it does not tell
 * it; a `code` span stays one.
 */
export function filled(template: string, telling: Telling): Text {
  const pieces = template
    .split(/\{\{([^{}]*)\}\}/)
    .flatMap((part, at) => (at % 2 === 0 ? prose(part) : placeholder(part, telling)));
  return telling.words.set(pieces);
}

const prose = (text: string): Text =>
  text.split('`').flatMap((part, at) => (part === '' ? [] : [at % 2 === 0 ? part : code(part)]));

function placeholder(name: string, telling: Telling): Text {
  const known = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
  if (known) return known(telling);
  const query = /^query\.(.+)$/.exec(name)?.[1];
  if (query !== undefined) return telling.queries.refer(query as PivotName);
  return valuesOr(leavesAt(telling.alert.event, name), telling);
}

const valuesOr = (values: readonly string[], { words }: Telling): Text =>
  values.length === 0
    ? words.say('when.unknown')
    : joined(
        values.slice(0, 3).map(value => [data(value)]),
        words.comma,
      );

const PLACEHOLDERS: { readonly [name: string]: (telling: Telling) => Text } = {
  host: hostOf,
  owner: ownerOf,
  requester: requesterOf,
  writer: telling => valuesOr(present(telling.alert.facts.writer.name), telling),
  program: telling =>
    telling.alert.facts.program === null ? dataLine(telling) : [data(telling.alert.facts.program)],
  data: telling => dataLine(telling),
  service: telling => valuesOr(present(telling.alert.facts.service), telling),
  location: telling => {
    const { location } = telling.alert;
    return location === null
      ? telling.words.say('effect.unknown')
      : filled(location.text[telling.words.locale].what, telling);
  },
  key: telling => valuesOr(present(telling.alert.facts.registry.key), telling),
  value: telling =>
    telling.alert.facts.registry.value === ''
      ? telling.words.say('written.default-value')
      : [data(telling.alert.facts.registry.value)],
  type: telling => valuesOr(present(telling.alert.facts.registry.type), telling),
  time: telling => {
    const { timestampMs } = telling.alert.facts;
    return timestampMs === null
      ? telling.words.say('when.unknown')
      : [moment(new Date(timestampMs).toISOString())];
  },
  window48h: telling => {
    const { timestampMs } = telling.alert.facts;
    if (timestampMs === null) return telling.words.say('when.unknown');
    const [from, to] = [timestampMs - 48 * 3_600_000, timestampMs].map(ms => {
      const time = new Date(ms);
      return Number.isNaN(time.getTime()) ? '' : moment(`${time.toISOString().slice(0, 19)}Z`);
    });
    return telling.words.say('guide.window', { from: from!, to: to! });
  },
  history: telling => {
    const count = telling.alert.history?.hostAlerts ?? null;
    return count === null
      ? telling.words.say('history.unknown')
      : telling.words.say('history.alerts', { count });
  },
  lag: telling => {
    const { uploadMs } = telling.alert.lag;
    return uploadMs === null
      ? telling.words.say('when.upload-unknown')
      : [duration(uploadMs, telling.words.locale)];
  },
};

const present = (text: string | null | undefined): readonly string[] =>
  text === null || text === undefined ? [] : [text];

/** The scalars at a dotted path, whatever mixture of nested and dotted names the document has. */
function leavesAt(value: JsonValue, path: string): readonly string[] {
  if (value === null) return [];
  if (isList(value)) return value.flatMap(member => leavesAt(member, path));
  if (typeof value !== 'object') return path === '' ? [String(value)] : [];
  if (path === '') return [];
  const document: JsonObject = value;
  const names = path.split('.');
  return names.flatMap((_, at) => {
    const name = names.slice(0, at + 1).join('.');
    return Object.hasOwn(document, name) ? leavesAt(document[name]!, names.slice(at + 1).join('.')) : [];
  });
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
