import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints what was skipped and why, and writes `N passed, N failed, N skipped` to `.totals`, or `.totals-edges`;
 * `.ci/run` ends with their sum. A reason is the note of a skip, or a line with SKIPPED that a test file wrote.
 */
export default class Totals implements Reporter {
  readonly #reasons = new Set<string>();

  onUserConsoleLog({ content }: { readonly content: string }): void {
    for (const line of content.split('\n')) if (line.includes('SKIPPED')) this.#reasons.add(line.trim());
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const skipped = new Map<string, number>();
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const result = test.result();
        count[result.state]++;
        if (result.state !== 'skipped') continue;
        if (result.note !== undefined) this.#reasons.add(result.note);
        skipped.set(module.relativeModuleId, (skipped.get(module.relativeModuleId) ?? 0) + 1);
      }
    }
    const lines = [...[...skipped].map(([file, tests]) => `${file}: ${tests} skipped`), ...this.#reasons];
    if (count.skipped > 0)
      process.stdout.write(`${count.skipped} skipped\n${lines.map(one => `  ${one}\n`).join('')}`);
    const file = process.env['EDGES'] === '1' ? '.totals-edges' : '.totals';
    writeFileSync(file, `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }
}
