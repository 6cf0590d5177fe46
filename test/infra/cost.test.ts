import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withTables } from '../../docs/cost.ts';

it('docs/cost.md has the sums that its prices make; node docs/cost.ts writes them', () => {
  const page = readFileSync('docs/cost.md', 'utf8');
  expect(page).toBe(withTables(page));
  expect(withTables(page.replace(/\*\*[\d,]+\*\* \|/g, '**1** |'))).toBe(page);
});
