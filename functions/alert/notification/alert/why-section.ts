import type { Alert, FiredIndicator } from '../../detection/index.ts';
import type { Clause } from '../../eql/index.ts';
import { filled } from '../guide/fill-guide.ts';
import { code, data, joined, type Text } from '../text/text.ts';
import type { RenderContext } from './render-context.ts';
import type { Section } from './section.ts';

/**
 * The pattern that matched, then the conditions that are true for every alert of the rule, then other locations of the
 * path.
 */
export function whySection(context: RenderContext): Section {
  const { alert, words } = context;
  const { label, say, clause: comma } = words;
  const { location, locations, osTypeFrom } = alert;
  const patterns = alert.why.filter(isPattern);
  const others = alert.why.filter(clause => !isPattern(clause));
  const short = others.filter(isShort);
  const rest = short.map(clause => conditionText(clause, context));
  const reason = location !== null && alert.isDocumented ? 'why.documented' : 'why.strongest';
  const items: Text[] = [
    ...patterns.flatMap(clause => patternTexts(clause, context)),
    ...(rest.length === 0 ? [] : [joined(rest, comma)]),
    ...(short.length === others.length ? [] : [say('why.more', { count: others.length - short.length })]),
    ...(osTypeFrom === null ? [] : [say('why.os-from', { field: code(osTypeFrom) })]),
    ...(alert.source.inferred.length === 0
      ? []
      : [say('why.inferred', { fields: joined(inferredFields(alert), comma) })]),
    ...locations
      .filter(({ number }) => number !== location?.number)
      .map(({ number, text }) =>
        say('why.also', {
          number,
          what: filled(text[words.locale].what, context),
          reason: say(reason),
        }),
      ),
  ];
  return { name: 'why', heading: label('section.why'), blocks: [{ kind: 'list', items }] };
}

/** Each field once, whatever was added to it. */
const inferredFields = ({ source }: Alert): readonly Text[] =>
  [...new Set(source.inferred.map(({ field }) => field))].map(field => [code(field)]);

/** The list of paths; a list of one name is a condition like the others. */
const isPattern = ({ field, matched }: Clause): boolean => field === 'registry.path' && matched.length > 0;

/** A condition fully shown by its field and value, or short enough to be shown whole. */
const isShort = ({ field, source, values }: Clause): boolean =>
  (field !== undefined && values.length > 0) || source.replace(/\s+/g, ' ').length <= 200;

function patternTexts({ matched }: Clause, { alert, words }: RenderContext): readonly Text[] {
  const { location, rule } = alert;
  const { say, clause } = words;
  return matched.map(({ position, constant }) => {
    const fits = { field: code('registry.path'), pattern: code(String(constant)) };
    // A query with several lists on the path, or none, has no pattern count of its own.
    if (rule.patterns.length === 0) return say('why.fits', fits);
    const isCounted = location?.patterns.includes(position) ?? false;
    const place = [
      ...say('why.pattern-of', { position, count: rule.patterns.length }),
      ...(isCounted
        ? [clause, ...say('why.location', { number: location!.number, count: rule.locations.length })]
        : []),
    ];
    return say('why.pattern', { ...fits, place });
  });
}

function conditionText({ field, source, values }: Clause, { words }: RenderContext): Text {
  const { say, comma } = words;
  if (field !== undefined && /!=\s*null\s*$/.test(source)) {
    return say('why.present', { field: code(field) });
  }
  if (field === undefined || values.length === 0) {
    return [code(source.replace(/\s+/g, ' '))];
  }
  const shown = values.slice(0, 3).map((value): Text => [data(String(value), 120)]);
  return say('why.is', { field: code(field), values: joined(shown, comma) });
}

/** `+ rundll32.exe loads a DLL without a path (T1218.011)` */
export function indicatorText({ weight, technique, text }: FiredIndicator, locale: 'en' | 'zh-CN'): Text {
  const [open, close] = locale === 'en' ? [' (', ')'] : ['（', '）'];
  return [
    `${weight > 0 ? '+' : '-'} ${text[locale]}${technique === null ? '' : `${open}${technique}${close}`}`,
  ];
}
