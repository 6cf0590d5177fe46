import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/logs/json.ts';
import {
  cloudFunnel,
  defender,
  defenderColumns,
  evtxDump,
  fdr,
  fdrProcess,
  fluentBit,
  logAnalytics,
  nxlog,
  SYSMON_13,
  winlogbeat,
  xmlRecord,
} from '../logs/ecs/records.ts';
import { started } from './product.ts';

const lines = (...records: readonly JsonObject[]) =>
  `${records.map(one => JSON.stringify(one)).join('\n')}\n`;
const REG = { ...SYSMON_13, Image: 'C:\\Windows\\System32\\reg.exe' };

/** Each source as its exporter writes it, with near misses beside the one write that alerts; the value names the row. */
const LOGS: readonly (readonly [string, (data: string) => string | Uint8Array])[] = [
  ['FDR', RegStringValue => lines(fdrProcess(), fdr({ RegStringValue }), fdr({ RegOperationType: '2' }))],
  ['Winlogbeat', Details => lines(winlogbeat({ ...SYSMON_13, Details }), winlogbeat(REG))],
  ['NXLog', Details => lines(nxlog(REG), nxlog({ ...SYSMON_13, Details }))],
  ['Fluent Bit', Details => lines(fluentBit(Object.values({ ...SYSMON_13, Details })))],
  ['evtx_dump', Details => lines(evtxDump({ ...SYSMON_13, Details }), evtxDump(REG))],
  ['event XML', () => lines(xmlRecord())],
  [
    'Cloud Funnel, two members',
    data =>
      Buffer.concat([
        gzipSync(lines(cloudFunnel({ 'event.type': 'RegistryValueCreate' }))),
        gzipSync(lines(cloudFunnel({ 'registry.value': data }))),
      ]),
  ],
  [
    'Defender rows',
    RegistryValueData =>
      lines(defender({ RegistryValueData }), defender({ ActionType: 'RegistryKeyCreated' })),
  ],
  [
    'Event Hub',
    RegistryValueData =>
      JSON.stringify({
        records: [defender({ InitiatingProcessFileName: 'reg.exe' }), defender({ RegistryValueData })],
      }),
  ],
  ['Log Analytics', () => lines(logAnalytics())],
  ['columns alone', RegistryValueData => lines(defenderColumns({ RegistryValueData }))],
];

describe("other products' records through the bundle", async () => {
  const product = await started({ settings: { RULES: 'persistence-via-wmi-stdregprov-sysmon' } });

  it.each(LOGS)('%s, gzip: one alert', async (name, log) => {
    const text = log(`C:\\ProgramData\\${name}.exe`);
    await product.aws.s3.put('logs', `exports/${name}.gz`, typeof text === 'string' ? gzipSync(text) : text);
    const { published, deadLetters, quarantined } = await product.settle();
    expect({ alerts: published.length, deadLetters, quarantined }).toEqual({
      alerts: 1,
      deadLetters: 0,
      quarantined: 0,
    });
  });

  it('a batch of FDR is split: a bad part is not the fate of the good one', async () => {
    const { aws, queue } = product;
    const files = ['part-00000.gz', 'part-00001.gz', 'part-00002.gz'].map(name => `data/batch/${name}`);
    const good = gzipSync(lines(fdrProcess(), fdr({ RegValueName: 'Batch' })));
    const inventory = lines({ _time: '1.5', aid: 'a', cid: 'c', ComputerName: 'ws' });
    const bodies = [good.subarray(0, good.length - 9), good, gzipSync(inventory)];
    for (const [at, key] of files.entries()) await aws.s3.put('logs', key, bodies[at]!, { isSilent: true });
    await aws.s3.put('logs', 'data/batch/_SUCCESS', '');
    const named = files.map((path, at) => ({ path, size: bodies[at]!.length, checksum: 'c'.repeat(32) }));
    const notification = { cid: 'c', timestamp: 1, fileCount: 3, totalSize: 9, bucket: 'logs' };
    queue.send(JSON.stringify({ ...notification, pathPrefix: 'data/batch', files: named }));
    const verdict = await product.settle();
    expect(product.function.logs.join('\n')).toContain('message.split');
    expect(verdict).toMatchObject({ deadLetters: 0, codes: expect.arrayContaining(['GzipTruncated']) });
    expect(verdict.published.length).toBe(1);
    expect(verdict.metrics['UnknownShape']).toBeUndefined();
  });

  it('an unknown product is counted exactly, published once a day for each part of the keys, five at the most', async () => {
    const log = lines({ vendor: 'x', n: 1 }, { vendor: 'x', n: 2 }, fdrProcess());
    for (const key of ['odd/a', 'odd/b', ...[1, 2, 3, 4, 5, 6].map(part => `odd-${part}/a`)])
      await product.aws.s3.put('logs', key, log);
    const before = product.aws.deliveries.length;
    const { metrics } = await product.settle();
    expect(metrics).toMatchObject({ UnknownShape: 16, UnknownObjects: 8, KnownUnread: 8 });
    const notices = product.aws.deliveries
      .slice(before)
      .filter(({ attributes }) => attributes.get('notice')?.value === 'unknown-shape');
    expect(notices.length).toBe(5);
  });

  it('known records around unknown ones alert as ever', async () => {
    const odd = Array.from({ length: 7 }, (_, n) => ({ vendor: 'x', n }));
    const known = [fdrProcess(), fdr({ RegValueName: 'Mixed' }), nxlog(REG), cloudFunnel(REG)];
    await product.aws.s3.put(
      'logs',
      'mixed/a',
      lines(...known.slice(0, 1), ...odd, ...known.slice(1), ...odd.slice(0, 2)),
    );
    const { published, metrics } = await product.settle();
    expect([published.length, metrics['UnknownShape']]).toEqual([2, 9]);
  });
});

describe('with the first rule alone', () => {
  it('another product is reported once a day, with the rule that would read it', async () => {
    const product = await started();
    for (const key of ['a', 'b']) await product.aws.s3.put('logs', key, lines(fdrProcess(), fdr()));
    const { metrics } = await product.settle();
    expect(metrics['UnreadSource']).toBeGreaterThanOrEqual(2);
    const mails = product.aws.deliveries
      .filter(({ protocol }) => protocol === 'email')
      .map(({ body }) => body);
    expect(mails.length).toBe(1);
    expect(mails[0]).toContain('persistence-via-wmi-stdregprov-sysmon');
  }, 120_000);
});
