import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import {
  type Level,
  makeTelemetry,
  type Telemetry,
  writerTo,
} from '../../functions/alert/observability/telemetry.ts';

// T… in a name is a row of the fault table (test/runtime/fault-table-complete.test.ts).

function lines(act: (telemetry: Telemetry) => void, level: Level = 'debug'): Record<string, unknown>[] {
  const written: string[] = [];
  act(
    makeTelemetry(
      level,
      line => written.push(line),
      () => Date.UTC(2026, 10, 24),
    ),
  );
  for (const line of written) expect(line).toMatch(/^[\x20-\x7e]+$/);
  return written.map(line => JSON.parse(line) as Record<string, unknown>);
}

describe('a line', () => {
  it('says what, when, and of which object', () => {
    expect(
      lines(({ log }) =>
        log('info', 'scan.finished', {
          object: { bucket: 'b', key: 'k', versionId: 'v' },
          counts: { records: 2 },
        }),
      ),
    ).toEqual([
      {
        level: 'info',
        time: '2026-11-24T00:00:00.000Z',
        event: 'scan.finished',
        object: { bucket: 'b', key: 'k', versionId: 'v' },
        counts: { records: 2 },
      },
    ]);
  });

  const keys: readonly (readonly [string, string])[] = [
    ['a line break', 'a\n{"level":"error"}'],
    ['terminal codes', '\u001b[2J\u009b'],
    ['another direction', 'a\u202egz.exe'],
    ['a line separator', 'a\u2028b'],
    ['half a character', 'a\ud800b'],
    ['an emoji', '🔥'],
  ];
  it.each(keys)('keeps a key with %s apart and whole', (_, key) => {
    const [line] = lines(({ log }) => log('info', 'scan.finished', { object: { bucket: 'b', key } }));
    expect((line!['object'] as { key: string }).key).toBe(key);
  });

  it('is cut to 1,024 bytes a text, on the edge of a character', () => {
    const [line] = lines(({ log }) =>
      log('info', 'scan.finished', { object: { bucket: 'b', key: `a${'é'.repeat(1_000)}` } }),
    );
    const { key } = line!['object'] as { key: string };
    expect([Buffer.byteLength(key), key.isWellFormed()]).toEqual([1_023, true]);
  });

  it('below the level is not written', () => {
    const all = (telemetry: Telemetry) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) telemetry.log(level, 'scan.finished');
    };
    expect(lines(all, 'warn').map(({ level }) => level)).toEqual(['warn', 'error']);
  });
});

describe('an error', () => {
  it('of ours is logged in its own words', () => {
    const error = new DeliveryError('S3Throttled', 's3://b/k: SlowDown (503)');
    expect(lines(telemetry => telemetry.error('error', 'scan.failed', error))[0]).toMatchObject({
      code: 'S3Throttled',
      errorName: 'DeliveryError',
      note: 's3://b/k: SlowDown (503)',
    });
  });

  it('of another library is logged by name and position, since its words may quote an event', () => {
    let error: unknown;
    try {
      JSON.parse('{"CANARY"');
    } catch (caught) {
      error = caught;
    }
    (error as Error).stack += '\n    at "CANARY" (x)';
    const [line] = lines(telemetry => telemetry.error('error', 'scan.failed', error));
    expect(line).toMatchObject({ code: 'Unexpected', errorName: 'SyntaxError' });
    expect(JSON.stringify(line)).not.toContain('CANARY');
    expect((line!['frames'] as string[])[0]).toMatch(/^at /);
  });

  it.each([undefined, null, 'text', 5])('may be anything: %j', error => {
    expect(lines(telemetry => telemetry.error('warn', 'scan.failed', error))[0]).toMatchObject({
      code: 'Unexpected',
    });
  });
});

describe('metrics', () => {
  it('are summed and written in the embedded format, those of a rule apart', () => {
    const written = lines(({ count, flush }) => {
      count('ObjectsScanned', 1);
      count('ObjectsScanned', 2);
      count('BytesScanned', 10);
      count('CandidateEvents', 5, 'persistence');
      flush();
      flush();
    });
    expect(written).toEqual([
      {
        _aws: {
          Timestamp: Date.UTC(2026, 10, 24),
          CloudWatchMetrics: [
            {
              Namespace: 'RegistryAlert',
              Dimensions: [[]],
              Metrics: [
                { Name: 'ObjectsScanned', Unit: 'Count' },
                { Name: 'BytesScanned', Unit: 'Bytes' },
              ],
            },
          ],
        },
        ObjectsScanned: 3,
        BytesScanned: 10,
      },
      {
        _aws: {
          Timestamp: Date.UTC(2026, 10, 24),
          CloudWatchMetrics: [
            {
              Namespace: 'RegistryAlert',
              Dimensions: [['Rule']],
              Metrics: [{ Name: 'CandidateEvents', Unit: 'Count' }],
            },
          ],
        },
        Rule: 'persistence',
        CandidateEvents: 5,
      },
    ]);
  });
});

describe('a log that nobody reads any longer (T59)', () => {
  it('stops nothing', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const write = writerTo(stream);
    write('one');
    await new Promise(resolve => setImmediate(resolve));
    write('two');
    stream.destroy();
    write('three');
    await new Promise(resolve => setImmediate(resolve));
    expect(stream.destroyed).toBe(true);
  });
});
