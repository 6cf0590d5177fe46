import { constants, gzipSync, inflateRawSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReadCode } from '../../functions/alert/logs/damage.ts';
import { random, seed } from '../scale.ts';
import { BZIP2 } from './bzip2-sample.ts';
import { zipOf } from './layouts.ts';
import { event, ids, ndjson, read } from './reading.ts';

const CHUNKS = [1, 7, 100, undefined];
const all = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'];

/** One record and three million blanks: runs of the outer coding. */
const BZIP2_RUNS = Buffer.from(
  'QlpoOTFBWSZTWToLAmIAW/LZiIAQUAAAEAYhBRpAAAAIIABQpgAATVVPSaaGxM7pAixwCFKvn/V91+u9Ys69Y31vjKQIvBdyRThQkDoLAmI=',
  'base64',
);
const bzip2Ids = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];

async function expectRead(bytes: Buffer, wanted: readonly unknown[], code: ReadCode | null): Promise<void> {
  for (const chunk of bytes.length > 5000 ? [1000, undefined] : CHUNKS) {
    const reading = await read(bytes, { chunk });
    expect(ids(reading), `chunks of ${chunk}`).toEqual(wanted);
    expect(reading.report.code, `chunks of ${chunk}: ${reading.report.detail}`).toBe(code);
  }
}

/** Bits of bzip2, highest first. */
function bitsOf(text: string): Buffer {
  const bits = text.replace(/\s/g, '').padEnd(Math.ceil(text.length / 8) * 8, '0');
  return Buffer.from(bits.match(/.{8}/g)!.map(byte => Number.parseInt(byte, 2)));
}

describe('bzip2', () => {
  it('is read', () => expectRead(BZIP2, bzip2Ids, null));
  it('is read with the runs of its outer coding', async () => {
    await expectRead(BZIP2_RUNS, ['z'], null);
    expect((await read(BZIP2_RUNS)).report.decompressedBytes).toBe(3_000_021);
  });
  it('is read in several streams, with padding', () =>
    expectRead(
      Buffer.concat([BZIP2, Buffer.alloc(5), BZIP2_RUNS, BZIP2]),
      [...bzip2Ids, 'z', ...bzip2Ids],
      null,
    ));
  it('inside gzip is read', () => expectRead(gzipSync(BZIP2), bzip2Ids, null));
  it('keeps what is before garbage', () =>
    expectRead(Buffer.concat([BZIP2, Buffer.from('garbage')]), bzip2Ids, 'TrailingGarbage'));

  it('cut anywhere is never complete', async () => {
    for (let length = 3; length < BZIP2.length; length++) {
      const reading = await read(BZIP2.subarray(0, length), { chunk: 1 + (length % 9) });
      expect(reading.report.code, `cut at ${length}`).toBe('Bzip2Truncated');
      // The data of the only block end some ten bytes before the end.
      expect([[], bzip2Ids], `cut at ${length}`).toContainEqual(ids(reading));
    }
  });

  it('with any bit flipped is never complete with other events', async () => {
    for (let bit = 0; bit < BZIP2.length * 8; bit++) {
      const copy = Buffer.from(BZIP2);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      const reading = await read(copy);
      if (reading.report.outcome === 'complete') expect(ids(reading), `bit ${bit}`).toEqual(bzip2Ids);
    }
  });

  it('with a run of more than any block holds is damaged', async () => {
    const header = Buffer.from('BZh91AY&SY\0\0\0\0', 'latin1');
    const used = `${'0'.repeat(6)}1${'0'.repeat(9)} ${'0'.repeat(15)}1`;
    // Two tables of three symbols, codes 0, 10 and 11; one hundred times the first: runs of 1, 2, 4, 8 and so on.
    const table = '00001 0 100 0';
    const block = `0 ${'0'.repeat(24)} ${used} 010 000000000000010 0 0 ${table} ${table} ${'0'.repeat(100)}`;
    await expectRead(
      Buffer.concat([header, bitsOf(block.replace(/\s/g, '')), Buffer.alloc(20)]),
      [],
      'Bzip2Corrupt',
    );
  });
});

