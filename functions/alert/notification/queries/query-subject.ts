import type { Alert, Facts, Product } from '../../detection/index.ts';
import type { JsonObject, JsonValue } from '../../eql/index.ts';
import type { Locale } from '../../ruleset/index.ts';
import type { PivotLanguage, PivotName, QueryDraft } from './pivot.ts';
import {
  type Fragment,
  kql,
  type LiteralProblem,
  missing,
  type Quote,
  writer,
  written,
} from './query-literals.ts';
import type { Question } from './query-questions.ts';
import type { Reason } from './query-reasons.ts';
import { type Anchor, anchorOf, type Window, windowAround } from './time-window.ts';

export type Query = Fragment<Reason | LiteralProblem>;

/** What every question needs to know about an alert. */
export type Subject = {
  readonly alert: Alert;
  readonly facts: Facts;
  readonly locale: Locale;
  readonly anchor: Anchor | null;
  /** Endgame's documents have their own index, and fewer fields. */
  readonly isEndgame: boolean;
  /** The event is not from Elastic Defend, so its index lacks the fields that only Defend writes. */
  readonly lacksDefendFields: boolean;
};

export function subjectOf(alert: Alert, locale: Locale): Subject {
  const { facts, event } = alert;
  const isFromEndgame = isEndgame(event);
  const lacksDefendFields = isFromEndgame || Object.hasOwn(PRODUCT_INDICES, alert.source.product);
  return { alert, facts, locale, anchor: anchorOf(alert), isEndgame: isFromEndgame, lacksDefendFields };
}

/** WMI wrote, on behalf of a caller who may be on another machine; any other process acted itself. */
export function isWmiWrite({ writer }: Facts): boolean {
  return /(^|\\)wmiprvse\.exe$/i.test(writer.name ?? writer.executable ?? '');
}

/** The clause that limits a query to this host, by its id or, without one, its name. */
export function hostClause({ facts }: Subject, quote: Quote, operator: ':' | '=='): Query {
  const write = writer(quote);
  const equals = written(operator);
  if (facts.hostId !== null) return write`host.id ${equals} ${facts.hostId}`;
  if (facts.hostName !== null) return write`host.name ${equals} ${facts.hostName}`;
  return missing('no-host');
}

/** Where Elastic stores the events of other products, of all kinds. */
const PRODUCT_INDICES: { readonly [product in Product]?: string } = {
  sysmon: 'winlogbeat-*,logs-windows.*',
  'windows-security': 'winlogbeat-*,logs-system.security-*',
  'windows-event': 'winlogbeat-*,logs-winlog.*',
  'defender-xdr': 'logs-m365_defender.event-*',
  crowdstrike: 'logs-crowdstrike.fdr*',
  sentinelone: 'logs-sentinel_one_cloud_funnel.*',
};

/** The index pattern of one kind of Endpoint event, or the only one of Endgame or of another product. */
export function indexOf({ alert, isEndgame }: Subject, kind: string): string {
  if (isEndgame) return 'endgame-*';
  return PRODUCT_INDICES[alert.source.product] ?? `logs-endpoint.events.${kind}-*`;
}

type Searching = {
  readonly name: PivotName;
  readonly question: Question;
  readonly language: PivotLanguage;
  readonly index: string;
  /** Milliseconds before and after the event. */
  readonly before: number;
  readonly after: number;
  readonly query: (window: Window) => Query;
};

/** A query of an index over a time range; omitted if there is no time to count from. */
export function search(subject: Subject, { before, after, query, ...asked }: Searching): QueryDraft {
  if (subject.anchor === null) return { ...asked, when: 'on-host', query: missing('no-time') };
  const window = windowAround(subject.anchor, before, after, subject.locale);
  return { ...asked, when: window, query: query(window) };
}

/** `@timestamp >= "…" and …` in KQL, EQL (`and`) or ES|QL (`AND`); only our own values, so one quoting suits all. */
export function timeClause({ range }: Window, and: 'and' | 'AND' = 'and'): Fragment<never> {
  return written(`@timestamp >= "${range.from}" ${and} @timestamp <= "${range.to}"`);
}

export const writeKql = writer(kql);

function isEndgame(event: JsonObject): boolean {
  const module = nested(event['event'])?.['module'] ?? event['event.module'];
  return (
    module === 'endgame' || Object.keys(event).some(key => key === 'endgame' || key.startsWith('endgame.'))
  );
}

function nested(value: JsonValue | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !isList(value) ? value : null;
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
