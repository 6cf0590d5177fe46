import type { JsonObject } from '../eql/index.ts';
import type { Rule } from '../ruleset/index.ts';
import type { EventFacts, Evidence, Lag, Match } from './alert.ts';
import type { Assess } from './assess.ts';
import type { EventContext } from './event-context.ts';
import type { ReadFacts } from './facts.ts';
import type { Identify } from './identity.ts';
import { locate } from './locate.ts';
import { commandFacts, type Inflate, readPayload } from './payload/index.ts';

/** Of a field with very many values the first are shown; the event has them all. */
const MOST_VALUES = 100;

/** Everything of a rule that turns its matching events into alerts, compiled once. */
export type RuleMatcher = {
  readonly rule: Rule;
  readonly identify: Identify;
  readonly hashWritten: (document: JsonObject) => string;
  readonly readFacts: ReadFacts;
  readonly assess: Assess;
  readonly inflate: Inflate | undefined;
};

/** Creates the match of an event for which the rule's query is true. */
export function makeMatch(
  { rule, hashWritten, readFacts, assess, inflate }: RuleMatcher,
  id: string,
  document: JsonObject,
  { evidence: evidenceOf, source, raw }: EventContext,
  osTypeFrom: string | null,
): Match {
  const evidence = evidenceOf();
  const why = rule.query
    .explain(document)
    .clauses.filter(clause => clause.result === 'true')
    .map(clause =>
      clause.values.length > MOST_VALUES
        ? { ...clause, values: clause.values.slice(0, MOST_VALUES) }
        : clause,
    );
  const path = why.find(clause => clause.field === 'registry.path')?.matched[0]?.value;
  const facts = readFacts(document, path === undefined ? null : String(path));
  const located = locate(rule, why, facts);
  const { key, value, type, data } = facts.registry;
  const payload = readPayload({ type, data, key, value, form: located.location?.payload ?? null, inflate });
  return {
    id,
    writtenHash: hashWritten(raw?.written ?? document),
    rule,
    event: document,
    source: source(),
    eventCut: false,
    evidence,
    why,
    ...located,
    facts: { ...facts, ...commandFacts(payload, data) },
    payload,
    assessment: assess(facts, payload, located.location),
    lag: lagOf(rule, facts, evidence),
    osTypeFrom,
  };
}

function lagOf(rule: Rule, facts: EventFacts, evidence: Evidence): Lag {
  if (facts.timestampMs === null || evidence.lastModified === null)
    return { uploadMs: null, exceedsLookBack: false };
  const uploadMs = Date.parse(evidence.lastModified) - facts.timestampMs;
  return { uploadMs, exceedsLookBack: uploadMs > rule.lookBackMs };
}
