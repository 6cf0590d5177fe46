import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { type Draw, drawFrom } from '../eql-oracle/draw.ts';
import { random, scale, seed } from '../scale.ts';

/** The reference implementation in Python, where somebody has installed it. */
const isHere = spawnSync('python3', ['-c', 'import eql']).status === 0;
if (!isHere)
  process.stderr.write('SKIPPED: the package eql of Python is not importable, so it is not asked\n');

const ASK = `
import json, sys, eql
from eql.parser import elasticsearch_syntax, parse_query
for line in sys.stdin:
    case = json.loads(line)
    with elasticsearch_syntax:
        query = parse_query(case["query"])
    events = [eql.Event("generic", at, document) for at, document in enumerate(case["documents"])]
    found = [event.data["id"] for output in eql.get_engine(query)(events) for event in output.events]
    print(json.dumps(sorted(found)))
`;

const TEXTS = ['alpha', 'beta', 'alphabet', 'a-b', 'x.exe', 'zz'];

/**
 * Where the two languages agree: no field is missing or has two values, no case differs, no division, no `?`, and no
 * number after a colon.
 */
function drawShared(draw: Draw, depth: number): string {
  if (depth > 0 && draw.chance(0.6)) {
    const [one, other] = [drawShared(draw, depth - 1), drawShared(draw, depth - 1)];
    return draw.one([`(${one} and ${other})`, `(${one} or ${other})`, `not (${one})`]);
  }
  const text = JSON.stringify(draw.one(TEXTS));
  const field = draw.one(['s', 't']);
  const number = draw.one(['n', 'm', `(n + ${draw.below(9)})`, `(m * ${draw.below(9)})`, `length(${field})`]);
  return draw.one([
    `${number} ${draw.one(['==', '!=', '<', '<=', '>', '>='])} ${draw.below(20)}`,
    `n in (${draw.below(9)}, ${draw.below(9)})`,
    `${field} ${draw.one(['==', '!='])} ${text}`,
    `${field} not in ("beta", ${text})`,
    `${field} : ("*${draw.one(['a', 'e', 'pha', '.exe'])}", "${draw.one(['a', 'x', 'al'])}*")`,
    `startsWith(${field}, "${draw.one(['a', 'al', 'z'])}")`,
    `endsWith(${field}, "${draw.one(['a', 'bet', 'z'])}")`,
    `stringContains(${field}, "${draw.one(['ph', '-', 'ta'])}")`,
    `concat(s, "+", t) == "${draw.one(TEXTS)}+${draw.one(TEXTS)}"`,
  ]);
}

describe.skipIf(!isHere)('the package eql of Python', () => {
  it('finds the same events where both languages agree', () => {
    const draw = drawFrom(random(seed()));
    const cases = Array.from({ length: scale(5_000) }, () => ({
      query: `any where ${drawShared(draw, 2)}`,
      documents: Array.from(
        { length: 10 },
        (_, id): JsonObject => ({
          id,
          s: draw.one(TEXTS),
          t: draw.one(TEXTS),
          n: draw.below(20),
          m: draw.below(5),
        }),
      ),
    }));
    const input = cases.map(given => JSON.stringify(given)).join('\n');
    const { stdout, stderr } = spawnSync('python3', ['-c', ASK], {
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const answers = stdout.trim().split('\n');
    expect([answers.length, stderr]).toEqual([cases.length, '']);
    for (const [at, { query, documents }] of cases.entries()) {
      const { matches } = compileQuery(query, { readField });
      const found = documents.filter(document => matches(document)).map(({ id }) => id);
      expect([query, found]).toEqual([query, JSON.parse(answers[at]!)]);
    }
  }, 300_000);
});
