import { describe, expect, it } from 'vitest';
import { parseLoneExpression } from '../../functions/alert/eql/syntax/parse.ts';
import { answer, ROWS } from '../eql-oracle/conformance-rows.ts';
import { slowMatches } from '../eql-oracle/interpreter.ts';
import { isRefused } from '../eql-oracle/slow-refusal.ts';

describe('corners of Elasticsearch', () => {
  it.each(ROWS)('%s: %s', (_, condition, document, due) => {
    const tree = parseLoneExpression(condition);
    expect(answer(condition, document)).toBe(due);
    if (typeof due === 'boolean') {
      expect(isRefused(tree)).toBe(false);
      expect(slowMatches(tree, document, 'ascii')).toBe(due);
    } else if (due === 'Unsupported') expect(isRefused(tree)).toBe(true);
  });
});
