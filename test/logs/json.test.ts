import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson, toJson } from '../../functions/alert/logs/json.ts';
import { scale, seed } from '../scale.ts';

const INTEGER = /^-?[0-9]+$/;

/** The definition: each number by its source. */
function slow(text: string): unknown {
  const reviver = (_: string, value: unknown, { source }: { source: string }): unknown =>
    typeof value === 'number' && INTEGER.test(source) && source.length <= 1000 && !Number.isSafeInteger(value)
      ? BigInt(source)
      : value;
  return JSON.parse(text, reviver as never);
}

const outcome = (parse: (text: string) => unknown, text: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return 'SyntaxError';
  }
};

const digits = fc.stringMatching(/^-?[0-9]{14,22}$/);
const hostile = fc.oneof(
  fc.constantFrom(
    '\ufdd0',
    '\\ufdd0',
    '"',
    '\\',
    ':',
    ',',
    '[',
    ']',
    '{',
    '}',
    ' ',
    '-',
    '.',
    'e5',
    '"__proto__":',
  ),
  digits,
);

it('integers are exact, and every other text is what JSON.parse says of it', () => {
  const value = fc.jsonValue({ maxDepth: 3 }).map(value => JSON.stringify(value));
  const withDigits = fc
    .array(
      fc.oneof(
        digits,
        digits.map(text => `"a:${text},"`),
        digits.map(text => `0.${text}`),
        value,
      ),
    )
    .map(members => `{"a":[${members}],"__proto__":{"b": ${members[0] ?? 1} }}`);
  const text = fc.oneof(
    value,
    withDigits,
    fc.array(hostile).map(parts => parts.join('')),
  );
  fc.assert(
    fc.property(text, text => {
      expect(outcome(parseJson, text)).toEqual(outcome(slow, text));
    }),
    { numRuns: scale(200_000), seed: seed() },
  );
});

it.each([
  [
    '{"a":132500000000004096,"b":"x:132500000000004097,"}',
    '{"a":132500000000004096,"b":"x:132500000000004097,"}',
  ],
  [
    '[-9007199254740993 ,9007199254740991,9007199254740993.5]',
    '[-9007199254740993,9007199254740991,9007199254740994]',
  ],
  ['["\\ufdd0",9007199254740993]', '["\ufdd0",9007199254740993]'],
])('%s', (text, due) => {
  expect(toJson(parseJson(text))).toBe(due);
});
