import type { Clause, Explanation, JsonObject, ReadField, Scalar } from '../eql/index.ts';
import { TooManyCombinations } from '../eql/index.ts';
import type { Rule } from '../ruleset/index.ts';
import { acceptedBy, type Exception } from '../ruleset/index.ts';
import type { Draft, Evidence } from './alert.ts';
import { type Drafting, draftAlert } from './draft-match.ts';
import { FACT_FIELDS, factReader } from './facts.ts';
import { hashWrittenBy, identifyBy, type Sha256 } from './identity.ts';

/** What a rule says of an event for which its query is true. */
export type Verdict =
  | { readonly kind: 'match'; readonly draft: Draft }
  | { readonly kind: 'excepted'; readonly draft: Draft; readonly exception: Exception }
  /** The document names an index that is none of the rule's. */
  | { readonly kind: 'other-index'; readonly rule: Rule }
  /** Whether the query is true is not known. */
  | { readonly kind: 'unjudged'; readonly rule: Rule; readonly error: TooManyCombinations };

/** What is known of an event besides its document. */
export type Circumstances = {
  /** Asked only for a match: it hashes the record. */
  readonly evidence: () => Evidence;
  /** Whether the document says that it is from one of these index patterns, from another index, or nothing. */
  readonly origin: (patterns: readonly string[]) => 'fits' | 'other' | 'unknown';
  /** An Endgame document: its `host.os.type` may stand elsewhere. */
  readonly isEndgame: boolean;
  /** The time at which exceptions are judged; `null`: not known, then every one has ended. */
  readonly asOfMs: number | null;
};

/** Why a rule says what it says of an event. */
export type Explained = {
  readonly rule: Rule;
  readonly explanation: Explanation;
  /** `null`: the query is not true for the event. */
  readonly verdict: Verdict | null;
  /** The field that stood in for `host.os.type`. */
  readonly osTypeFrom: string | null;
};

export type Detector = {
  readonly rules: readonly Rule[];
  /** The required literals of all rules; `null` when a rule has none, so that every record has to be read. */
  readonly literals: readonly string[] | null;
  readonly judge: (document: JsonObject, circumstances: Circumstances) => readonly Verdict[];
  /** The same for each rule with all its reasons; for the desk, since it looks at every condition. */
  readonly explain: (document: JsonObject, circumstances: Circumstances) => readonly Explained[];
  /** A draft whose document is too large to hold: only the fields that the rule and the facts read are kept. */
  readonly cut: (draft: Draft) => Draft;
};

export type DetectorOptions = {
  readonly readField: ReadField;
  readonly sha256: Sha256;
  readonly dedupScope: 'event' | 'object';
  /** Fields that say the operating system in an Endgame document without `host.os.type`; empty: it is not looked for. */
  readonly osTypeFallback: readonly string[];
};

const NONE: readonly Verdict[] = [];
const OS_TYPE = 'host.os.type';

/**
 * Compiles the rules into one judge of events.
 *
 * @example
 * const rule = readRule('wmi', files, { readField, sha256 });
 * const options = { readField, sha256, dedupScope: 'event', osTypeFallback: [] };
 * makeDetector([rule], options).literals; // ['wmiprvse.exe']
 */
export function makeDetector(rules: readonly Rule[], options: DetectorOptions): Detector {
  const { readField } = options;
  const readFacts = factReader(readField);
  const hashWritten = hashWrittenBy(options);
  const readOsType = readField(OS_TYPE);
  const substitutes = options.osTypeFallback.map(name => ({ name, read: readField(name) }));
  const judges = rules.map(rule => {
    const identify = identifyBy(rule.id, rule.query.fields, options.dedupScope, options);
    return {
      rule,
      drafting: { rule, identify, hashWritten, readFacts },
      readsOsType: rule.query.fields.includes(OS_TYPE),
    };
  });

  /** An Endgame document with its operating system where rules look for it; `null`: it needs none. */
  const withOsType = (document: JsonObject, { isEndgame }: Circumstances): Judged | null => {
    if (!isEndgame || substitutes.length === 0 || readOsType(document).length > 0) return null;
    return osTypeElsewhere(document, substitutes);
  };

  const judge = (document: JsonObject, circumstances: Circumstances): readonly Verdict[] => {
    let verdicts: Verdict[] | null = null;
    let substitute: Judged | null | undefined;
    for (const { drafting, readsOsType } of judges) {
      if (readsOsType && substitute === undefined) substitute = withOsType(document, circumstances);
      const judged = readsOsType ? (substitute ?? null) : null;
      const verdict = verdictOn(drafting, judged, document, circumstances);
      if (verdict === null) continue;
      verdicts ??= [];
      verdicts.push(verdict);
    }
    return verdicts ?? NONE;
  };

  const explain = (document: JsonObject, circumstances: Circumstances): readonly Explained[] =>
    judges.map(({ rule, drafting, readsOsType }) => {
      const judged = readsOsType ? withOsType(document, circumstances) : null;
      const explanation = rule.query.explain(judged?.document ?? document);
      const verdict = explanation.matches ? verdictOf(drafting, judged, document, circumstances) : null;
      return { rule, explanation, verdict, osTypeFrom: judged?.osTypeFrom ?? null };
    });
  return { rules, literals: literalsOf(rules), judge, explain, cut: draft => cutEvent(draft, readField) };
}

