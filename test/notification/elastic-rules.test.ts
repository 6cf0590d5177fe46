import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { lockedVersions } from '../../functions/alert/pipeline/locked-versions.ts';
import { readRule } from '../../functions/alert/ruleset/index.ts';
import { deps, linesOf } from '../ruleset/rule-folder.ts';
import { checkCarriers } from './check-carriers.ts';

const OPEN_RULES = '../shared/data/detection-rules';
const HAS_OPEN_RULES = existsSync(`${OPEN_RULES}/list.json`);
if (!HAS_OPEN_RULES) console.warn(`SKIPPED: the open rules of Elastic are not at ${OPEN_RULES}`);

describe.skipIf(!HAS_OPEN_RULES)('the open rules of Elastic, each with its event', () => {
  const list = HAS_OPEN_RULES
    ? (JSON.parse(readFileSync(`${OPEN_RULES}/list.json`, 'utf8')) as { stem: string; version: number }[])
    : [];
  const versions = HAS_OPEN_RULES ? lockedVersions(OPEN_RULES) : new Map<string, number>();
  it.each(list)('$stem', { timeout: 60_000 }, ({ stem, version }) => {
    const files = new Map([['rule.toml', readFileSync(`${OPEN_RULES}/${stem}/rule.toml`, 'utf8')]]);
    const rule = readRule(stem, files, { ...deps, lockedVersions: versions });
    expect(rule.version).toBe(version);
    const events = (name: string) =>
      linesOf(`${OPEN_RULES}/${stem}/${name}.ndjson`).map(line => JSON.parse(line) as JsonObject);
    for (const event of events('match')) checkCarriers(event, rule);
    for (const event of events('quiet')) expect(rule.query.matches(event)).toBe(false);
  });
});
