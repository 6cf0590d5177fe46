import { describe, expect, it } from 'vitest';
import { hasCases, runConformance } from '../eql-oracle/conformance.ts';

describe.skipIf(!hasCases())('the cases beside the checkout (../shared/data/eql)', () => {
  it.each(hasCases() ? runConformance() : [])('$file: $passed of $total', ({ failures, passed }) => {
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
