import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const CHECKSUMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
/** The algorithms of S3's flexible checksums, named as in the header `x-amz-checksum-<name>`. */
export type ChecksumName = (typeof CHECKSUMS)[number];

export type Digest = {
  update(bytes: Uint8Array): void;
  /** Base64, as S3 writes it. */
  value(): string;
};

export function digestOf(name: ChecksumName): Digest {
  if (name === 'sha1' || name === 'sha256') {
    const hash = createHash(name);
    return { update: bytes => void hash.update(bytes), value: () => hash.digest('base64') };
  }
  if (name === 'crc64nvme') return crc64nvme();
  let state = 0;
  const step = name === 'crc32' ? crc32 : crc32c;
  return {
    update: bytes => {
      state = step(bytes, state);
    },
    value: () => wordsInBase64(state),
  };
}

function wordsInBase64(...words: readonly number[]): string {
  const bytes = Buffer.alloc(4 * words.length);
  words.forEach((word, at) => {
    bytes.writeUInt32BE(word >>> 0, 4 * at);
  });
  return bytes.toString('base64');
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Uint8Array, from: number): number {
  let state = ~from;
  for (let at = 0; at < bytes.length; at++) {
    state = (state >>> 8) ^ CASTAGNOLI[(state ^ bytes[at]!) & 0xff]!;
  }
  return ~state >>> 0;
}

/** The table of CRC-64/NVME in halves: BigInt arithmetic would be some fifty times slower. */
const [NVME_HIGH, NVME_LOW] = (() => {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffffffffn);
  }
  return [high, low] as const;
})();

function crc64nvme(): Digest {
  let high = -1;
  let low = -1;
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at++) {
        const index = (low ^ bytes[at]!) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ NVME_LOW[index]!;
        high = (high >>> 8) ^ NVME_HIGH[index]!;
      }
    },
    value: () => wordsInBase64(~high, ~low),
  };
}
