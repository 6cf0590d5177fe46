import { createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGzip, createZstdCompress } from 'node:zlib';
import { random } from './scale.ts';

/** What a made-up log of Elastic Defend registry events is like. */
export type LogPlan = {
  /** Number of events. */
  readonly events: number;
  readonly seed: number;
  /** Share of events written by WmiPrvSE.exe; few of them at an autorun location. */
  readonly wmiShare?: number;
  /** How many of the events are attacks, spread evenly; each alerts. */
  readonly attacks?: number;
  /** Milliseconds UTC of the first event. */
  readonly startMs?: number;
};

const HOSTS = [
  'FIN-WS-017',
  'FIN-WS-042',
  'HR-LT-003',
  'SRV-APP-02',
  'SRV-DC-01',
  'DEV-WS-111',
  'OPS-WS-008',
];
const WRITERS = [
  'svchost.exe',
  'explorer.exe',
  'services.exe',
  'msiexec.exe',
  'OneDrive.exe',
  'MsMpEng.exe',
  'chrome.exe',
  'SearchIndexer.exe',
];
const QUIET_KEYS = [
  'Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs',
  'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\ZoneMap',
  'Software\\Microsoft\\Office\\16.0\\Common\\Roaming\\Identities',
  'Software\\Microsoft\\Windows\\CurrentVersion\\DeliveryOptimization\\Usage',
  'Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\Shell\\MuiCache',
];

/** Yields the log as text, about 64 KB at a time: one JSON document a line, about 2.5 KB each. */
export function* generateLog(plan: LogPlan): Generator<string> {
  const next = random(plan.seed);
  const attacks = plan.attacks ?? 0;
  const every = attacks > 0 ? Math.floor(plan.events / attacks) : Number.POSITIVE_INFINITY;
  let made = 0;
  let chunk = '';
  for (let number = 0; number < plan.events; number++) {
    const isAttack = made < attacks && number % every === Math.floor(every / 2);
    if (isAttack) made++;
    chunk += `${JSON.stringify(event(plan, number, next, isAttack))}\n`;
    if (chunk.length >= 65_536) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk) yield chunk;
}

