import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readField } from '../../functions/alert/logs/index.ts';
import {
  FROZEN_DISABLED,
  FROZEN_INDICATORS,
  FROZEN_RULE,
  ruleFiles,
  ruleFolders,
} from '../../functions/alert/pipeline/load-rules.ts';
import { lockedVersions } from '../../functions/alert/pipeline/locked-versions.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import {
  freezeIndicators,
  freezeRule,
  INDICATORS_FILE,
  readIndicators,
  readRule,
} from '../../functions/alert/ruleset/index.ts';

/** Evidence is for `check`, not for the function. */
const EVIDENCE = new Set(['match.ndjson', 'quiet.ndjson']);

/**
 * Copies the rules beside the bundle, each file with the same mode on any machine, and the parsed rule. @throws
 * RuleError
 */
export function copyRules(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const text = readFileSync(join(from, INDICATORS_FILE), 'utf8');
  const indicators = readIndicators({ file: INDICATORS_FILE, text }, { readField, sha256 });
  writeFrozen(join(to, FROZEN_INDICATORS), freezeIndicators(text, indicators));
  const versions = lockedVersions(from);
  const disabled: Record<string, string> = {};
  for (const folder of ruleFolders(from)) {
    mkdirSync(join(to, folder), { recursive: true });
    const files = ruleFiles(from, folder);
    const rule = readRule(folder, files, { readField, sha256, lockedVersions: versions });
    writeFrozen(join(to, folder, FROZEN_RULE), freezeRule(files, versions, rule));
    if (rule.disabled) disabled[folder] = files.get('rule.toml')!;
  }
  writeFrozen(join(to, FROZEN_DISABLED), JSON.stringify(disabled));
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || EVIDENCE.has(entry.name)) continue;
    const folder = join(to, relative(from, entry.parentPath));
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(entry.parentPath, entry.name), join(folder, entry.name));
    chmodSync(join(folder, entry.name), 0o644);
  }
}

function writeFrozen(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o644 });
  chmodSync(path, 0o644);
}
