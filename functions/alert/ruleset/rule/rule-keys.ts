/**
 * Keys that files of elastic/detection-rules have and that change no verdict here. They are accepted and left alone;
 * any other key is refused, since a misspelt one would be ignored in silence.
 */
export const IGNORED_METADATA_KEYS = [
  'bypass_bbr_timing', 'comments', 'creation_date', 'deprecation_date', 'endgame', 'extended', 'integration', 'labels',
  'maturity', 'min_stack_comments', 'min_stack_version', 'os_type_list', 'promotion', 'query_schema_validation',
  'related_endpoint_rules', 'related_rules', 'updated_date',
] as const; // biome-ignore format: one look

export const IGNORED_RULE_KEYS = [
  'actions', 'building_block_type', 'data_view_id', 'enabled', 'false_positives', 'immutable', 'investigation_fields',
  'meta', 'namespace', 'output_index', 'related_integrations', 'required_fields', 'response_actions', 'revision',
  'risk_score_mapping', 'rule_name_override', 'rule_source', 'setup', 'severity_mapping', 'throttle',
  'tiebreaker_field', 'timeline_id', 'timeline_title', 'timestamp_field', 'timestamp_override',
  'timestamp_override_fallback_disabled', 'to',
] as const; // biome-ignore format: one look

/** Keys of Elastic's rules that narrow what alerts, with what to do instead. `refused`: the rule means less than its query. */
export const NARROWING_RULE_KEYS: readonly {
  readonly key: string;
  readonly refused: boolean;
  readonly instead: string;
}[] = [
  { key: 'filters', refused: true, instead: 'put the condition into the query' },
  { key: 'exceptions_list', refused: false, instead: 'write an [[exception]] into exceptions.toml' },
  { key: 'alert_suppression', refused: false, instead: 'repeats of a day are told once anyway' },
];

/** Types of rules that Elastic has beside EQL, and what each would need. */
export const OTHER_RULE_TYPES: ReadonlyMap<string, string> = new Map([
  ['query', 'a KQL or Lucene query'],
  ['saved_query', 'a saved query'],
  ['esql', 'an ES|QL query'],
  ['threshold', 'a threshold over many events'],
  ['threat_match', 'an indicator match against another index'],
  ['new_terms', 'a new-terms search over history'],
  ['machine_learning', 'a machine learning job'],
]);
