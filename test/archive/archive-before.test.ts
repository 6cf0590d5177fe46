import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readLedger } from '../../functions/alert/archive/ledger.ts';
import { loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { processObject } from '../../functions/alert/pipeline/process-object.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import type { Rule } from '../../functions/alert/ruleset/index.ts';
import { objectOf, objectPorts, REF } from '../faults/whole-journey.ts';
import { jumpingClock, makePorts, makeWorld, type World } from '../faults/world.ts';
import { detectorOf } from '../ruleset/detector.ts';
import { MATCH } from '../ruleset/rule-folder.ts';

/** The archive as version 0.1.0 left it after `OBJECTS`; never recorded anew, since it represents archives in use. */
const FIXTURE = 'test/archive/archive-of-0.1.0.json';
const HOUR = Date.UTC(2026, 10, 24, 3);
const [RULE] = loadRules(ownRules(), ['persistence-via-wmi-stdregprov']) as [Rule];

/** The event of the evidence that matches, some minutes later, on a host and with data of its own. */
function match(minute: number, data: string, host = 'one'): string {
  const event = JSON.parse(MATCH[0]!);
  event['@timestamp'] = new Date(HOUR + minute * 60_000).toISOString();
  event.registry.data.strings = [data];
  event.host = { ...event.host, id: host, name: host };
  return JSON.stringify(event);
}

const log = (...lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

/** Two alerts and a repeat; three more, of which the hour admits one; damage behind an alert; a quiet backfill. */
const OBJECTS: readonly { readonly key: string; readonly bytes: Buffer; readonly backfill?: string }[] = [
  { key: 'published', bytes: log(match(0, 'a'), match(1, 'b'), match(2, 'a')) },
  { key: 'held', bytes: log(match(3, 'c'), match(4, 'd'), match(5, 'e')) },
  { key: 'damaged', bytes: Buffer.concat([gzipSync(log(match(6, 'f'))), Buffer.from('no member of gzip')]) },
  { key: 'backfill', bytes: log(match(7, 'g')), backfill: 'spring' },
];

/** One execution over an object. */
async function execute(world: World, { key, bytes, backfill }: (typeof OBJECTS)[number], digest = 'rules') {
  const ports = objectPorts(
    makePorts(world, async (_, effect) => effect(), { perHour: 3 }),
    {
      getObject: objectOf([bytes], new Date(HOUR).toISOString()),
      detector: detectorOf([RULE]),
      rulesetDigest: digest,
    },
  );
  const ref = { ...REF, key, backfill: backfill ?? null };
  const { outcome, code, counts } = await processObject(ref, 1, ports);
  return { outcome, code, counts };
}

/** The world in which the version before has read all objects. */
function worldBefore(): World {
  const world = makeWorld(jumpingClock(HOUR));
  for (const [key, body] of Object.entries(
    JSON.parse(readFileSync(FIXTURE, 'utf8')) as Record<string, string>,
  ))
    world.objects.set(key, { body, etag: sha256(body), modifiedMs: HOUR });
  return world;
}

describe('an archive of the version before', () => {
  it.each(OBJECTS)('says that $key was read', async object => {
    const world = worldBefore();
    expect(await execute(world, object)).toMatchObject({ outcome: 'known', code: 'AlreadyScanned' });
    expect(world.published).toEqual([]);
  });

  it.each([
    ['published', { known: 2, repeats: 1, published: 0 }],
    ['held', { known: 1, held: 2, published: 0 }],
    ['damaged', { known: 0, held: 1, published: 0 }],
    ['backfill', { held: 1, published: 0 }],
  ])('keeps later rules from publishing again what was %s', async (key, counts) => {
    const world = worldBefore();
    const object = OBJECTS.find(object => object.key === key)!;
    expect((await execute(world, object, 'later rules')).counts).toMatchObject(counts);
    expect(world.published.map(({ kind }) => kind)).toEqual([]);
  });

  it('is read by the ledger, as the audit reads it', async () => {
    const { archive } = makePorts(worldBefore(), async (_, effect) => effect());
    const entries = [...worldBefore().objects.keys()].filter(key => key.startsWith('scanned/'));
    const read = await Promise.all(
      entries.map(key =>
        readLedger(archive!, key.slice('scanned/'.length, -'.json'.length), error => {
          throw error;
        }),
      ),
    );
    expect(read.map(entry => [entry?.object.key, entry?.outcome]).sort()).toEqual([
      ['backfill', 'complete'],
      ['damaged', 'quarantined'],
      ['held', 'complete'],
      ['published', 'complete'],
    ]);
  });
});