describe('zip', () => {
  const files = [0, 2, 4].map(from => Buffer.from(ndjson([event(from + 1), event(from + 2)])));

  it('with any number of entries, stored or deflated, with or without descriptors, is read', async () => {
    for (let run = 0; run < 40; run++) await expectRead(zipOf(files, random(run)), all, null);
    await expectRead(zipOf([], random(1)), [], null);
  });

  it('starts each entry anew: neither BOM nor missing line end joins two files', async () => {
    const apart = files.map(file => Buffer.from(`\ufeff${file.toString().trimEnd()}`));
    await expectRead(zipOf(apart, random(1)), all, null);
  });

  it('opens what is compressed inside, and reads on behind an entry that is not read', async () => {
    await expectRead(
      zipOf([gzipSync(files[0]!), zstdCompressSync(files[1]!), files[2]!], random(3)),
      all,
      null,
    );
    const bad = [files[0]!, Buffer.from('PAR1 nothing'), gzipSync(files[1]!).subarray(0, 40), files[2]!];
    await expectRead(zipOf(bad, random(4)), ['e1', 'e2', 'e5', 'e6'], 'UnsupportedFormat');
  });

  it('is not misled by an entry that holds the signature of a descriptor', async () => {
    const tricky = Buffer.from(
      `${JSON.stringify(event(1, { p: 'PK\u0007\u0008' }))}PK\x07\x08${'x'.repeat(30)}\n${ndjson([event(2)])}`,
    );
    for (let run = 0; run < 10; run++) {
      const reading = await read(zipOf([tricky], random(run)), { chunk: 1 + run });
      expect(ids(reading)).toEqual(['e1', 'e2']);
      expect(reading.report).toMatchObject({ outcome: 'complete', decompressedBytes: tricky.length });
    }
  });

  it('with a wrong checksum is damaged, and all of it handed out', async () => {
    const archive = zipOf([files[0]!, files[1]!], () => 0.9);
    archive.writeUInt32LE(7, 14);
    await expectRead(archive, ['e1', 'e2', 'e3', 'e4'], 'ZipChecksum');
  });

  it('that lacks an entry is damaged', async () => {
    const draw = (): number => 0.9;
    const [one, two] = [zipOf([files[0]!], draw), zipOf([files[0]!, files[1]!], draw)];
    const entries = two.indexOf('PK\x03\x04', 10);
    await expectRead(
      Buffer.concat([two.subarray(0, entries), two.subarray(two.indexOf('PK\x01\x02'))]),
      ['e1', 'e2'],
      'ZipCorrupt',
    );
    expect((await read(one)).report.outcome).toBe('complete');
  });

  it('cut anywhere is never complete', async () => {
    const archive = zipOf(files.slice(0, 2), random(5));
    for (let length = 5; length < archive.length; length++)
      expect(
        (await read(archive.subarray(0, length), { chunk: 1 + (length % 50) })).report.outcome,
        `cut at ${length}`,
      ).toBe('quarantined');
  });
});

describe('zstd', () => {
  it('cut inside a stored block gives what is before the cut', async () => {
    const draw = random(9);
    const noise = (): string =>
      Array.from({ length: 400 }, () => String.fromCharCode(0x4e00 + Math.floor(draw() * 20_000))).join('');
    const text = Buffer.from(
      ndjson(Array.from({ length: 50 }, (_, number) => event(number, { noise: noise() }))),
    );
    const stored = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: -100_000 } });
    const cut = Math.floor(stored.length * 0.6);
    const reading = await read(stored.subarray(0, cut), { chunk: 1000 });
    expect(reading.report.code).toBe('ZstdTruncated');
  });
});

describe('a large gzip member with one bit flipped', () => {
  const draw = random(77);
  const text = Buffer.from(
    ndjson(
      Array.from({ length: 12_000 }, (_, number) =>
        event(number, {
          hash: Array.from({ length: 12 }, () => Math.floor(draw() * 2 ** 32).toString(36)).join(''),
        }),
      ),
    ),
  );

  it.each([1, 6, 9])('at level %i loses nothing before the flip', async level => {
    const packed = gzipSync(text, { level });
    const place = random(seed() + level);
    for (let run = 0; run < 6; run++) {
      const at = Math.floor(packed.length * (0.3 + 0.6 * place()));
      const damaged = Buffer.from(packed);
      damaged[at]! ^= 1 << Math.floor(place() * 8);
      const sound = inflateRawSync(packed.subarray(10, at), { finishFlush: constants.Z_SYNC_FLUSH });
      const wanted = sound.toString().split('\n').length - 1;
      const reading = await read(damaged, { chunk: 65_536 });
      const what = `bit flipped in byte ${at} of ${packed.length}: ${reading.report.detail}`;
      expect(reading.report.outcome, what).toBe('quarantined');
      expect(reading.report.decompressedBytes, what).toBeGreaterThanOrEqual(sound.length);
      expect(ids(reading).slice(0, wanted), what).toEqual(
        Array.from({ length: wanted }, (_, number) => `e${number}`),
      );
    }
  });
});
