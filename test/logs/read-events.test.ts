import { existsSync, readFileSync } from 'node:fs';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { READ_CODES } from '../../functions/alert/logs/damage.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { SKIP_CODES } from '../../functions/alert/logs/skips.ts';
import { essence, event, ids, ndjson, read } from './reading.ts';

const EXPORTS = '../shared/data/exports';
const CHUNKS = [1, 3, 7, 4096, undefined];

type Row = { readonly file: string; readonly expected_matches: number | null };

const rows: readonly Row[] = existsSync(EXPORTS)
  ? (JSON.parse(readFileSync(`${EXPORTS}/manifest.json`, 'utf8')) as Row[])
  : [];

const processName = readField('process.name');
const registryPath = readField('registry.path');

describe.skipIf(rows.length === 0)('what exporters write', () => {
  it.each(rows)(
    '$file gives $expected_matches matches, in whatever chunks',
    async ({ file, expected_matches }) => {
      const bytes = readFileSync(`${EXPORTS}/${file}`);
      const seen = [];
      for (const chunk of CHUNKS)
        for (const literals of [null, ['wmiprvse.exe']]) {
          const reading = await read(bytes, { chunk, literals, watched: ['wmiprvse.exe'] });
          const matches = reading.events.filter(
            ({ document }) =>
              processName(document).some(name => String(name).toLowerCase() === 'wmiprvse.exe') &&
              registryPath(document).some(path => String(path).includes('\\CurrentVersion\\Run\\')),
          );
          seen.push([matches.length, essence(reading)]);
          expect(matches).toHaveLength(expected_matches ?? 1);
          if (expected_matches === null) expect(reading.report.outcome).toBe('quarantined');
        }
      expect(new Set(seen.map(reading => JSON.stringify(reading))).size).toBe(1);
    },
  );
});

describe('one log in every form', () => {
  const log = Buffer.from(ndjson(Array.from({ length: 40 }, (_, number) => event(number))));
  const half = Math.floor(log.length / 2) + 7;
  const forms: Readonly<Record<string, Buffer>> = {
    plain: log,
    gzip: gzipSync(log),
    'gzip in two members, split within a record': Buffer.concat([
      gzipSync(log.subarray(0, half)),
      gzipSync(log.subarray(half)),
    ]),
    'gzip in members of 100 bytes': Buffer.concat(
      Array.from({ length: Math.ceil(log.length / 100) }, (_, part) =>
        gzipSync(log.subarray(part * 100, part * 100 + 100)),
      ),
    ),
    zlib: deflateSync(log),
    zstd: zstdCompressSync(log),
    'zstd in two frames': Buffer.concat([
      zstdCompressSync(log.subarray(0, half)),
      zstdCompressSync(log.subarray(half)),
    ]),
    'gzip of gzip': gzipSync(gzipSync(log)),
    'zstd of gzip': zstdCompressSync(gzipSync(log)),
  };

  it.each(Object.keys(forms))(
    '%s, in chunks of 1, 3, 7 and 4096 bytes, gives the same events',
    async form => {
      const { events } = await read(log);
      for (const chunk of CHUNKS) {
        const reading = await read(forms[form]!, { chunk });
        expect(reading.events).toEqual(events);
        expect(reading.report).toMatchObject({
          outcome: 'complete',
          code: null,
          bytes: forms[form]!.length,
          decompressedBytes: log.length,
          records: 40,
          events: 40,
        });
      }
    },
  );
});

