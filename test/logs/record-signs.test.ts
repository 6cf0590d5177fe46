import { expect, it } from 'vitest';
import { signsOf } from '../../functions/alert/logs/decoding/record-signs.ts';
import { random, scale, seed } from '../scale.ts';

const PIECES = [
  '{',
  '[',
  '1234567',
  '890123456',
  '-',
  '0',
  '\\',
  'u',
  '\\u0065',
  '\\"',
  '"event',
  '"event"',
  '.category',
  '"',
  ':',
  ',',
  ' ',
  'é',
  'x',
  '}',
];

it('the signs of a record are those that searches for each find', () => {
  const draw = random(seed());
  const seen = [0, 0, 0, 0];
  for (let turn = 0; turn < scale(200_000); turn++) {
    let text = '';
    for (let left = Math.floor(draw() ** 2 * 90); left > 0; left--)
      text += PIECES[Math.floor(draw() * PIECES.length)];
    const { brackets, hasLongDigits, hasEscape, hasQuote, eventKeys } = signsOf(Buffer.from(text));
    const keys = text.match(/(?="event(?:\.category)?\\*"(?![,}\]]))/g)?.length ?? 0;
    expect({ brackets, hasLongDigits, hasEscape, hasQuote, eventKeys }, text).toEqual({
      brackets: text.match(/[{[]/g)?.length ?? 0,
      hasLongDigits: /(?<![^\0-\x20,:[-])\d{16}/.test(text),
      hasEscape: /\\u[0-9a-f]{4}/i.test(text),
      hasQuote: text.includes('\\"'),
      eventKeys: Math.min(keys, 15),
    });
    [hasLongDigits, hasEscape, hasQuote, keys > 0].forEach((is, at) => {
      seen[at]! += Number(is);
    });
  }
  for (const count of seen) expect(count).toBeGreaterThan(scale(200_000) / 100);
});
