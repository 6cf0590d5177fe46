import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CANARY } from './checked-logs.ts';
import { attack, keyOf, smallLog, started } from './product.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts), H… a row of the table of
// hostile inputs (test/hostile-table.test.ts).

const MIB = 1024 * 1024;
const product = await started({
  settings: { REGISTRY_ALERT_MAX_OUTPUT_BYTES: String(64 * MIB) },
});

const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 0x61, 0x62, 0x63]);
const zeros = Buffer.alloc(512);
const zstd = (text: string, windowLog = 20): Buffer =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_windowLog]: windowLog } });
const hosts = (id: string): [string, string] => [`HOST-${id}-a`, `HOST-${id}-b`];
/** A process event of Elastic's form: known, and read by no rule here. */
const padded = (bytes: number): string =>
  `{"@timestamp":"2026-11-24T02:46:51Z","event":{"category":"process"},"padding":"${'x'.repeat(bytes)}"}\n`;

describe('content, through the bundle', () => {
  it.each([
    [
      'T25: zstd frames with skippable ones before, between and behind',
      (a: string, b: string) => Buffer.concat([skippable, zstd(a), skippable, zstd(b), skippable]),
    ],
    [
      'T25: gzip members with zeros between and behind',
      (a: string, b: string) => Buffer.concat([gzipSync(a), zeros, gzipSync(b), zeros]),
    ],
  ])('%s are read whole', async (name, compress) => {
    const both = hosts(name.slice(0, 11).replace(/\W+/g, '-'));
    await product.aws.s3.put('logs', keyOf(both[0]), compress(attack(both[0]), attack(both[1])));
    expect(await product.settle()).toMatchObject({
      published: both,
      invocations: 1,
      codes: [],
      quarantined: 0,
    });
  });

  it.each([24, 27])('T26: a zstd window of 2^%i is refused', async windowLog => {
    const log = `${attack('HOST-T26')}${padded(20 * MIB)}`;
    const frame = zstdCompressSync(Buffer.from(log), {
      params: { [constants.ZSTD_c_windowLog]: windowLog, [constants.ZSTD_c_contentSizeFlag]: 0 },
    });
    await product.aws.s3.put('logs', `exports/t26-${windowLog}`, frame);
    expect(await product.settle()).toMatchObject({
      published: [],
      invocations: 1,
      deadLetters: 0,
      codes: ['ZstdWindow'],
      quarantined: 1,
      metrics: { ObjectQuarantined: 1 },
    });
  });

  it('T27: more than the limit is read up to it', async () => {
    const bomb = gzipSync(`${attack('HOST-T27')}${padded(1000).repeat(70_000)}${attack('HOST-T27-behind')}`);
    await product.aws.s3.put('logs', 'exports/t27', bomb);
    expect(await product.settle()).toMatchObject({
      published: ['HOST-T27'],
      invocations: 1,
      deadLetters: 0,
      codes: ['DecompressionLimit'],
      quarantined: 1,
      metrics: { ObjectQuarantined: 1 },
    });
  });

  it('T28: a line longer than 8 MiB is passed over', async () => {
    const both = hosts('T28');
    const log = gzipSync(`${attack(both[0])}${padded(9 * MIB)}${attack(both[1])}`);
    await product.aws.s3.put('logs', 'exports/t28', log);
    expect(await product.settle()).toMatchObject({
      published: both,
      invocations: 1,
      codes: [],
      quarantined: 0,
      metrics: { RecordsSkipped: 1 },
    });
  });

  it.each([
    ['H64 a media type that says something else', { contentType: `text/html; x=${CANARY}` }],
    ['H64 an encoding that is not so', { contentEncoding: 'gzip' }],
    ['H64 two kilobytes of metadata', { metadata: { junk: CANARY.repeat(170) } }],
    ['H64 metadata that encode a line break', { metadata: { x: `=?UTF-8?B?DQp7ImxldmVsIg==?= ${CANARY}` } }],
  ])('%s is not used', async (name, options) => {
    const host = `HOST-H64-${name.length}`;
    await product.aws.s3.put('logs', keyOf(host), smallLog(host), options);
    expect(await product.settle()).toMatchObject({
      published: [host],
      invocations: 1,
      codes: [],
      quarantined: 0,
    });
  });
});
