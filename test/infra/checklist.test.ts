import { describe, expect, it } from 'vitest';
import { resolveTemplate, type Template } from '../../infra/deployment/template.ts';
import { standalone } from '../../infra/release.ts';
import { BUCKETS } from './checklist/buckets.ts';
import { FUNCTION_AND_ROLE } from './checklist/function.ts';
import { KEY } from './checklist/key.ts';
import { MESSAGES } from './checklist/messages.ts';
import { broken, type Point } from './checklist/reading.ts';
import { WATCHING } from './checklist/watching.ts';
import { EVERYTHING, synthesize } from './synthesize.ts';

const made = synthesize();
const TEMPLATES = [
  ['deployed by osls', made],
  ['of a release', standalone(made, { key: 'registry-alert-0.zip', sha256: `${'A'.repeat(43)}=` })],
] as const;
const POINTS = [...BUCKETS, ...MESSAGES, ...KEY, ...FUNCTION_AND_ROLE, ...WATCHING];

function problemsOf([, , problems]: Point, raw: Template): string[] {
  const deployed = { template: resolveTemplate(raw, EVERYTHING), raw };
  return (problems?.(deployed) ?? []).filter(problem => problem !== false);
}

describe.each(TEMPLATES)('the checklist of the template %s', (_, template) => {
  it('has sixty points', () => {
    expect(POINTS.map(([number]) => number)).toEqual([...Array(60).keys()].map(at => at + 1));
  });

  const held = POINTS.filter(([, , problems]) => problems !== null);
  it.each(held.map(point => [point[0], point[1], point] as const))('%i: %s', (_, __, point) => {
    expect(problemsOf(point, template)).toEqual([]);
  });

  it.each(held.map(point => [point[0], point[3]![0], point] as const))(
    '%i fails with %s changed',
    (_, __, point) => {
      expect(problemsOf(point, broken(template, ...point[3]!))).not.toEqual([]);
    },
  );

  it.each(
    POINTS.filter(([, , problems]) => problems === null).map(([number, , , , because]) => [number, because]),
  )('%i does not apply: %s', (_, because) => {
    expect(because).toBeTruthy();
  });
});
