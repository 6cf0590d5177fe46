import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createGzip } from 'node:zlib';
import { makeDetector } from '../../functions/alert/detection/index.ts';
import { readField, readFields } from '../../functions/alert/logs/decoding/read-field.ts';
import { DEFAULT_LIMITS, type ReadReport } from '../../functions/alert/logs/log-reader.ts';
import { OS_TYPE_FALLBACK } from '../../functions/alert/logs/origin.ts';
import { loadIndicators, loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { scan, sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { selectAlerts } from '../../functions/alert/pipeline/select-alerts.ts';

/** Peak resident memory of a whole process may be this at most, whatever it reads. */
const MOST_MB = 256;

/** The NODE_OPTIONS of serverless.yml. On a machine of 24 GB a million matches took 312 MB without, 212 with it. */
const AS_DEPLOYED = ['--max-semi-space-size=16'];

const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;

const EVENT = `${JSON.stringify({
  event: { category: ['registry'], type: ['change'] },
  host: { name: 'ws-1' },
  process: { name: 'WmiPrvSE.exe' },
  registry: { path: 'HKLM\\Run\\x', data: { strings: ['x.exe'] } },
})}\n`;

type Case = {
  readonly what: string;
  readonly bytes: () => AsyncIterable<Uint8Array>;
  readonly isAsWanted: (report: ReadReport, alerts: number) => boolean;
};

const CASES: Readonly<Record<string, Case>> = {
  bomb: {
    what: '4 GiB of blanks from 4 MB of gzip',
    bytes: () => packed(createGzip({ level: 9 }), repeated(Buffer.alloc(MB, ' '), 4 * KB)),
    isAsWanted: ({ outcome, decompressedBytes }) => outcome === 'complete' && decompressedBytes === 4 * GB,
  },
  'long bomb': {
    what: '4 GiB of one text from 4 MB of gzip',
    bytes: () => packed(createGzip({ level: 9 }), repeated(Buffer.alloc(MB, 'x'), 4 * KB)),
    isAsWanted: ({ skipped }) => skipped.RecordOversize === 1,
  },
  line: {
    what: 'a line of 1 GB',
    bytes: () => repeated(Buffer.alloc(MB, 'x'), KB, '{"a":"', `"}\n${EVENT}`),
    isAsWanted: ({ skipped, events }) => skipped.RecordOversize === 1 && events === 1,
  },
  'ten million lines': {
    what: '10 million lines of two bytes',
    bytes: () => repeated(Buffer.from('{}\n'.repeat(100_000)), 100),
    isAsWanted: ({ records }) => records === 10_000_000,
  },
  'deep arrays': {
    what: 'nesting of 1,000,000 arrays',
    bytes: () => repeated(Buffer.from('['.repeat(1000)), 1000, '', `\n${EVENT}`),
    isAsWanted: ({ skipped, events }) => skipped.TooDeep === 1 && events === 1,
  },
  'deep objects': {
    what: 'nesting of 1,000,000 objects',
    bytes: () => repeated(Buffer.from('{"a":'.repeat(1000)), 1000, '', `\n${EVENT}`),
    isAsWanted: ({ skipped, events }) => skipped.TooDeep === 1 && events === 1,
  },
  matches: {
    what: '1,000,000 matches, no two alike',
    bytes: () => attacks(1_000_000),
    isAsWanted: ({ events }, alerts) => events === 1_000_000 && alerts === 1_000_000,
  },
  array: {
    what: 'an array of 1,000,000 elements in one line',
    bytes: () => repeated(Buffer.from(`${EVENT.trimEnd()},`.repeat(1000)), 1000, '[', `${EVENT.trimEnd()}]`),
    isAsWanted: ({ events, outcome }) => events === 1_000_001 && outcome === 'complete',
  },
  'zstd window': {
    what: 'zstd with a window of 128 MB (refused)',
    // A frame's header and its stored blocks: an encoder with such a window would fill the memory of this process.
    bytes: () =>
      repeated(storedBlock(Buffer.from(EVENT.repeat(100))), 1000, Buffer.from('28b52ffd0088', 'hex')),
    isAsWanted: ({ code }) => code === 'ZstdWindow',
  },
};

function storedBlock(bytes: Buffer): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE(bytes.length << 3, 0, 3);
  return Buffer.concat([header, bytes]);
}

async function* repeated(
  part: Buffer,
  times: number,
  before: string | Buffer = '',
  after = '',
): AsyncGenerator<Uint8Array> {
  if (before.length > 0) yield Buffer.from(before);
  for (let left = times; left > 0; left--) yield part;
  if (after) yield Buffer.from(after);
}

/** Compressed while it is read: nothing is kept. */
async function* packed(
  encoder: ReturnType<typeof createGzip>,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  void (async () => {
    for await (const chunk of bytes) if (!encoder.write(chunk)) await once(encoder, 'drain');
    encoder.end();
  })();
  for await (const chunk of encoder) yield chunk as Buffer;
}

/** Every event is one alert: all differ in their time and host. */
async function* attacks(count: number): AsyncGenerator<Uint8Array> {
  const [first] = readFileSync('rules/persistence-via-wmi-stdregprov/match.ndjson', 'utf8').split('\n');
  const event = JSON.parse(first!) as { host: object };
  for (let number = 0; number < count; number++) {
    const host = { ...event.host, name: `ws-${number % 50_000}` };
    const time = new Date(Date.UTC(2026, 10, 24) + number).toISOString();
    yield Buffer.from(`${JSON.stringify({ ...event, '@timestamp': time, host })}\n`);
  }
}

/** As the function reads an object, without an archive: read, evaluated, and selected for publishing. */
async function runHere(name: string): Promise<void> {
  const { bytes, isAsWanted } = CASES[name]!;
  const detector = makeDetector(loadRules(ownRules()), {
    readField,
    readFields,
    sha256,
    dedupScope: 'event',
    osTypeFallback: OS_TYPE_FALLBACK,
    indicators: loadIndicators('rules'),
  });
  const object = { bucket: 'logs', key: name, versionId: null, etag: null, lastModified: null };
  const selection = selectAlerts(object, 'basis', null, 'incident');
  const options = { detector, limits: DEFAULT_LIMITS, audit: false, asOfMs: null };
  const result = await scan(bytes(), object, options, selection);
  await selection.finish(result);
  const peak = Math.round(process.resourceUsage().maxRSS / KB);
  const isSound = isAsWanted(result.report, result.matches - result.repeated);
  process.stdout.write(JSON.stringify({ peak, isAsWanted: isSound, report: result.report }));
}

/** Each case as a process of its own; a table of peaks. Exit status 1 when one is above the bar or not as wanted. */
function runAll(): void {
  let isSound = true;
  process.stdout.write('| what is read | peak RSS, MB | seconds | outcome |\n| --- | --- | --- | --- |\n');
  for (const [name, { what }] of Object.entries(CASES)) {
    const start = Date.now();
    const args = [...AS_DEPLOYED, import.meta.filename, name];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    if (!stdout) {
      isSound = false;
      process.stdout.write(`| ${what} | | ${seconds} | ${stderr.split('\n')[0]} |\n`);
      continue;
    }
    const { peak, isAsWanted, report } = JSON.parse(stdout) as {
      peak: number;
      isAsWanted: boolean;
      report: ReadReport;
    };
    if (peak > MOST_MB || !isAsWanted) isSound = false;
    process.stdout.write(
      `| ${what} | ${peak} | ${seconds} | ${report.outcome}${report.code ? ` ${report.code}` : ''}${isAsWanted ? '' : ' (not as wanted)'} |\n`,
    );
  }
  process.exitCode = isSound ? 0 : 1;
}

if (process.argv[2]) await runHere(process.argv[2]);
else runAll();
