import fc from 'fast-check';
import { expect, it } from 'vitest';
import { signsOf } from '../../functions/alert/logs/decoding/record-signs.ts';
import { openEnvelope } from '../../functions/alert/logs/envelopes/envelope.ts';
import { scale, seed } from '../scale.ts';

const KEYS = ['event', 'event.category', 'category', 'a', 'message', '_source', 'events', 'source', 'index'];
const TEXTS = [
  '{"event":{"category":"x"}}',
  '{"a":1}',
  '{ \\"event.category\\" : 1',
  '"event"\n:',
  'event',
  'registry',
  '{\t"',
];

const { value: VALUE } = fc.letrec<{ value: unknown; record: object; text: string }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    tie('text'),
    tie('record'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.constant(1),
  ),
  record: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  text: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...TEXTS),
    tie('record').map(record => ` ${JSON.stringify(record, null, 1)}`),
    fc
      .tuple(fc.constantFrom('', 'x', '\t'), tie('record'))
      .map(([before, record]) => before + JSON.stringify(record)),
  ),
}));

/** Spaces between tokens, and a character of every third key or text as an escape. */
function spelled(text: string, draw: number): string {
  if (draw === 0) return text;
  if (draw === 1) return text.replaceAll('":', '"  :').replaceAll('{"', '{ "');
  return text.replace(/ev(?=ent)/, 'e\\u0076');
}

it('an event within a record is found by its text wherever it is found by its values', () => {
  const parse = (text: string) => {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return 'InvalidJson' as const;
    }
  };
  let hidden = 0;
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...KEYS), VALUE, { maxKeys: 4 }), fc.nat(2), (record, draw) => {
      const text = spelled(JSON.stringify(record), draw);
      const opened = openEnvelope(JSON.parse(text), null, parse);
      const decoded = { text, signs: signsOf(Buffer.from(text)) };
      expect(openEnvelope(JSON.parse(text), null, parse, decoded)).toEqual(opened);
      hidden += Number(opened.hasUnopenedText) + Number(opened.documents.length > 1);
    }),
    { numRuns: scale(200_000), seed: seed() },
  );
  expect(hidden).toBeGreaterThan(scale(200_000) / 20);
});