/** What one rule says, so that what it cannot judge is judged by the others. */
function verdictOn(
  drafting: Drafting,
  judged: Judged | null,
  document: JsonObject,
  circumstances: Circumstances,
): Verdict | null {
  const { rule } = drafting;
  try {
    if (!rule.query.matches(judged?.document ?? document)) return null;
  } catch (error) {
    if (error instanceof TooManyCombinations) return { kind: 'unjudged', rule, error };
    throw error;
  }
  return verdictOf(drafting, judged, document, circumstances);
}

function verdictOf(
  drafting: Drafting,
  judged: Judged | null,
  document: JsonObject,
  { origin, evidence, asOfMs }: Circumstances,
): Verdict {
  const { rule } = drafting;
  if (origin(rule.indices) === 'other') return { kind: 'other-index', rule };
  const seen = judged?.document ?? document;
  const drafted = draftAlert(drafting, seen, evidence(), judged?.osTypeFrom ?? null);
  const draft = { ...drafted, event: document };
  const exception = acceptedBy(rule, seen, asOfMs ?? Number.POSITIVE_INFINITY);
  return exception ? { kind: 'excepted', draft, exception } : { kind: 'match', draft };
}

/** A document as the rules are to see it, and the field from which it has its operating system. */
type Judged = { readonly document: JsonObject; readonly osTypeFrom: string };
type NamedReader = { readonly name: string; readonly read: (document: JsonObject) => readonly Scalar[] };

function osTypeElsewhere(document: JsonObject, substitutes: readonly NamedReader[]): Judged | null {
  for (const { name, read } of substitutes) {
    const [value] = read(document);
    if (typeof value === 'string') return { document: { ...document, [OS_TYPE]: value }, osTypeFrom: name };
  }
  return null;
}

function literalsOf(rules: readonly Rule[]): readonly string[] | null {
  const all = rules.map(rule => rule.query.requiredLiterals);
  return all.some(literals => literals === null)
    ? null
    : [...new Set(all.flatMap(literals => literals ?? []))];
}

function cutEvent(draft: Draft, readField: ReadField): Draft {
  const names = new Set<string>([...FACT_FIELDS, ...draft.rule.query.fields]);
  const kept = [...names].flatMap(name => {
    const values = readField(name)(draft.event);
    return values.length === 0 ? [] : [[name, values.slice(0, 100).map(cutText)] as const];
  });
  const { registry } = draft.facts;
  const data = registry.data.slice(0, 100).map(text => String(cutText(text)));
  const path = String(cutText(registry.path));
  return {
    ...draft,
    event: Object.fromEntries(kept),
    eventCut: true,
    facts: { ...draft.facts, registry: { ...registry, path, data } },
    why: draft.why.map(clause => ({ ...clause, values: [], matched: clause.matched.map(cutHit) })),
  };
}

const MOST_KEPT = 4096;

/** Through bytes, so that the short text does not keep the long one alive, as a slice does. */
const cutText = (value: Scalar): Scalar =>
  typeof value === 'string' && value.length > MOST_KEPT ? [...value.slice(0, MOST_KEPT)].join('') : value;

const cutHit = (hit: Clause['matched'][number]) => ({ ...hit, value: cutText(hit.value) });
