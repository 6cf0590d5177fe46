import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OS_TYPE_FALLBACK } from '../../functions/alert/logs/origin.ts';
import { makeTelemetry } from '../../functions/alert/observability/telemetry.ts';
import { loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { processObject } from '../../functions/alert/pipeline/process-object.ts';
import { objectOf, objectPorts, REF } from '../faults/whole-journey.ts';
import { jumpingClock, makePorts, makeWorld, TOPICS } from '../faults/world.ts';
import { detectorOf } from '../ruleset/detector.ts';

const EXPORTS = '../shared/data/exports';
type Row = { readonly file: string; readonly expected_matches: number | null };

/** Sends files through reading, evaluation and delivery, as objects of one day, with one archive. */
async function deliverAll(files: readonly string[]) {
  const world = makeWorld(jumpingClock(Date.UTC(2026, 10, 24, 2, 50)));
  const ports = makePorts(world, async (_, effect) => effect(), { repeats: 'tell' });
  const log: string[] = [];
  const detector = detectorOf(loadRules(ownRules()), { osTypeFallback: OS_TYPE_FALLBACK });
  const telemetry = makeTelemetry('debug', line => log.push(line), Date.now);
  for (const key of files) {
    const getObject = objectOf([readFileSync(key)], '2026-11-24T02:48:10.000Z');
    await processObject({ ...REF, key }, 1, objectPorts(ports, { getObject, detector, telemetry }));
  }
  const alerts = world.published.filter(
    ({ topicArn, kind }) => topicArn === TOPICS.alerts && kind === 'alert',
  );
  return { alerts, log };
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
