import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take ten seconds and more begin first, so that no worker goes through one alone at the end. Without this
 * a fresh checkout, which has no times of a run before, begins with the largest files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
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