describe('the contract of readEvents', () => {
  it('passes errors of the source on unchanged, after the events before them', async () => {
    const fault = new Error('checksum mismatch');
    await expect(read(ndjson([event(1)]), { fault })).rejects.toBe(fault);
  });

  it('reads the rest of a damaged object, so that its end is verified', async () => {
    const fault = new Error('checksum mismatch');
    const damaged = Buffer.concat([gzipSync(ndjson([event(1)])), Buffer.from('garbage'.repeat(1000))]);
    await expect(read(damaged, { fault, chunk: 64 })).rejects.toBe(fault);
  });

  it('waits for what onEvent promises, and only for that', async () => {
    const { readEvents, DEFAULT_LIMITS } = await import('../../functions/alert/logs/log-reader.ts');
    const order: string[] = [];
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(ndjson([event(1), event(2), event(3)]));
    };
    await readEvents(source(), {
      literals: null,
      limits: DEFAULT_LIMITS,
      onEvent: async ({ record }) => {
        order.push(`begin ${record}`);
        await new Promise(resolve => setTimeout(resolve, 1));
        order.push(`end ${record}`);
      },
    });
    expect(order).toEqual([1, 2, 3].flatMap(record => [`begin ${record}`, `end ${record}`]));
  });

  it('passes an error of onEvent on and closes the source', async () => {
    const { readEvents, DEFAULT_LIMITS } = await import('../../functions/alert/logs/log-reader.ts');
    const error = new Error('publish failed');
    let isClosed = false;
    await expect(
      readEvents(
        (async function* () {
          try {
            yield Buffer.from(ndjson([event(1)]));
            yield Buffer.from(ndjson([event(2)]));
          } finally {
            isClosed = true;
          }
        })(),
        {
          literals: null,
          limits: DEFAULT_LIMITS,
          onEvent: () => {
            throw error;
          },
        },
      ),
    ).rejects.toBe(error);
    expect(isClosed).toBe(true);
  });

  it('stops at a record boundary and closes the source', async () => {
    let isClosed = false;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (let number = 0; ; number++) yield Buffer.from(ndjson([event(number)]));
      } finally {
        isClosed = true;
      }
    };
    const { readEvents, DEFAULT_LIMITS } = await import('../../functions/alert/logs/log-reader.ts');
    let events = 0;
    const report = await readEvents(source(), {
      literals: null,
      limits: DEFAULT_LIMITS,
      onEvent: () => {
        events++;
      },
      stop: () => events >= 5,
    });
    expect(report).toMatchObject({ outcome: 'stopped', code: null, events: 5, records: 5 });
    expect(isClosed).toBe(true);
  });

  it.each([
    ['in zero bytes behind a member', Buffer.alloc(65_536), null],
    ['in members of nothing', gzipSync(''), null],
    ['behind damage, which then is not the outcome', Buffer.alloc(65_536, 7), 'TrailingGarbage'],
  ])('stops where no record comes: %s', async (_, chunk, code) => {
    let chunks = 0;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield gzipSync(ndjson([event(1)]));
      for (; chunks < 1000; chunks++) yield chunk;
    };
    const { readEvents, DEFAULT_LIMITS } = await import('../../functions/alert/logs/log-reader.ts');
    const report = await readEvents(source(), {
      literals: null,
      limits: DEFAULT_LIMITS,
      onEvent: () => {},
      stop: () => chunks >= 20,
    });
    expect([report.outcome, report.code, chunks]).toEqual(['stopped', code, 20]);
  });

  it('says every skip code in every report, and has a sentence for every code', async () => {
    const { report } = await read('');
    expect(Object.keys(report.skipped).sort()).toEqual(Object.keys(SKIP_CODES).sort());
    for (const sentence of [...Object.values(READ_CODES), ...Object.values(SKIP_CODES)])
      expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it('gives the place and the bytes of each record', async () => {
    const lines = [JSON.stringify(event(1)), JSON.stringify(event(2))];
    const reading = await read(`\r\n${lines[0]}\r\n\n${lines[1]}`, { chunk: 5 });
    expect(reading.events.map(({ record, offset, text }) => ({ record, offset, text }))).toEqual([
      { record: 1, offset: 2, text: lines[0] },
      { record: 2, offset: 2 + lines[0]!.length + 3, text: lines[1] },
    ]);
    expect(ids(reading)).toEqual(['e1', 'e2']);
  });

  it('keeps the first twenty skipped records, and all in which a literal occurs within twenty', async () => {
    const bad = Array.from({ length: 50 }, (_, number) => `{"n":${number},"p":"WMIPRVSE.EXE"`).join('\n');
    const { report } = await read(`${ndjson([event(1)])}${bad}\n`, { literals: ['wmiprvse.exe'] });
    expect(report.skipped.InvalidJson).toBe(50);
    expect(report.positions).toHaveLength(20);
    expect(report.positions[0]).toMatchObject({ code: 'InvalidJson', record: 2 });
    expect(report.suspicious).toHaveLength(20);
    expect(report.suspiciousCount).toBe(50);
  });
});
