import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compileQuery } from '../../functions/alert/eql/index.ts';
import { readField } from '../../functions/alert/logs/index.ts';
import { writeLog } from '../log-generator.ts';
import { OUT } from './logs.ts';

/** About 2.5 KB of JSON an event, so this many make a gigabyte. */
export const EVENTS_PER_GB = 400_000;

/** A log of the generator in a file, made once. `name` ends in `.ndjson`, `.ndjson.gz` or `.ndjson.zst`. */
export async function log(name: string, events: number, attacks = 12): Promise<string> {
  mkdirSync(OUT, { recursive: true });
  const path = join(OUT, name);
  if (!existsSync(path)) await writeLog(path, { events, seed: 1, attacks });
  return path;
}

/** Many objects of about 50 KB each (20 events), for what one object costs beside its bytes. */
export async function smallObjects(count: number): Promise<string[]> {
  mkdirSync(join(OUT, 'small'), { recursive: true });
  const paths: string[] = [];
  for (let number = 0; number < count; number++) {
    const path = join(OUT, 'small', `${number}.ndjson.gz`);
    if (!existsSync(path)) await writeLog(path, { events: 20, seed: number, attacks: 0 });
    paths.push(path);
  }
  return paths;
}

/** A log of matches whose data are so long, each with a text of its own. */
export async function longValues(length: number, count: number): Promise<string> {
  mkdirSync(OUT, { recursive: true });
  const path = join(OUT, `values-${length}.ndjson.gz`);
  if (existsSync(path)) return path;
  const [first] = readFileSync('rules/persistence-via-wmi-stdregprov/match.ndjson', 'utf8').split('\n');
  const event = JSON.parse(first!) as { registry: { data: object } };
  const lines = Array.from({ length: count }, (_, number) => {
    const data = { ...event.registry.data, strings: [`${number} ${'x.exe '.repeat(length / 6)}`] };
    return JSON.stringify({ ...event, registry: { ...event.registry, data } });
  });
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
  return path;
}

/** A directory of rules: `count` of them, each about another program, or one without any literal. */
export function rules(count: number | 'without-literal'): string {
  const query = (number: number): string =>
    count === 'without-literal'
      ? 'registry where length(registry.path) > 5000 and event.type == "change"'
      : `registry where host.os.type == "windows" and process.name : "program${number}name.exe" and registry.path : "HKLM\\\\*\\\\Run\\\\*"`;
  const queries = Array.from({ length: typeof count === 'number' ? count : 1 }, (_, number) => query(number));
  return ruleFolders(`rules-${count}`, queries);
}

const ELASTIC_QUERIES = '../shared/data/eql/rule_queries.jsonl';

/**
 * Queries of Elastic's rules, where they are at hand: those that compile, then the same again with other texts, up to
 * `count`; empty where they are not.
 */
export function elasticQueries(count: number): readonly string[] {
  if (!existsSync(ELASTIC_QUERIES)) return [];
  const own = readFileSync(ELASTIC_QUERIES, 'utf8')
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as { query: string }).query)
    .filter(isSound)
    .slice(0, 107);
  return Array.from({ length: count }, (_, number) => {
    const query = own[number % own.length]!;
    return number < own.length ? query : withOtherTexts(query, Math.floor(number / own.length));
  });
}

/** A directory of rules made of them; `null` where they are not at hand. */
export function elasticRules(count: number): string | null {
  const queries = elasticQueries(count);
  return queries.length === 0 ? null : ruleFolders(`rules-elastic-${count}`, queries);
}

function isSound(query: string): boolean {
  try {
    compileQuery(query, { readField });
    return true;
  } catch {
    return false;
  }
}

/** Every text but those of `event.*` and `host.os.type`, and regular expressions, gets a word of its own. */
function withOtherTexts(query: string, number: number): string {
  const kept =
    /"""[\s\S]*?"""|(?:host\.os\.type|event\.\w+)\s*(?:==|!=|:|like~?|not in|in~?)\s*(?:\([^)]*\)|"[^"]*")/;
  const text = /"((?:[^"\\]|\\.)*)"/;
  return query.replace(new RegExp(`(${kept.source})|${text.source}`, 'g'), (whole, keep, inside?: string) =>
    keep === undefined && /[a-z]{3}/i.test(inside!)
      ? `"${inside!.replace(/[a-z]{3,}(?=[^a-z]*$)/i, word => `${word}q${number}`)}"`
      : whole,
  );
}

function ruleFolders(name: string, queries: readonly string[]): string {
  const directory = join(OUT, name);
  queries.forEach((query, number) => {
    const folder = join(directory, `rule-${number}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'rule.toml'), ruleText(number, query));
  });
  return directory;
}

function ruleText(number: number, query: string): string {
  const fields = new Set(query.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/[a-z_]+(?:\.\w+)+/gi));
  return `[metadata]
creation_date = "2026/11/24"
maturity = "production"
updated_date = "2026/11/24"

[rule]
author = ["bench"]
description = "A rule for measuring."
language = "eql"
license = "Apache-2.0"
name = "Bench ${number}"
risk_score = 1
rule_id = "00000000-0000-4000-8000-${String(number).padStart(12, '0')}"
severity = "low"
tags = []
type = "eql"
query = '''
${query}
'''

[registry_alert]
fields = ${JSON.stringify([...fields])}
`;
}

/** The versions and the machine that a figure was measured on. */
export function machine(): string {
  const cpu = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  return `Node ${process.version}, zlib ${process.versions.zlib}, zstd ${process.versions['zstd']}, V8 ${process.versions.v8}; ${cpu}`;
}
