import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compileCondition,
  compileQuery,
  evaluateConstant,
} from '../../functions/alert/eql/compile/compile.ts';
import { EqlError } from '../../functions/alert/eql/syntax/error.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { ruleFolders } from '../../functions/alert/pipeline/load-rules.ts';
import { type Draw, drawFrom } from '../eql-oracle/draw.ts';
import { drawCondition } from '../eql-oracle/random-cases.ts';
import { random, scale, seed } from '../scale.ts';

/** Queries that use the whole grammar between them, and those of the rules that ship. */
const SOUND = [
  'process where process.name : ("cmd.exe", "power*.exe") and not process.args like~ "-enc*" | head 5 | tail 2',
  '"my category" where `a``b`.c[0] in~ ("x", """y"z""") or ?d.e not in (1, -2.5e3, 0x1f)',
  'any where between~(a, "\\u{1f600}", \'b\', true) == substring("abc", -2) /* c /* d */ */ // e',
  'network where cidrMatch(source.ip, "10.0.0.0/8", "fe80::/10") == false and a regex~ ("[^/]+\\\\.(a|b){1,3}", ".*?")',
  'any where ((1 + 2) * -3 / 4.0 % 5 <= length(concat(a, null, true))) != (null == indexOf(b, "c", 1))',
  'sequence by host.id with maxspan=1m [process where true] by a [file where child of [any where b]] until [any where c]',
];

const WORDS = [
  ...'and or not in in~ : like like~ regex regex~ == != <= >= < > = ( ) [ ] , . | ? ` " """ \' \\ + - * / % ~ ! // /* */'.split(
    ' ',
  ),
  ...'null true false any where of by sequence head a.b length( ~( \\u{ \\u{41} 1 1.5 9223372036854775808 1e999 * ? \n \u0000'.split(
    ' ',
  ),
  ...['\n', '\r', '\u2028', '\ud83d', '\udc00', '😀', 'é', '\u202e', '\ufeff'],
];

function mutate(draw: Draw, text: string): string {
  let mutant = text;
  for (let count = 1 + draw.below(3); count > 0; count--) {
    const at = draw.below(mutant.length + 1);
    const to = Math.min(mutant.length, at + draw.below(8));
    const piece = draw.one([
      '',
      draw.one(WORDS),
      ` ${draw.one(WORDS)} `,
      mutant.slice(at, to).repeat(2),
      String.fromCharCode(draw.below(draw.chance(0.7) ? 128 : 65536)),
    ]);
    mutant = mutant.slice(0, at) + piece + mutant.slice(draw.one([at, to, Math.min(mutant.length, at + 1)]));
  }
  return mutant;
}

describe('mutated queries', () => {
  it('are compiled or refused with an EqlError, and nothing else', () => {
    const draw = drawFrom(random(seed()));
    const rules = ruleFolders('rules').flatMap(folder => {
      const text = readFileSync(`rules/${folder}/rule.toml`, 'utf8');
      return /^query = '''([^']*)'''/m.exec(text)?.[1] ?? [];
    });
    expect(rules.length).toBeGreaterThan(0);
    const works = [
      (text: string) =>
        compileQuery(text, { readField, allowPipes: true, caseFolding: draw.one(['ascii', 'unicode']) }),
      (text: string) => compileCondition(text, { readField }),
      evaluateConstant,
    ];
    let accepted = 0;
    let text = SOUND[0]!;
    for (let done = scale(1_000_000); done > 0; done--) {
      // A mutant of a mutant drifts further, and now and then one begins again.
      if (draw.chance(0.3)) {
        text = draw.chance(0.02)
          ? draw.one(rules)
          : draw.one([...SOUND, `any where ${drawCondition(draw, 2)}`]);
      }
      text = mutate(draw, text).slice(0, 6_000);
      try {
        (draw.chance(0.8) ? works[0]! : draw.one(works))(text);
        accepted++;
      } catch (error) {
        if (error instanceof EqlError && error.span.end <= text.length + 1 && error.excerpt.includes('^'))
          continue;
        expect.fail(`${JSON.stringify(text)} throws ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
    expect(accepted).toBeGreaterThan(0);
  }, 600_000);
});
