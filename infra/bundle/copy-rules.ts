import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
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
  for (const folder of ['.', ...ruleFolders(from)]) {
    for (const name of readdirSync(join(from, folder))) {
      // What an editor has locked is a link to nothing.
      const found = statSync(join(from, folder, name), { throwIfNoEntry: false });
      if (EVIDENCE.has(name) || !found?.isFile()) continue;
      copyFileSync(join(from, folder, name), join(to, folder, name));
      chmodSync(join(to, folder, name), 0o644);
    }
  }
}

function writeFrozen(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o644 });
  chmodSync(path, 0o644);
}
