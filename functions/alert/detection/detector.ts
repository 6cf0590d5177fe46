import type { Clause, Explanation, JsonObject, ReadField, ReadFields, Scalar } from '../eql/index.ts';
import { QueryIndex, TooManyCombinations } from '../eql/index.ts';
import type { Indicators, Rule } from '../ruleset/index.ts';
import { acceptedBy, type Exception } from '../ruleset/index.ts';
import type { Match } from './alert.ts';
import { assessmentBy } from './assess.ts';
import type { EventContext, RawRecord } from './event-context.ts';
import { FACT_FIELDS, factReader } from './facts.ts';
import { hashWrittenBy, identifyBy, type Sha256 } from './identity.ts';
import { makeMatch, type RuleMatcher } from './make-match.ts';
import type { Inflate, Payload } from './payload/index.ts';
import { literalsOf, type RecordMapping } from './record-literals.ts';

/** The result of a rule for an event for which its query is true. */
export type Verdict =
  | { readonly kind: 'match'; readonly match: Match }
  | { readonly kind: 'excepted'; readonly match: Match; readonly exception: Exception }
  /** One more record of an event known to `isRepeat`: nothing else of it was evaluated, not even exceptions. */
  | { readonly kind: 'repeated'; readonly rule: Rule }
  /** The document names an index that is not one of the rule's. */
  | { readonly kind: 'other-index'; readonly rule: Rule }
  /** A product's own record lacks a value from another record, and only for that reason the query is false. */
  | { readonly kind: 'undecidable'; readonly rule: Rule }
  /** Whether the query is true is unknown. */
  | { readonly kind: 'evaluation-error'; readonly rule: Rule; readonly error: TooManyCombinations };

/** The reasons for a rule's result for an event. */
export type Explained = {
  readonly rule: Rule;
  readonly explanation: Explanation;
  /** `null`: the query is not true for the event. */
  readonly verdict: Verdict | null;
  /** The field used in place of `host.os.type`. */
  readonly osTypeFrom: string | null;
};

export type Detector = {
  readonly rules: readonly Rule[];
  /** How other products' records become events. */
  readonly mapping: RecordMapping['name'];
  /** The required literals of all rules; `null` when a rule has none, so that every record has to be read. */
  readonly literals: readonly string[] | null;
  readonly evaluate: (document: JsonObject, context: EventContext) => readonly Verdict[];
  /** The same for each rule with all its reasons; for the command line, since it evaluates every condition. */
  readonly explain: (document: JsonObject, context: EventContext) => readonly Explained[];
  /** A match whose document is too large to hold: only the fields that the rule and the facts read are kept. */
  readonly cut: (match: Match) => Match;
};

export type DetectorOptions = {
  readonly readField: ReadField;
  readonly readFields: ReadFields;
  readonly sha256: Sha256;
  readonly dedupScope: 'event' | 'object';
  /** Fields that state the operating system in an Endgame document without `host.os.type`; empty: not used. */
  readonly osTypeFallback: readonly string[];
  readonly indicators: Indicators;
  /** For data that was compressed before it was encoded; default: it is not decoded. */
  readonly inflate?: Inflate;
  /** Default: `extended`, with literals searched for only in records in Elastic's form. */
  readonly mapping?: RecordMapping;
};

const NONE: readonly Verdict[] = [];
const OS_TYPE = 'host.os.type';

/**
 * Compiles the rules into one detector of events.
 *
 * @example
 * const rule = readRule('wmi', files, { readField, sha256 });
 * const indicators = { levels: { suspicious: 50, unusual: 25, administration: -20 }, list: [] };
 * const options = { readField, readFields, sha256, dedupScope: 'event', osTypeFallback: [], indicators };
 * makeDetector([rule], options).literals; // ['wmiprvse.exe']
 */
export function makeDetector(rules: readonly Rule[], options: DetectorOptions): Detector {
  const { readField } = options;
  const readFacts = factReader(readField);
  const hashWritten = hashWrittenBy(options);
  const assess = assessmentBy(options.indicators);
  const readOsType = readField(OS_TYPE);
  const substitutes = options.osTypeFallback.map(name => ({ name, read: readField(name) }));
  const evaluators = rules.map(rule => {
    const identify = identifyBy(rule.id, rule.query.fields, options.dedupScope, options);
    return {
      rule,
      matcher: { rule, identify, hashWritten, readFacts, assess, inflate: options.inflate },
      readsOsType: rule.query.fields.includes(OS_TYPE),
    };
  });

  /** An Endgame document with its operating system where rules look for it; `null`: not needed. */
  const withOsType = (document: JsonObject, { isEndgame }: EventContext): EvaluatedDocument | null => {
    if (!isEndgame || substitutes.length === 0 || readOsType(document).length > 0) return null;
    return osTypeElsewhere(document, substitutes);
  };

  const index = new QueryIndex(
    rules.map(rule => rule.query),
    options.readFields,
  );
  const every = rules.map((_, at) => at);
  const evaluate = (document: JsonObject, context: EventContext): readonly Verdict[] => {
    let verdicts: Verdict[] | null = null;
    let substitute: EvaluatedDocument | null | undefined;
    // A value that a record lacks would make the index skip a rule that requires it.
    const isOpen = context.raw !== null && context.raw.undecided.length > 0;
    for (const candidate of isOpen ? every : index.candidates(document)) {
      const { matcher, readsOsType } = evaluators[candidate]!;
      if (readsOsType && substitute === undefined) substitute = withOsType(document, context);
      const evaluated = readsOsType ? (substitute ?? null) : null;
      const verdict = verdictOn(matcher, evaluated, document, context);
      if (verdict === null) continue;
      verdicts ??= [];
      verdicts.push(verdict);
    }
    return verdicts ?? NONE;
  };

  const explain = (document: JsonObject, context: EventContext): readonly Explained[] =>
    evaluators.map(({ rule, matcher, readsOsType }) => {
      const evaluated = readsOsType ? withOsType(document, context) : null;
      const explanation = rule.query.explain(evaluated?.document ?? document);
      const verdict = explanation.matches ? verdictOf(matcher, evaluated, document, context) : null;
      return { rule, explanation, verdict, osTypeFrom: evaluated?.osTypeFrom ?? null };
    });
  const { name: mapping = 'extended', forms = [] } = options.mapping ?? {};
  return {
    rules,
    mapping,
    literals: literalsOf(rules, forms),
    evaluate,
    explain,
    cut: match => cutEvent(match, readField),
  };
}

