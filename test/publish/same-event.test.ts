import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeDetector } from '../../functions/alert/detection/index.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { DEFAULT_LIMITS } from '../../functions/alert/logs/log-reader.ts';
import { OS_TYPE_FALLBACK } from '../../functions/alert/logs/origin.ts';
import { makeTelemetry } from '../../functions/alert/observability/telemetry.ts';
import { loadIndicators, loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { processObject } from '../../functions/alert/pipeline/process-object.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import type { GetObject } from '../../functions/alert/source/get-object.ts';
import type { ObjectRef } from '../../functions/alert/source/object-ref.ts';
import { jumpingClock, makePorts, makeWorld, TOPICS } from '../faults/world.ts';

const EXPORTS = '../shared/data/exports';
type Row = { readonly file: string; readonly expected_matches: number | null };

/** Sends files through reading, evaluation and delivery, as objects of one day, with one archive. */
async function deliverAll(files: readonly string[]) {
  const world = makeWorld(jumpingClock(Date.UTC(2026, 10, 24, 2, 50)));
  const ports = makePorts(world, async (_, effect) => effect(), { repeats: 'tell' });
  const log: string[] = [];
  const detector = makeDetector(loadRules(ownRules()), {
    readField,
    sha256,
    dedupScope: 'event',
    osTypeFallback: OS_TYPE_FALLBACK,
    indicators: loadIndicators('rules'),
  });
  for (const file of files) {
    await processObject(refOf(file), 1, {
      getObject: fileAsObject,
      archive: ports.archive,
      detector,
      limits: DEFAULT_LIMITS,
      rulesetDigest: 'basis',
      telemetry: makeTelemetry('debug', line => log.push(line), Date.now),
      deliver: ports,
      standing: [],
      now: Date.now,
      remainingMs: () => 300_000,
    });
  }
  const alerts = world.published.filter(
    ({ topicArn, kind }) => topicArn === TOPICS.alerts && kind === 'alert',
  );
  return { alerts, log };
}

const fileAsObject: GetObject = async ({ key }) => {
  const bytes = readFileSync(key);
  return {
    body: (async function* () {
      yield bytes;
    })(),
    length: bytes.length,
    etag: 'e',
    versionId: null,
    lastModified: '2026-11-24T02:48:10.000Z',
    checksum: null,
    attempts: 1,
  };
};

function refOf(key: string): ObjectRef {
  return {
    bucket: 'logs',
    key,
    isKeyRaw: false,
    versionId: null,
    etag: 'e',
    size: null,
    sequencer: null,
    owner: null,
    isCanary: false,
    backfill: null,
  };
}

describe.skipIf(!existsSync(EXPORTS))('one event in the bodies of every exporter', () => {
  it('is one alert', async () => {
    const rows = JSON.parse(readFileSync(`${EXPORTS}/manifest.json`, 'utf8')) as readonly Row[];
    const files = rows
      .filter(({ expected_matches }) => expected_matches === 1)
      .map(({ file }) => `${EXPORTS}/${file}`);
    const { alerts, log } = await deliverAll(files);
    expect(files.length).toBeGreaterThan(20);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
    expect(alerts).toHaveLength(1);
    expect(log.filter(line => line.includes('"scan.finished"'))).toHaveLength(files.length);
  });
});
