import { describe, expect, it } from 'vitest';
import { ByteInput } from '../../functions/alert/logs/compression/byte-input.ts';
import { random, scale, seed } from '../scale.ts';

const BYTES = Buffer.from(Array.from({ length: 60 }, (_, at) => at));

async function* cut(draw: () => number): AsyncGenerator<Buffer> {
  for (let at = 0, length = 0; at < BYTES.length; at += length) {
    length = Math.floor(draw() * 20);
    yield BYTES.subarray(at, at + length);
  }
}

describe('an input of bytes', () => {
  it('shows and hands out exactly as many as were asked for, whatever its chunks', async () => {
    const first = seed();
    for (let run = 0; run < scale(20_000); run++) {
      const draw = random(first + run);
      const input = new ByteInput(cut(draw));
      for (let at = 0; at < BYTES.length; ) {
        const what = `SEED=${first} run ${run} at ${at}`;
        const count = Math.floor(draw() * 30);
        const next = [...BYTES.subarray(at, at + count)];
        expect([...(await input.peek(count))], what).toEqual(next);
        expect([...(await input.peekAtMost(count))], what).toEqual(next);
        expect([...(await input.peekReady(count))].slice(0, count), what).toEqual(next);
        expect(input.position, what).toBe(at);
        const taken = await input.take(count);
        expect(taken === null ? null : [...taken], what).toEqual(next.length < count ? null : next);
        at = Math.min(at + count, BYTES.length);
        expect(input.position, what).toBe(at);
      }
      expect(await input.next(), `SEED=${first} run ${run}`).toBeNull();
    }
  });
});
