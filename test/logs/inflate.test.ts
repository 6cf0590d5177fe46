import { constants, createInflateRaw, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from '../../functions/alert/logs/compression/inflate.ts';
import { decodeInPlace, insideOf } from '../../functions/alert/logs/compression/native-decoder.ts';
import { random, scale, seed } from '../scale.ts';
import { decoded } from './decoded.ts';

const draw = random(seed());
const below = (most: number): number => Math.floor(draw() * most);

const byZlib = (chunks: readonly Buffer[]) =>
  decoded(chunks, input => {
    const engine = createInflateRaw();
    return decodeInPlace(engine, insideOf(engine)!, input);
  });
const byOurs = (chunks: readonly Buffer[]) => decoded(chunks, input => inflate(input, () => {}));

/** From one repeated byte to noise, of up to 300 KB, mostly short. */
function someText(): Buffer {
  const length = Math.floor(draw() ** 6 * 300_000);
  const letters = 1 + below(draw() < 0.5 ? 4 : 256);
  const isJson = draw() < 0.4;
  let text = '';
  while (isJson && text.length < length) text += `{"a":${below(1e6)},"b":"${'x'.repeat(below(300))}"}\n`;
  return isJson ? Buffer.from(text) : Buffer.from(Array.from({ length }, () => below(letters)));
}

function packed(text: Buffer): Buffer {
  return deflateRawSync(text, {
    level: below(10),
    memLevel: 1 + below(9),
    strategy: [
      constants.Z_DEFAULT_STRATEGY,
      constants.Z_FIXED,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
      constants.Z_FILTERED,
    ][below(5)]!,
  });
}

function inChunks(bytes: Buffer): Buffer[] {
  const most = 1 + Math.floor(draw() ** 3 * 200_000);
  const chunks: Buffer[] = [];
  for (let at = 0, size = 0; at < bytes.length; at += size) {
    size = 1 + below(most);
    chunks.push(bytes.subarray(at, at + size));
  }
  return chunks;
}

describe('inflate', () => {
  it('is cut, not broken, where the bits that follow a wrong repeat are missing', async () => {
    const bytes = Buffer.from('05000425', 'hex');
    expect((await byZlib([bytes])).ending).toBe('cut');
    expect((await byOurs([bytes])).ending).toBe('cut');
    expect((await byOurs([Buffer.concat([bytes, bytes])])).ending).toBe('broken');
  });

  it('decodes what zlib decodes, ends where it ends, and refuses what it refuses', async () => {
    const endings = { whole: 0, cut: 0, broken: 0 };
    for (let turn = 0; turn < scale(10_000); turn++) {
      const sound = packed(someText());
      const bytes = Buffer.concat([sound, Buffer.alloc(below(9), 'x')]);
      // Half of the flips are in the first block's header, where codes become incomplete or too many.
      if (draw() < 0.5)
        bytes[below(draw() < 0.5 ? Math.min(90, sound.length) : sound.length)]! ^= 1 << below(8);
      if (draw() < 0.1) for (let at = below(8); at < bytes.length; at++) bytes[at] = below(256);
      const part = draw() < 0.3 ? bytes.subarray(0, below(bytes.length)) : bytes;
      const [ours, theirs] = [await byOurs(inChunks(part)), await byZlib([part])];
      endings[ours.ending]++;
      expect([ours.ending, ours.left]).toEqual([theirs.ending, theirs.left]);
      if (ours.ending === 'broken') {
        // zlib withholds the output of the write that fails: that of one byte is a few symbols.
        const { all } = await byZlib(Array.from(part.keys(), at => part.subarray(at, at + 1)));
        expect(ours.all.subarray(0, all.length).equals(all)).toBe(true);
        expect(ours.all.length - all.length).toBeLessThan(16 * 258);
      } else expect(ours.all.equals(theirs.all)).toBe(true);
    }
    for (const count of Object.values(endings)) expect(count).toBeGreaterThan(0);
  }, 600_000);
});
