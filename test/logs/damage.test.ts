import { once } from 'node:events';
import { constants, createZstdCompress, deflateSync, gzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { random, scale, seed } from '../scale.ts';
import { event, ids, ndjson, type Reading, read } from './reading.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const documents = Array.from({ length: 20 }, (_, number) => event(number));
const log = Buffer.from(ndjson(documents));
const all = documents.map((_, number) => `e${number}`);
const fault = new Error('the transfer is not what was stored');

/** Ids of the records that are whole in a beginning of the log. */
function wholeIn(length: number): string[] {
  const lines = log.subarray(0, length).toString('latin1').split('\n');
  const last = lines.pop()!;
  return all.slice(0, lines.length + (last.endsWith('}}}') ? 1 : 0));
}

type Form = {
  readonly bytes: Buffer;
  /** Ids that must be found when only so many bytes are sound. */
  readonly soundIn: (length: number) => string[];
  /** Bytes before which damage may make another format of it. */
  readonly header: number;
};

function inflated(bytes: Buffer): string[] {
  return wholeIn(inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).length);
}

const gzip = gzipSync(log);
const zlib = deflateSync(log);

const forms: Readonly<Record<string, Form>> = {
  gzip: {
    bytes: gzip,
    soundIn: length => inflated(gzip.subarray(10, Math.min(length, gzip.length - 8))),
    header: 10,
  },
  zlib: {
    bytes: zlib,
    soundIn: length => inflated(zlib.subarray(2, Math.min(length, zlib.length - 4))),
    header: 2,
  },
  'gzip of one fixed block': fixed(),
  zstd: await zstd(),
};

function fixed(): Form {
  const bytes = gzipSync(log, { strategy: constants.Z_FIXED });
  return {
    bytes,
    soundIn: length => inflated(bytes.subarray(10, Math.min(length, bytes.length - 8))),
    header: 10,
  };
}

/** Checksummed, and flushed behind every fourth record: where a block ends is known. */
async function zstd(): Promise<Form> {
  const encoder = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const parts: Buffer[] = [];
  const ends: [number, string[]][] = [];
  encoder.on('data', part => parts.push(part as Buffer));
  for (let record = 0; record < documents.length; record += 4) {
    encoder.write(ndjson(documents.slice(record, record + 4)));
    await new Promise<void>(resolve => encoder.flush(constants.ZSTD_e_flush, resolve));
    ends.push([Buffer.concat(parts).length, all.slice(0, record + 4)]);
  }
  encoder.end();
  await once(encoder, 'end');
  return {
    bytes: Buffer.concat(parts),
    soundIn: length => ends.findLast(([end]) => end <= length)?.[1] ?? [],
    header: 6,
  };
}

/** All of them, or as many as the scale says, drawn by the seed. */
function* drawn(count: number, isWhole: boolean): Generator<number> {
  const draw = random(seed() + count);
  if (isWhole || scale(count) === count) for (let index = 0; index < count; index++) yield index;
  else for (let left = scale(count); left > 0; left--) yield Math.floor(draw() * count);
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

function expectFound(reading: Reading, wanted: readonly string[], what: string): void {
  expect(ids(reading).slice(0, wanted.length), what).toEqual(wanted);
}

const chunks = [1, 7, 64, 1000, undefined];

describe.each(Object.keys(forms))('a 4 KB log as %s', name => {
  const { bytes, soundIn, header } = forms[name]!;

  it('H03 cut at every byte is never complete, and loses no record before the cut', async () => {
    for (let length = 1; length < bytes.length; length++) {
      const reading = await read(bytes.subarray(0, length), { chunk: chunks[length % chunks.length] });
      expect(reading.report.outcome, `cut at ${length}`).toBe('quarantined');
      expect(ids(reading), `cut at ${length}`).toEqual(soundIn(length));
    }
  });

  it('with any bit flipped is never complete with other events, and loses no record before the flip', async () => {
    for (const bit of drawn(bytes.length * 8, process.env['SOAK'] === '1')) {
      const reading = await read(flipped(bytes, bit), { chunk: chunks[bit % chunks.length] });
      const what = `bit ${bit}, ${reading.report.code}`;
      if (reading.report.outcome === 'complete') expect(ids(reading), what).toEqual(all);
      if (bit >> 3 >= header) expectFound(reading, soundIn(bit >> 3), what);
    }
  });
});

describe('a 4 KB log as plain text, checksummed by its source', () => {
  it('cut at every byte is never read to the end, and loses no record before the cut', async () => {
    for (const length of drawn(log.length, false)) {
      const found: unknown[] = [];
      await expect(collect(log.subarray(0, length), found)).rejects.toBe(fault);
      expect(found, `cut at ${length}`).toEqual(wholeIn(length));
    }
  });

  it('with any bit flipped is never read to the end', async () => {
    for (const bit of drawn(log.length * 8, false)) {
      const found: unknown[] = [];
      await expect(collect(flipped(log, bit), found)).rejects.toBe(fault);
      const wanted = wholeIn(bit >> 3);
      expect(found.slice(0, wanted.length), `bit ${bit}`).toEqual(wanted);
    }
  });
});

async function collect(bytes: Buffer, found: unknown[]): Promise<void> {
  const { readEvents, DEFAULT_LIMITS } = await import('../../functions/alert/logs/log-reader.ts');
  await readEvents(
    (async function* () {
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
      throw fault;
    })(),
    {
      literals: null,
      limits: DEFAULT_LIMITS,
      onEvent: ({ document }) => {
        found.push((document['event'] as { readonly id?: unknown } | undefined)?.id);
      },
    },
  );
}
