import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { DEFAULT_LIMITS } from '../../functions/alert/logs/log-reader.ts';
import { makeTelemetry } from '../../functions/alert/observability/telemetry.ts';
import { loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { processObject } from '../../functions/alert/pipeline/process-object.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import type { GetObject } from '../../functions/alert/source/get-object.ts';
import type { ObjectRef } from '../../functions/alert/source/object-ref.ts';
import { detectorOf } from '../ruleset/detector.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import type { Scenario } from './enumerate.ts';
import { jumpingClock, type Line, makePorts, makeWorld, type World } from './world.ts';

/** One version of a log, as a notification names it. */
export const REF: ObjectRef = {
  bucket: 'logs',
  key: 'log.ndjson',
  isKeyRaw: false,
  versionId: 'v1',
  etag: 'e1',
  size: null,
  sequencer: null,
  owner: null,
  isCanary: false,
  backfill: null,
};

type ObjectPorts = Parameters<typeof processObject>[2];

/** What processing an object needs beside its delivery. */
export function objectPorts(
  deliver: DeliverPorts,
  more: Pick<ObjectPorts, 'detector' | 'getObject'> & Partial<ObjectPorts>,
): ObjectPorts {
  const { archive, now, remainingMs } = deliver;
  const telemetry = makeTelemetry('error', () => {}, now);
  const others = { limits: DEFAULT_LIMITS, rulesetDigest: 'basis', telemetry, standing: [] };
  return { archive, now, remainingMs, deliver, ...others, ...more };
}

/** An object whose bytes come in these chunks. */
export function objectOf(
  chunks: Iterable<Uint8Array>,
  lastModified: string,
  length: number | null = null,
): GetObject {
  const answer = { length, etag: 'e1', versionId: 'v1', lastModified, checksum: null, attempts: 1 };
  return async () => ({ ...answer, body: Readable.from(chunks, { objectMode: true }) });
}

/** The real reading, evaluation and delivery of a log with five matches of which three are published, over faulty lines. */
export async function wholeJourney(): Promise<Scenario> {
  const rules = loadRules(ownRules()).map(rule => ({ ...rule, maxSignals: 3 }));
  const detector = detectorOf(rules);
  const body = Buffer.from(`${MATCH.slice(0, 5).join('\n')}\n`);
  const attempt = (world: World, line: Line, nth: number): Promise<void> =>
    processObject(
      REF,
      nth,
      objectPorts(makePorts(world, line), { detector, getObject: bodyOver(line, body) }),
    ).then(() => {});

  const clean = makeWorld(jumpingClock(0));
  await attempt(clean, async (_, effect) => effect(), 1);
  return {
    name: 'a log of five matches, three published',
    attempt,
    evaluate: world => {
      const told = new Set(world.published.map(({ id }) => id));
      const ids = world.published.map(({ topicArn, id }) => `${topicArn} ${id}`);
      return {
        lost: [
          ...clean.published
            .filter(({ id }) => !told.has(id))
            .map(({ kind, id }) => `${kind} ${id.slice(0, 8)}`),
          ...[...clean.objects.keys()].filter(key => !world.objects.has(key) && !/^(seen|told)\//.test(key)),
        ],
        duplicates: ids.length - new Set(ids).size,
      };
    },
  };
}

/** GetObject whose body may break off in the middle. */
function bodyOver(line: Line, whole: Buffer): GetObject {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(whole));
  return ({ from }) =>
    line({ operation: 'read', key: REF.key }, fault => {
      const rest = whole.subarray(from);
      const breaks = fault === 'loseResponse' || fault === 'resend';
      return {
        body: chunksOf(rest, breaks),
        length: rest.length,
        etag: 'e1',
        versionId: 'v1',
        lastModified: '2026-11-24T02:48:10.000Z',
        checksum: { algorithm: 'CRC32', base64: checksum.toString('base64') },
        attempts: 1,
      };
    });
}

async function* chunksOf(bytes: Buffer, breaks: boolean): AsyncGenerator<Uint8Array> {
  const half = Math.floor(bytes.length / 2);
  yield bytes.subarray(0, half);
  if (breaks) throw new Error('the connection broke');
  yield bytes.subarray(half);
}
