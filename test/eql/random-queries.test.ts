import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { lazyQuery } from '../../functions/alert/eql/lazy-query.ts';
import type { Query } from '../../functions/alert/eql/query.ts';
import { QueryIndex } from '../../functions/alert/eql/query-index.ts';
import { EqlError } from '../../functions/alert/eql/syntax/error.ts';
import { parseLoneExpression } from '../../functions/alert/eql/syntax/parse.ts';
import { readField, readFields } from '../../functions/alert/logs/decoding/read-field.ts';
import { toJson } from '../../functions/alert/logs/json.ts';
import { drawFrom } from '../eql-oracle/draw.ts';
import { slowMatches } from '../eql-oracle/interpreter.ts';
import { drawCondition, drawDocument } from '../eql-oracle/random-cases.ts';
import { isRefused } from '../eql-oracle/slow-refusal.ts';
import { random, scale, seed } from '../scale.ts';

const DOCUMENTS = 20;

/** Random queries, each with its documents; refused and unwanted ones are drawn anew. */
function* cases(count: number, from: number, isWanted: (query: Query) => boolean = () => true) {
  const draw = drawFrom(random(from));
  for (let done = 0; done < count; ) {
    const condition = drawCondition(draw, draw.below(4));
    const caseFolding = draw.one(['ascii', 'unicode'] as const);
    const query = compileOrNothing(`any where ${condition}`, caseFolding);
    if (!query || !isWanted(query)) continue;
    done += DOCUMENTS;
    const documents = Array.from({ length: DOCUMENTS }, () => drawDocument(draw));
    yield { condition, caseFolding, query, documents };
  }
}

/** Constants that have no value are refused, and `null` alone is; what else is refused the second interpreter refuses. */
function compileOrNothing(text: string, caseFolding: 'ascii' | 'unicode'): Query | null {
  if (text === 'any where null') return null;
  const isDue = isRefused(parseLoneExpression(text.slice('any where '.length)));
  try {
    const query = compileQuery(text, { readField, caseFolding });
    return isDue ? expect.fail(`${text} is to be refused`) : query;
  } catch (error) {
    if (error instanceof EqlError && (error.code === 'Value' || isDue)) return null;
    throw error;
  }
}

describe('random queries on random documents', () => {
  it('match where the second interpreter says so', () => {
    let matched = 0;
    let evaluated = 0;
    for (const { condition, caseFolding, query, documents } of cases(scale(200_000), seed())) {
      const tree = parseLoneExpression(condition);
      for (const document of documents) {
        const due = slowMatches(tree, document, caseFolding);
        if (query.matches(document) !== due) {
          expect.fail(`${condition}\n${toJson(document)}\ncase ${caseFolding}: due ${due}`);
        }
        evaluated++;
        if (due) matched++;
      }
    }
    expect(matched / evaluated).toBeGreaterThan(0.2);
    expect(matched / evaluated).toBeLessThan(0.8);
  }, 300_000);

  it('match when they are not compiled yet', () => {
    let matched = 0;
    for (const { condition, query, documents } of cases(scale(100_000), seed() + 4)) {
      const known = JSON.parse(JSON.stringify(query)) as Query;
      for (const document of documents.filter(query.matches)) {
        matched++;
        if (!lazyQuery(known, readField).matches(document)) expect.fail(`${condition}\n${toJson(document)}`);
      }
    }
    expect(matched).toBeGreaterThan(0);
  }, 300_000);

  it('are explained as they match', () => {
    for (const { condition, query, documents } of cases(scale(100_000), seed() + 1)) {
      for (const document of documents) {
        const { matches, clauses, decidedBy } = query.explain(document);
        if (matches !== query.matches(document)) expect.fail(`${condition}\n${toJson(document)}`);
        if (!matches) expect(clauses[decidedBy]!.result).not.toBe('true');
      }
    }
  }, 300_000);

  it('hold a required literal wherever they match', () => {
    let matched = 0;
    const hasLiterals = (query: Query) => query.requiredLiterals !== null;
    for (const { condition, query, documents } of cases(scale(200_000), seed() + 2, hasLiterals)) {
      const literals = query.requiredLiterals!;
      for (const document of documents.filter(query.matches)) {
        matched++;
        const text = plainText(document);
        if (literals.some(literal => text.includes(literal))) continue;
        expect.fail(`${condition}\n${toJson(document)}\nholds none of ${JSON.stringify(literals)}`);
      }
    }
    expect(matched).toBeGreaterThan(0);
  }, 300_000);

  it('are among the candidates of an index wherever they match', () => {
    const count = { candidates: 0, left: 0 };
    const hasValues = (query: Query) => query.requiredValues !== null;
    const drawn = [...cases(scale(100_000), seed() + 3, hasValues)];
    for (let at = 0; at < drawn.length; at += 20) {
      const some = drawn.slice(at, at + 20);
      const index = new QueryIndex(
        some.map(({ query }) => query),
        readFields,
      );
      for (const document of some.flatMap(({ documents }) => documents)) {
        const candidates = index.candidates(document);
        count.candidates += candidates.length;
        for (const [position, { condition, query }] of some.entries()) {
          if (candidates.includes(position)) continue;
          count.left++;
          if (query.matches(document)) expect.fail(`${condition}\n${toJson(document)}\nis left out`);
        }
      }
    }
    expect(count.candidates).toBeGreaterThan(0);
    expect(count.left).toBeGreaterThan(count.candidates);
  }, 300_000);
});

/** The document as a log holds it, without the escapes of JSON and the case of ASCII. */
function plainText(document: JsonObject): string {
  return toJson(document)
    .replace(/\\(["\\])/g, '$1')
    .replace(/\\n/g, '\n')
    .replace(/[A-Z]/g, letter => letter.toLowerCase());
}
