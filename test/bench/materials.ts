import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeLog } from '../log-generator.ts';

/** Where the benches keep what they make; ignored by git. */
export const OUT = 'out/bench';

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
  const directory = join(OUT, `rules-${count}`);
  const query = (number: number): string =>
    count === 'without-literal'
      ? 'registry where length(registry.path) > 5000 and event.type == "change"'
      : `registry where host.os.type == "windows" and process.name : "program${number}name.exe" and registry.path : "HKLM\\\\*\\\\Run\\\\*"`;
  for (let number = 0; number < (typeof count === 'number' ? count : 1); number++) {
    const folder = join(directory, `rule-${number}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'rule.toml'), ruleText(number, query(number)));
  }
  return directory;
}

function ruleText(number: number, query: string): string {
  return `[metadata]
creation_date = "2026/11/24"
maturity = "production"
updated_date = "2026/11/24"

[rule]
author = ["bench"]
description = "A rule for measuring."
index = ["logs-endpoint.events.registry-*"]
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
`;
}

/** The versions and the machine that a figure was measured on. */
export function machine(): string {
  const cpu = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  return `Node ${process.version}, zlib ${process.versions.zlib}, zstd ${process.versions['zstd']}, V8 ${process.versions.v8}; ${cpu}`;
}
