export type FieldKind = 'date' | 'ip' | 'integer' | 'double';

const SHAPES: readonly (readonly [FieldKind, RegExp])[] = [
  [
    'date',
    /^(?:@timestamp|event\.(?:created|end|ingested|start)|package\.installed|(?:.*\.)?(?:process|parent|\w+_leader|previous)\.(?:start|end)|(?:.*\.)?file\.(?:accessed|created|ctime|mtime)|.*\.(?:not_after|not_before|creation_date|code_signature\.timestamp|first_seen|last_seen|modified_at))$/,
  ],
  ['ip', /^(?:.*[._])?ip$|^(?:source|destination)_address$/],
  [
    'double',
    /^(?:.*\.)?(?:risk_score|risk_score_norm|calculated_score|calculated_score_norm|cpu\.usage|Ext\.entropy|classification\.score|score\.(?:base|temporal|environmental)|relative_\w+)$/,
  ],
  [
    'integer',
    /^(?!registry\.data\.)(?:.*[._])?(?:pid|ppid|pgid|vpid|port|size|bytes|packets|args_count|length|exit_code|status_code|sequence|severity|duration|uptime|ttl|thread\.id|serial_event_id)$/,
  ],
];

/**
 * What Elasticsearch's mapping says about a field, if ECS 9 and Elastic Defend's own mapping agree on its name;
 * `undefined`: the value itself decides.
 */
export function fieldKind(path: string): FieldKind | undefined {
  return SHAPES.find(([, shape]) => shape.test(path))?.[0];
}
