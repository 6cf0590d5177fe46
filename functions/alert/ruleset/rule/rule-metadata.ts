import { LOCALES, type Localized } from '../locale.ts';
import { quote } from '../problem.ts';
import type { TableReader } from '../toml/table-reader.ts';
import {
  IGNORED_METADATA_KEYS,
  IGNORED_RULE_KEYS,
  OTHER_RULE_TYPES,
  UNHONOURED_RULE_KEYS,
} from './rule-keys.ts';
import { readThreats, type Threat } from './threat.ts';

/** The contents of `[metadata]` and `[rule]`, without the query. */
export type RuleMetadata = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `null`: the file has none. */
  readonly version: number | null;
  readonly indices: readonly string[];
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly riskScore: number;
  readonly interval: string;
  readonly from: string;
  readonly lookBackMs: number;
  readonly maxSignals: number;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly license: string;
  readonly threats: readonly Threat[];
  /** What Elastic's rule requires to be set up before it can fire, as Markdown. */
  readonly setup: string;
  /** The fields that Elastic shows first, in their order. */
  readonly investigationFields: readonly string[];
  readonly note: string;
  readonly falsePositives: readonly string[];
  readonly categoryField: string;
  readonly isEnabled: boolean;
};

/** The contents of `[registry_alert]`, the table that detection-rules does not have. */
export type OwnTable = {
  /** The rule is meant to be complete: guides and texts in every language, locations, evidence. */
  readonly isWhole: boolean;
  readonly isDisabled: boolean;
  readonly caseFolding: 'ascii' | 'unicode';
  readonly fields: readonly string[];
  readonly guideSteps: readonly string[] | null;
  readonly texts: Partial<Localized<{ readonly name: string; readonly description: string }>>;
};

// Elastic's defaults.
const DEFAULT_INTERVAL = '5m';
const DEFAULT_FROM = 'now-6m';
const DEFAULT_MAX_SIGNALS = 100;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads `[rule]`; `null` for a rule of another type than EQL, which is reported by name. */
export function readRuleTable(rule: TableReader, warnings: string[]): RuleMetadata | null {
  const type = rule.words('type');
  if (type !== undefined && type !== 'eql') {
    const needs = OTHER_RULE_TYPES.get(type);
    const what = needs ? `a rule of type ${type} is ${needs}` : 'its type is unknown';
    const name = quote(rule.text('name') ?? '');
    rule.wrong('type', `${name}: ${what}; only EQL event queries run here`, 'NotEqlRule');
    return null;
  }
  rule.require('rule_id', 'name', 'description', 'type', 'query', 'severity', 'risk_score');
  rule.oneOf('language', ['eql'] as const);
  const indices = rule.texts('index') ?? [];
  if (indices.length === 0) warnings.push('rule.toml: no index: events of every index are evaluated');
  const from =
    rule.shaped('from', /^now-\d{1,7}[smhdw](\/[smhdw])?$/, 'date math such as now-9m') ?? DEFAULT_FROM;
  const metadata: RuleMetadata = {
    id: rule.shaped('rule_id', UUID, 'a UUID in lower case') ?? '',
    name: rule.words('name') ?? '',
    description: (rule.words('description') ?? '').trim().replaceAll(/\s*\n\s*/g, ' '),
    version: rule.integer('version', 1, 1_000_000) ?? null,
    indices,
    severity: rule.oneOf('severity', ['low', 'medium', 'high', 'critical'] as const) ?? 'high',
    riskScore: rule.integer('risk_score', 0, 100) ?? 0,
    interval: rule.shaped('interval', /^\d{1,7}[smhdw]$/, 'a duration such as 5m') ?? DEFAULT_INTERVAL,
    from,
    lookBackMs: lookBackMs(from),
    maxSignals: rule.integer('max_signals', 1, 100_000) ?? DEFAULT_MAX_SIGNALS,
    references: rule.texts('references') ?? [],
    tags: rule.texts('tags') ?? [],
    authors: rule.texts('author') ?? [],
    license: rule.text('license') ?? '',
    threats: readThreats(rule),
    setup: rule.text('setup') ?? '',
    investigationFields: rule.sub('investigation_fields')?.texts('field_names') ?? [],
    note: rule.text('note') ?? '',
    falsePositives: rule.texts('false_positives') ?? [],
    categoryField: rule.words('event_category_override') ?? 'event.category',
    isEnabled: rule.flag('enabled') ?? true,
  };
  checkUnhonoured(rule, warnings);
  rule.refuseOthers(['query', ...IGNORED_RULE_KEYS]);
  return metadata;
}

/** Reads `[metadata]`, of which only the maturity matters here. */
export function readMetadataTable(metadata: TableReader | undefined, warnings: string[]): void {
  const maturity = metadata?.text('maturity');
  if (maturity !== undefined && maturity !== 'production') {
    warnings.push(`rule.toml: the rule is marked ${maturity}, not production`);
  }
  metadata?.refuseOthers(IGNORED_METADATA_KEYS);
}

export function readOwnTable(own: TableReader | undefined): OwnTable {
  const texts: { -readonly [locale in keyof Localized]?: { name: string; description: string } } = {};
  for (const locale of LOCALES) {
    const table = locale === 'en' ? undefined : own?.sub(locale);
    if (!table) continue;
    table.require('name', 'description');
    texts[locale] = { name: table.words('name') ?? '', description: table.words('description') ?? '' };
    table.refuseOthers();
  }
  const table: OwnTable = {
    isWhole: own?.flag('whole') ?? false,
    isDisabled: own?.flag('disabled') ?? false,
    caseFolding: own?.oneOf('case_folding', ['ascii', 'unicode'] as const) ?? 'ascii',
    fields: own?.texts('fields') ?? [],
    guideSteps: own?.texts('guide_steps') ?? null,
    texts,
  };
  own?.refuseOthers();
  return table;
}

/** A key with a feature not supported here is not ignored silently. */
function checkUnhonoured(rule: TableReader, warnings: string[]): void {
  for (const { key, refused, instead } of UNHONOURED_RULE_KEYS) {
    const value = rule.value(key);
    const isEmpty =
      value === undefined ||
      (value.kind === 'array' && value.value.length === 0) ||
      (value.kind === 'table' && value.value.size === 0);
    if (isEmpty) continue;
    if (refused) rule.wrong(key, `${key} is not supported; ${instead}`, 'NotSupported');
    else warnings.push(`rule.toml: ${key} has no effect here; ${instead}`);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

function lookBackMs(from: string): number {
  const [, count, unit] = /^now-(\d+)([smhdw])/.exec(from) ?? [];
  return Number(count) * UNIT_MS[unit ?? 'm']!;
}