/** The result of one rule, so that if it cannot be evaluated the others still are. */
function verdictOn(
  matcher: RuleMatcher,
  evaluated: EvaluatedDocument | null,
  document: JsonObject,
  context: EventContext,
): Verdict | null {
  const { rule } = matcher;
  const { raw, origin } = context;
  // As at Elastic, a rule reads the records of another product only from its own indices.
  if (raw !== null && origin(rule.indices) === 'other') return null;
  try {
    if (!rule.query.matches(evaluated?.document ?? document))
      return raw !== null && isUndecided(rule, document, raw) ? { kind: 'undecidable', rule } : null;
  } catch (error) {
    if (error instanceof TooManyCombinations) return { kind: 'evaluation-error', rule, error };
    throw error;
  }
  return verdictOf(matcher, evaluated, document, context);
}

/** Every false condition names a field whose value would be in another record. */
function isUndecided({ query }: Rule, document: JsonObject, { undecided }: RawRecord): boolean {
  if (undecided.length === 0 || !undecided.some(field => query.fields.includes(field))) return false;
  return query
    .explain(document)
    .clauses.every(
      ({ result, source }) => result === 'true' || undecided.some(field => source.includes(field)),
    );
}

function verdictOf(
  matcher: RuleMatcher,
  evaluated: EvaluatedDocument | null,
  document: JsonObject,
  context: EventContext,
): Verdict {
  const { rule } = matcher;
  const { origin, asOfMs } = context;
  if (origin(rule.indices) === 'other') return { kind: 'other-index', rule };
  const seen = evaluated?.document ?? document;
  const id = matcher.identify(context.raw?.written ?? seen, context.evidence);
  if (context.isRepeat?.(id)) return { kind: 'repeated', rule };
  const made = makeMatch(matcher, id, seen, context, evaluated?.osTypeFrom ?? null);
  const match = { ...made, event: document };
  const exception = acceptedBy(rule, seen, asOfMs ?? Number.POSITIVE_INFINITY);
  return exception ? { kind: 'excepted', match, exception } : { kind: 'match', match };
}

/** A document as the rules should see it, and the field that states its operating system. */
type EvaluatedDocument = { readonly document: JsonObject; readonly osTypeFrom: string };
type NamedReader = { readonly name: string; readonly read: (document: JsonObject) => readonly Scalar[] };

function osTypeElsewhere(
  document: JsonObject,
  substitutes: readonly NamedReader[],
): EvaluatedDocument | null {
  for (const { name, read } of substitutes) {
    const [value] = read(document);
    if (typeof value === 'string') return { document: { ...document, [OS_TYPE]: value }, osTypeFrom: name };
  }
  return null;
}

function cutEvent(match: Match, readField: ReadField): Match {
  const names = new Set<string>([...FACT_FIELDS, ...match.rule.query.fields]);
  const kept = [...names].flatMap(name => {
    const values = readField(name)(match.event);
    return values.length === 0 ? [] : [[name, values.slice(0, 100).map(cutText)] as const];
  });
  const { registry } = match.facts;
  const data = registry.data.slice(0, 100).map(text => String(cutText(text)));
  const path = String(cutText(registry.path));
  return {
    ...match,
    event: Object.fromEntries(kept),
    eventCut: true,
    facts: { ...match.facts, registry: { ...registry, path, data } },
    payload: cutPayload(match.payload),
    why: match.why.map(clause => ({ ...clause, values: [], matched: clause.matched.map(cutHit) })),
  };
}

const MOST_KEPT = 4096;

/** Copied through bytes, so that the short text does not keep the long one in memory, as a slice does. */
const cutText = (value: Scalar): Scalar =>
  typeof value === 'string' && value.length > MOST_KEPT ? [...value.slice(0, MOST_KEPT)].join('') : value;

/** A payload has up to a hundred texts, each part of a long one: all are copied, and shortened. */
const cutPayload = (payload: Payload): Payload =>
  JSON.parse(
    JSON.stringify(payload, (_, member) => (typeof member === 'string' ? member.slice(0, 1024) : member)),
  ) as Payload;

const cutHit = (hit: Clause['matched'][number]) => ({ ...hit, value: cutText(hit.value) });
