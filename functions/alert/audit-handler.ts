import { run } from './cli/audit.ts';
import type { Io } from './cli/io.ts';
import { makeTelemetry, writerTo } from './observability/index.ts';

const HOUR_MS = 3_600_000;

/** A day, and some of the day before, so that a run that starts late leaves nothing out. */
const SPAN_MS = 26 * HOUR_MS;

/**
 * Entry point of the daily audit: the `audit` command, as metrics and log lines. The way of the alerts cannot see what never
 * came to it.
 */
export async function handler(): Promise<{ readonly missing: number }> {
  const telemetry = makeTelemetry(
    'info',
    writerTo(process.stdout),
    Date.now,
    process.env['REGISTRY_ALERT_METRIC_NAMESPACE'],
  );
  const out: string[] = [];
  const io: Io = {
    out: async text => void out.push(text),
    err: () => {},
    stdin: async function* () {},
    outIsTerminal: false,
    errIsTerminal: false,
    confirm: async () => false,
    environment: process.env,
    now: Date.now,
  };
  await run(['--from', new Date(Date.now() - SPAN_MS).toISOString()], io);
  const lines = out.join('').split('\n');
  const missing = lines.filter(line => line.startsWith('missing '));
  for (const note of missing) telemetry.log('warn', 'audit.missing', { note });
  const note = lines.find(line => line.startsWith('listed ')) ?? '';
  telemetry.log('info', 'audit.finished', { note });
  telemetry.count('AuditRuns', 1);
  telemetry.count('ObjectsUnscanned', missing.length);
  telemetry.flush();
  return { missing: missing.length };
}
