/**
 * Keys of elastic/detection-rules files that do not change which events match here. They are accepted and ignored;
 * any other key is refused, since a misspelt one would be ignored silently.
 */
export const IGNORED_METADATA_KEYS = [
  'bypass_bbr_timing', 'comments', 'creation_date', 'deprecation_date', 'endgame', 'extended', 'integration', 'labels',
  'maturity', 'min_stack_comments', 'min_stack_version', 'os_type_list', 'promotion', 'query_schema_validation',
  'related_endpoint_rules', 'related_rules', 'updated_date',
] as const; // biome-ignore format: one look

/** These are not needed for the rule itself: they serve Kibana's lists, its installer, or a search that runs again. */
export const IGNORED_RULE_KEYS = [
  'enabled', 'false_positives', 'immutable', 'meta', 'namespace', 'output_index', 'related_integrations',
  'required_fields', 'revision', 'rule_source', 'tiebreaker_field', 'timeline_id', 'timeline_title', 'timestamp_field',
  'timestamp_override_fallback_disabled', 'to',
] as const; // biome-ignore format: one look

/**
 * Keys of Elastic's rules with features not supported here, and what to do instead. `refused`: without it the rule
 * would match something else.
 */
export const UNHONOURED_RULE_KEYS: readonly {
  readonly key: string;
  readonly refused: boolean;
  readonly instead: string;
}[] = [
  { key: 'filters', refused: true, instead: 'put the condition into the query' },
  { key: 'exceptions_list', refused: false, instead: 'write an [[exception]] into exceptions.toml' },
  { key: 'alert_suppression', refused: false, instead: 'repeats of a day are published once anyway' },
  { key: 'building_block_type', refused: false, instead: 'each match is an alert of its own' },
  { key: 'timestamp_override', refused: false, instead: 'an event is dated by @timestamp, its lag by the upload' },
  { key: 'data_view_id', refused: false, instead: 'index says which events are evaluated' },
  { key: 'rule_name_override', refused: false, instead: 'an alert has the name of its rule' },
  { key: 'severity_mapping', refused: false, instead: 'an alert has the severity of its rule' },
  { key: 'risk_score_mapping', refused: false, instead: 'an alert has the risk score of its rule' },
  { key: 'actions', refused: false, instead: 'alerts are published through SNS' },
  { key: 'response_actions', refused: false, instead: 'nothing is done on a host' },
  { key: 'throttle', refused: false, instead: 'the hourly limit is a setting of the function' },
]; // biome-ignore format: one look

/** Types of Elastic's rules besides EQL, and what each would need. */
export const OTHER_RULE_TYPES: ReadonlyMap<string, string> = new Map([
  ['query', 'a KQL or Lucene query'],
  ['saved_query', 'a saved query'],
  ['esql', 'an ES|QL query'],
  ['threshold', 'a threshold over many events'],
  ['threat_match', 'an indicator match against another index'],
  ['new_terms', 'a new-terms search over history'],
  ['machine_learning', 'a machine learning job'],
]);
