import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { permissionsOf, placeOf, shown } from './infra/permissions.ts';
import { synthesize } from './infra/synthesize.ts';
import type { Permission } from './local-aws/rights.ts';

/** What the functions of all tests of a run asked AWS for; every local AWS adds to it when it stops. */
export const CALLS = 'out/aws-calls.ndjson';

export function setup(): void {
  mkdirSync('out', { recursive: true });
  rmSync(CALLS, { force: true });
}

/** At the end of a run. @throws when a call was made in any test that the role of the template does not allow */
export function teardown(): void {
  if (!existsSync(CALLS)) return;
  const asked = readFileSync(CALLS, 'utf8')
    .trimEnd()
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Permission);
  const wrong = notAllowed(asked);
  if (wrong.length > 0) throw new Error(`the role does not allow what tests call:\n${wrong.join('\n')}`);
}

/** Calls of the function, by kind of place, for which its role has no permission. */
export function notAllowed(asked: readonly Permission[]): readonly string[] {
  const allowed = new Set(shown(permissionsOf(synthesize())));
  const ofFunction = asked.filter(({ caller }) => caller === 'function');
  const calls = shown(ofFunction.map(({ action, resource }) => ({ action, on: placeOf(resource) })));
  return [...new Set(calls)].filter(call => !allowed.has(call));
}
