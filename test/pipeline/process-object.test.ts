import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Archive } from '../../functions/alert/archive/store.ts';
import { loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { processObject } from '../../functions/alert/pipeline/process-object.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import type { Rule } from '../../functions/alert/ruleset/index.ts';
import type { ObjectRef } from '../../functions/alert/source/object-ref.ts';
import { objectOf, objectPorts, REF } from '../faults/whole-journey.ts';
import { jumpingClock, makePorts, makeWorld, type World } from '../faults/world.ts';
import { detectorOf } from '../ruleset/detector.ts';
import { MATCH } from '../ruleset/rule-folder.ts';

const [RULE] = loadRules(ownRules()) as [Rule];

/** The event of the evidence that matches, a moment later and with other data. */
function match(n: number, data: string, more: object = {}): string {
  const event = JSON.parse(MATCH[0]!);
  event['@timestamp'] = new Date(Date.UTC(2026, 10, 24, 2) + n).toISOString();
  Object.assign(event.registry.data, { strings: [data] }, more);
  return JSON.stringify(event);
}

type Settings = {
  readonly rule?: Rule;
  readonly basis?: string;
  readonly attempt?: number;
  readonly ref?: Partial<ObjectRef>;
  /** What an execution has for each byte. */
  readonly bytesPerMs?: number;
  readonly options?: Partial<DeliverPorts>;
};

const emptyWorld = (): World => makeWorld(jumpingClock(Date.UTC(2026, 10, 24, 3)));

/** One execution of five minutes over an object given in chunks. */
async function execute(world: World, chunks: Iterable<Buffer>, settings: Settings = {}) {
  const { rule = RULE, basis = 'b', attempt = 1, ref = {}, bytesPerMs = Infinity, options = {} } = settings;
  let read = 0;
  const remainingMs = (): number => 300_000 - read / bytesPerMs;
  const body = function* () {
    for (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  };
  const deliver = makePorts(world, async (_, effect) => effect(), { ...options, remainingMs });
  const ports = objectPorts(deliver, {
    getObject: objectOf(body(), '2026-11-24T02:59:00.000Z'),
    archive: deliver.archive && { ...deliver.archive, upload },
    detector: detectorOf([rule]),
    rulesetDigest: basis,
  });
  return processObject({ ...REF, ...ref }, attempt, ports);
}

const upload: Archive['upload'] = async () => ({
  part: async () => {},
  complete: async () => 'created',
  abort: async () => {},
});

const kinds = ({ published }: World): string[] => published.map(({ kind }) => kind);
const log = (...lines: readonly string[]): Buffer[] => [Buffer.from(`${lines.join('\n')}\n`)];

it('publishes what was before damage that there is no time to compare to its end', async () => {
  const zeros = Buffer.alloc(1024 * 1024);
  const endless = function* () {
    yield Buffer.concat([gzipSync(`${match(0, 'a')}\n`), Buffer.from('no member of gzip')]);
    for (let megabyte = 0; megabyte < 1000; megabyte++) yield zeros;
  };
  const world = emptyWorld();
  const settings = { bytesPerMs: 2000 };
  await expect(execute(world, endless(), settings)).rejects.toMatchObject({ code: 'DeadlineGuard' });
  expect(kinds(world)).toEqual(['alert']);
  await expect(execute(world, endless(), { ...settings, attempt: 2 })).rejects.toMatchObject({
    code: 'IncompleteScan',
  });
  expect(kinds(world)).toEqual(['alert', 'incomplete-scan']);
});

it('takes no write for the repeat of one whose first characters it shares, however much the object holds', async () => {
  const pad = 'p'.repeat(5000);
  const filler = Array.from({ length: 8 }, (_, n) => match(n, `${n}${'x'.repeat(7_000_000)}`));
  const pair = ['DECOY', 'REAL'].map((name, n) => match(100 + n, `${pad}${name}${'y'.repeat(70_000)}`));
  const world = emptyWorld();
  const { counts } = await execute(world, log(...filler, ...pair));
  expect(counts).toMatchObject({ published: 10, repeats: 0 });
});

it('takes no write of other bytes for a repeat', async () => {
  const bytes = (n: number, text: string) => match(n, 'a', { bytes: text });
  const world = emptyWorld();
  const { counts } = await execute(world, log(bytes(1, 'AAAA'), bytes(2, 'BBBB'), bytes(3, 'BBBB')));
  expect(counts).toMatchObject({ published: 2, repeats: 1 });
});

it('takes no two halves of pairs for the same text', async () => {
  const half = (n: number, unit: string) =>
    match(n, 'a').replace('"strings":["a"]', `"strings":["\\u${unit}"]`);
  const world = emptyWorld();
  const { counts } = await execute(world, log(half(0, 'd800'), half(0, 'd801')));
  expect(counts).toMatchObject({ published: 2, repeats: 0 });
});

it('publishes what corrected rules find in an object that was reported before', async () => {
  const lines = Array.from({ length: 12 }, (_, n) => match(n, `${n}`));
  const world = emptyWorld();
  await execute(world, log(...lines.slice(0, 5)), { rule: { ...RULE, maxSignals: 3 }, basis: 'b1' });
  expect(kinds(world)).toEqual(['alert', 'alert', 'alert', 'digest']);
  const again = { rule: { ...RULE, maxSignals: 3 }, basis: 'b2' };
  await execute(world, log(...lines), again);
  expect(kinds(world).filter(kind => kind === 'digest')).toHaveLength(2);
  await execute(world, log(...lines), again);
  expect(kinds(world).filter(kind => kind === 'digest')).toHaveLength(2);
});

it('publishes alerts of an object that a quiet backfill read first', async () => {
  const world = emptyWorld();
  const object = log(match(0, 'a'));
  await execute(world, object, { ref: { backfill: 'spring' } });
  expect(kinds(world)).toEqual(['backfill']);
  expect(await execute(world, object)).toMatchObject({ outcome: 'complete', counts: { published: 1 } });
  expect(await execute(world, object)).toMatchObject({ outcome: 'known' });
  expect(await execute(world, object, { ref: { backfill: 'spring' } })).toMatchObject({ outcome: 'known' });
});
