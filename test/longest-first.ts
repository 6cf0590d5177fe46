import { existsSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take ten seconds and more begin first, so that no worker goes through one alone at the end. Without this
 * a fresh checkout, which has no times of a run before, begins with the largest files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONG.find(name => !existsSync(`test/${name}.test.ts`));
    if (gone) throw new Error(`test/longest-first.ts names test/${gone}.test.ts, which does not exist`);
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number =>
      LONG.findIndex(name => moduleId.endsWith(`/${name}.test.ts`)) >>> 0;
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

const LONG = [
  'runtime/fault-environment',
  'runtime/fault-table',
  'faults/faults',
  'cli/audit',
  'lambda/published-rules',
  'lambda/incidents',
  'runtime/incident-kill',
];