function event(plan: LogPlan, number: number, next: () => number, isAttack: boolean): object {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const host = isAttack ? 'FIN-WS-042' : pick(HOSTS);
  const ms = (plan.startMs ?? Date.UTC(2026, 10, 24, 2, 40)) + number * 37;
  const isWmi = isAttack || next() < (plan.wmiShare ?? 0.007);
  const writer = isWmi ? 'WmiPrvSE.exe' : pick(WRITERS);
  const sid = `S-1-5-21-3623811015-3361044348-30300820-${1100 + Math.floor(next() * 60)}`;
  const key = isAttack
    ? `${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`
    : isWmi
      ? 'SOFTWARE\\Microsoft\\Wbem\\WDM\\DREDGE'
      : `${sid}\\${pick(QUIET_KEYS)}`;
  const hive = isWmi && !isAttack ? 'HKLM' : 'HKEY_USERS';
  const value = isAttack ? 'Updater' : `Entry${Math.floor(next() * 90)}`;
  const data = isAttack
    ? ['C:\\Users\\Public\\up.exe -s']
    : [`C:\\ProgramData\\cache\\${Math.floor(next() * 400)}.dat`];
  const entity = (pid: number): string =>
    Buffer.from(`${host}-${pid}-133${400_000 + (pid % 997)}`).toString('base64');
  const pid = 600 + Math.floor(next() * 300);
  const stamp = `${new Date(ms).toISOString().slice(0, -1)}${String(number % 10_000).padStart(4, '0')}Z`;
  return {
    '@timestamp': stamp,
    agent: {
      id: `8a4f500d-${host.length}c1e-4b1a-9d57-0f${host.charCodeAt(0)}f8b2c11`,
      type: 'endpoint',
      version: '8.17.4',
    },
    data_stream: { dataset: 'endpoint.events.registry', namespace: 'default', type: 'logs' },
    ecs: { version: '8.10.0' },
    elastic: { agent: { id: `8a4f500d-${host.length}c1e-4b1a-9d57-0f${host.charCodeAt(0)}f8b2c11` } },
    event: {
      action: 'modification',
      category: ['registry'],
      created: stamp,
      dataset: 'endpoint.events.registry',
      id: `NFC${number.toString(36).padStart(7, '0')}+++++Fa${Math.floor(next() * 1e6).toString(36)}`,
      kind: 'event',
      module: 'endpoint',
      outcome: 'success',
      sequence: 10_000 + number,
      type: ['change'],
    },
    host: {
      architecture: 'x86_64',
      hostname: host,
      id: `5f1c0b7e-0d5e-4f0a-8b1d-${String(HOSTS.indexOf(host)).padStart(12, '0')}`,
      ip: ['10.20.30.40', 'fe80::5c1d:1f0a:77aa:9e01', '127.0.0.1', '::1'],
      mac: ['00-15-5d-0a-1b-2c'],
      name: host,
      os: {
        Ext: { variant: 'Windows 11 Enterprise' },
        family: 'windows',
        full: 'Windows 11 Enterprise 23H2 (10.0.22631.4460)',
        kernel: '23H2 (10.0.22631.4460)',
        name: 'Windows',
        platform: 'windows',
        type: 'windows',
        version: '23H2 (10.0.22631.4460)',
      },
    },
    message: 'Endpoint registry event',
    process: {
      Ext: {
        ancestry: [entity(pid - 7), entity(pid - 90), entity(4)],
        code_signature: [
          { exists: true, status: 'trusted', subject_name: 'Microsoft Windows', trusted: true },
        ],
      },
      code_signature: { exists: true, status: 'trusted', subject_name: 'Microsoft Windows', trusted: true },
      entity_id: entity(pid),
      executable: isWmi ? 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe' : `C:\\Windows\\System32\\${writer}`,
      name: writer,
      pid,
      thread: {
        id: 100 + (number % 8000),
        // Bytes of code, which no compressor can guess, bring the log to the 9:1 of real exports.
        Ext: {
          call_stack: [{ callsite_leading_bytes: hex(next, 72), callsite_trailing_bytes: hex(next, 72) }],
        },
      },
    },
    registry: {
      data: { bytes: Buffer.from(data[0]!, 'utf16le').toString('base64'), strings: data, type: 'REG_SZ' },
      hive,
      key,
      path: `${hive}\\${key}\\${value}`,
      value,
    },
    ...(isWmi
      ? {
          Effective_process: {
            entity_id: entity(6120),
            executable: 'C:\\Windows\\System32\\wbem\\WMIC.exe',
            name: 'WMIC.exe',
            pid: 6120,
          },
        }
      : {}),
    user: { domain: 'NT AUTHORITY', id: 'S-1-5-20', name: 'NETWORK SERVICE' },
  };
}

function hex(next: () => number, bytes: number): string {
  let text = '';
  for (let at = 0; at < bytes; at += 3)
    text += Math.floor(next() * 0x1000000)
      .toString(16)
      .padStart(6, '0');
  return text;
}

/** The compressor that a file name asks for; `null` for plain. */
function compressorFor(path: string): Transform | null {
  if (path.endsWith('.gz')) return createGzip({ level: 6 });
  return path.endsWith('.zst') ? createZstdCompress() : null;
}

/** Writes a log to a file, compressed as its name says (`.gz`, `.zst`, else plain). */
export async function writeLog(path: string, plan: LogPlan): Promise<void> {
  const compressor = compressorFor(path);
  const lines = Readable.from(generateLog(plan), { objectMode: false });
  const file = createWriteStream(path);
  await (compressor ? pipeline(lines, compressor, file) : pipeline(lines, file));
}

// node test/log-generator.ts 400000 out/big.ndjson.gz: a log of that many events.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [events, path] = process.argv.slice(2);
  if (!path || !Number(events)) throw new Error('usage: log-generator.ts EVENTS PATH');
  await writeLog(path, { events: Number(events), seed: 1, attacks: Math.ceil(Number(events) / 1600) });
}
