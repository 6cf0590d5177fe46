import type { GuideQuery } from '../../ruleset/index.ts';
import type { RenderContext } from '../alert/render-context.ts';
import type { ShownQuery } from '../alert/section.ts';
import { discoverLink } from '../queries/kibana-link.ts';
import {
  eql,
  esql,
  type Fragment,
  join,
  kql,
  type LiteralProblem,
  LONGEST_QUERY,
  missing,
  powershell,
  type Quote,
  sql,
  written,
} from '../queries/query-literals.ts';
import { reasonOf } from '../queries/query-reasons.ts';
import { anchorOf, dateMathWindow } from '../queries/time-window.ts';
import { eventTexts } from '../text/event-texts.ts';
import { code, joined, type Text } from '../text/text.ts';
import { rawValue } from './fill-guide.ts';

/** A query of a guide with this event's values, and what had to be omitted. */
export type FilledQuery = { readonly query: ShownQuery | null; readonly notes: readonly Text[] };

/** How the languages of guides write a literal, and their names; other languages cannot take a value of an event. */
const LANGUAGES: { readonly [language: string]: { readonly name: string; readonly quote: Quote } } = {
  kql: { name: 'KQL', quote: kql },
  eql: { name: 'EQL', quote: eql },
  esql: { name: 'ES|QL', quote: esql },
  osquery: { name: 'Osquery', quote: sql },
  powershell: { name: 'PowerShell', quote: powershell },
};

type Problem = LiteralProblem | 'no-field';
type Filled = Fragment<Problem> & { readonly absent: readonly string[] };

/** The whole query. A group of an investigate button whose field the event lacks is omitted, and reported. */
export function filledQuery(query: GuideQuery, context: RenderContext): FilledQuery {
  const { alert, cuts, options, words } = context;
  const { investigate, label } = query;
  const name = LANGUAGES[query.language]?.name ?? query.language;
  const groups = (investigate?.groups ?? [query.text]).map(text => filledText(text, query.language, context));
  const usable = groups.filter(({ problem }) => problem === null);
  const notes = groups
    .filter(({ problem }) => problem !== null)
    .map(({ absent, problem }) =>
      problem === 'no-field'
        ? words.say('guide.no-field', {
            label,
            fields: joined(
              absent.map(field => [code(field)]),
              words.comma,
            ),
          })
        : words.say('guide.no-literal', { label, reason: reasonOf(problem!)[words.locale] }),
    );
  if (usable.length === 0) return { query: null, notes };
  const texts = usable.map(({ text }) => text!);
  if (investigate === undefined)
    return { query: { language: name, index: null, window: '', text: texts[0]!, link: null }, notes };
  const anchor = anchorOf(alert);
  const window = anchor && dateMathWindow(anchor, investigate.from, investigate.to, words.locale);
  const terms = texts.length === 1 ? texts[0]! : `(${texts.map(text => `(${text})`).join(' or ')})`;
  const text = [terms, ...(window?.clauses ?? [])].join(' and ');
  const index = /\bevent\.kind : "signal"/.test(text) ? '.alerts-security.alerts-*' : 'logs-*';
  if (text.length > (cuts.has('queries') ? 1_000 : LONGEST_QUERY))
    return {
      query: null,
      notes: [...notes, words.say('guide.no-literal', { label, reason: words.label('query.too-long') })],
    };
  const link =
    options.kibanaUrl === undefined || !window?.range
      ? null
      : (discoverLink(options.kibanaUrl, text, window.range, index) ?? null);
  return { query: { language: name, index, window: window?.inWords ?? '', text, link }, notes };
}

/** A string of the query that contains a placeholder, or a placeholder alone: either becomes one literal. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|\{\{[^{}\n]*\}\}/g;
const PLACEHOLDER = /\{\{([^{}\n]*)\}\}/;

function filledText(text: string, language: string, context: RenderContext): Filled {
  const quote = LANGUAGES[language]?.quote ?? (() => missing('no-field' as never));
  const absent = new Set<string>();
  const pieces: Fragment<Problem>[] = [];
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!PLACEHOLDER.test(token)) continue;
    pieces.push(written(text.slice(end, index)), literalOf(token));
    end = index + token.length;
  }
  const whole = join([...pieces, written(text.slice(end))], '');
  return { ...whole, absent: [...absent] } as Filled;

  function literalOf(token: string): Fragment<Problem> {
    const inner = token.startsWith('{{') ? token : unquoted(token);
    const parts = inner.split(/\{\{([^{}\n]*)\}\}/);
    const values = parts.map((part, at) => (at % 2 === 0 ? [part] : valuesOf(part.trim(), context)));
    for (const [at, found] of values.entries()) if (found.length === 0) absent.add(parts[at]!.trim());
    if (values.some(found => found.length === 0)) return missing('no-field');
    // KQL matches any member of a list; elsewhere the first is used.
    const isList = language === 'kql' && token.startsWith('{{') && values[1]!.length > 1;
    if (!isList) return quote(values.map(([first]) => first!).join(''));
    const list = join(values[1]!.slice(0, MOST_VALUES).map(quote), ' or ');
    return list.problem === null ? written(`(${list.text})`) : list;
  }
}

const MOST_VALUES = 20;

const unquoted = (token: string): string =>
  token.startsWith("'")
    ? token.slice(1, -1).replaceAll("''", "'")
    : token.slice(1, -1).replaceAll(/\\(.)/g, '$1');

const valuesOf = (name: string, context: RenderContext): readonly string[] =>
  rawValue(name, context.alert.facts) ?? eventTexts(context.alert.event, name).filter(text => text !== '');
