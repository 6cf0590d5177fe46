/**
 * Writes `functions/alert/ruleset/integration-fields.ts`: the fields beyond ECS and Elastic Defend that Elastic's EQL
 * rules read, from checkouts of the two public repositories that define them:
 *
 *   node infra/integration-fields.ts ../detection-rules ../integrations
 *
 * The names are those of `detection_rules/etc/non-ecs-schema.json`, of the queries themselves, and of the packages'
 * `fields/*.yml` for each data stream that a rule's `index` names.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { compileQuery } from '../functions/alert/eql/index.ts';
import { readField } from '../functions/alert/logs/index.ts';
import { knownFields } from '../functions/alert/ruleset/fields.ts';
import { Problems } from '../functions/alert/ruleset/problem.ts';
import { TableReader } from '../functions/alert/ruleset/toml/table-reader.ts';
import { readToml } from '../functions/alert/ruleset/toml/toml.ts';

type YamlField = {
  readonly name: string;
  readonly type?: string;
  readonly fields?: readonly YamlField[];
};

const TARGET = 'functions/alert/ruleset/integration-fields.ts';
/** Anything may be below these. */
const OPEN_TYPES = new Set(['flattened', 'object', 'nested']);

const [rules, packages] = process.argv.slice(2);
if (rules === undefined || packages === undefined) {
  console.error('usage: node infra/integration-fields.ts DETECTION_RULES INTEGRATIONS');
  process.exit(2);
}
const names = new Set<string>();
const open = new Set<string>();
const schema = JSON.parse(readFileSync(join(rules, 'detection_rules/etc/non-ecs-schema.json'), 'utf8'));
for (const fields of Object.values(schema)) addTree(fields as Record<string, unknown>, '');
const streams = new Set<string>();
const described = new Set<string>();
for (const file of globSync('{rules,rules_building_block}/**/*.toml', { cwd: rules }))
  addRule(join(rules, file));
for (const stream of [...streams].sort()) {
  const [name, dataStream] = stream.split('.');
  const files = globSync(`packages/${name}/data_stream/${dataStream}/fields/*.yml`, { cwd: packages });
  if (files.length > 0) described.add(stream);
  for (const file of files) addYaml(parseYaml(readFileSync(join(packages, file), 'utf8')) ?? [], '');
}
write();

function addTree(tree: Record<string, unknown>, above: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') names.add(above + key);
    else addTree(value as Record<string, unknown>, `${above}${key}.`);
  }
}

function addRule(file: string): void {
  const problems = new Problems();
  const source = { file, text: readFileSync(file, 'utf8') };
  const table = readToml(source, problems);
  const rule = table && new TableReader(source, table, file, problems).sub('rule');
  if (rule?.text('type') !== 'eql') return;
  for (const index of rule.texts('index') ?? []) {
    const [, stream] = /^logs-(\w+\.\w+)/.exec(index) ?? [];
    if (stream !== undefined) streams.add(stream);
  }
  try {
    for (const field of compileQuery(rule.text('query') ?? '', { readField }).fields) names.add(field);
  } catch {
    // A sequence, or something Elasticsearch refuses: its fields are of no use here.
  }
}

function addYaml(fields: readonly YamlField[], above: string): void {
  for (const { name, type, fields: below } of fields) {
    const path = above + name.replace(/\.\*$/, '');
    if (below) addYaml(below, `${path}.`);
    if (OPEN_TYPES.has(type ?? '')) open.add(`${path}.`);
    if (type !== 'group') names.add(path);
  }
}

function write(): void {
  const listed = knownFields({ withIntegrations: false });
  const isOpen = (name: string) => [...open].some(prefix => name.startsWith(prefix));
  const lines = new Map<string, string[]>();
  for (const name of [...names].sort()) {
    if (listed.has(name) || isOpen(name)) continue;
    const parts = name.split('.');
    const prefix = parts.slice(0, Math.min(2, parts.length - 1)).join('.');
    lines.set(prefix, [...(lines.get(prefix) ?? []), name.slice(prefix === '' ? 0 : prefix.length + 1)]);
  }
  const rows = [...lines].map(([prefix, below]) => `${prefix || '@'} ${below.join(' ')}`);
  writeFileSync(
    TARGET,
    `/**
 * Fields of integrations that Elastic's EQL rules read: a line for each prefix, \`@\` for none. Written by
 * \`infra/integration-fields.ts\`, which says how, from the rules and non-ecs-schema.json of elastic/detection-rules and
 * these data streams of elastic/integrations: ${[...described].sort().join(', ')}.
 */
export const INTEGRATION_FIELDS = \`
${rows.join('\n')}
\`;

/** Objects of integrations whose members cannot be listed. */
export const OPEN_INTEGRATION_FIELDS: readonly string[] = [
${[...open]
  .sort()
  .map(prefix => `  '${prefix}',\n`)
  .join('')}];
`,
  );
  console.log(`${TARGET}: ${rows.length} prefixes of ${streams.size} data streams`);
}
