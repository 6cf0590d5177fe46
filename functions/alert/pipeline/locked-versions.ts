import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RuleError } from '../ruleset/index.ts';

const NAME = 'version.lock.json';

/**
 * The versions of Elastic's rules by rule id, from the `version.lock.json` of a directory, or of the checkout of
 * elastic/detection-rules that contains it; the rules themselves have none. Empty if there is no such file.
 * @throws RuleError if it is not valid JSON.
 */
export function lockedVersions(directory: string): ReadonlyMap<string, number> {
  const path = [join(directory, NAME), ...checkoutsAbove(resolve(directory))].find(path => existsSync(path));
  if (path === undefined) return new Map();
  try {
    const locked = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>);
    return new Map(
      locked
        .map(
          ([id, entry]) => [id, Number((entry as { readonly version?: unknown } | null)?.version)] as const,
        )
        .filter(([, version]) => Number.isInteger(version)),
    );
  } catch (error) {
    const message = `no JSON: ${(error as Error).message}`;
    throw new RuleError([{ code: 'WrongValue', file: path, line: 0, column: 0, message, excerpt: '' }]);
  }
}

function checkoutsAbove(directory: string): string[] {
  const above = dirname(directory);
  const own = join(directory, 'detection_rules', 'etc', NAME);
  return above === directory ? [own] : [own, ...checkoutsAbove(above)];
}
