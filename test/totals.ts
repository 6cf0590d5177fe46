import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Writes `N passed, N failed, N skipped` to `.totals`, or `.totals-edges`; `.ci/run` ends with their sum. */
export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) count[test.result().state]++;
    }
    const file = process.env['EDGES'] === '1' ? '.totals-edges' : '.totals';
    writeFileSync(file, `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }
}
