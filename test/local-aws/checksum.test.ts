import { describe, expect, it } from 'vitest';
import { type ChecksumName, digestOf } from './checksum.ts';

describe('checksums', () => {
  // The published check values of each algorithm, over the nine digits.
  const rows: readonly (readonly [ChecksumName, string])[] = [
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ];
  it.each(rows)('%s is %s, in one piece or in several', (name, hex) => {
    for (const pieces of [['123456789'], ['1', '2345', '', '6789']]) {
      const digest = digestOf(name);
      for (const piece of pieces) digest.update(Buffer.from(piece));
      expect(Buffer.from(digest.value(), 'base64').toString('hex')).toBe(hex);
    }
  });
});
