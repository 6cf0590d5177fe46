import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { generateLog } from '../log-generator.ts';
import { random } from '../scale.ts';

/** Where the benches keep what they make; ignored by git. */
export const OUT = 'out/bench';

/** A document that is not ours; where it is missing, the log made from it is left out. */
const SAMPLE = '../shared/data/events/endpoint-package_registry_sample_event.json';

type Draw = () => number;

/** The logs that a scan is measured on: one event a line, each log with fields, sizes and names of its own. */
export const LOGS: { readonly [name: string]: ((number: number, draw: Draw) => object) | null } = {
  generator: null,
  ...(existsSync(SAMPLE) ? { sample: sampleEvent(readFileSync(SAMPLE, 'utf8')) } : {}),
  mixture,
  endgame,
  sysmon,
};

/** The text of a log, about 64 KB at a time. */
export function* logText(name: string, events: number, seed = 1, attacks = 12): Generator<string> {
  const make = LOGS[name];
  if (!make) {
    yield* generateLog({ events, seed, attacks });
    return;
  }
  const draw = random(seed);
  let chunk = '';
  for (let number = 0; number < events; number++) {
    chunk += `${JSON.stringify(make(number, draw))}\n`;
    if (chunk.length < 65_536 && number + 1 < events) continue;
    yield chunk;
    chunk = '';
  }
}

/** A log of about so many megabytes in a file, made once. */
export async function logFile(name: string, megabytes: number, extension = 'gz'): Promise<string> {
  mkdirSync(OUT, { recursive: true });
  const path = join(OUT, `${name}-${megabytes}.ndjson.${extension}`);
  if (existsSync(path)) return path;
  const sample = [...logText(name, 500)].join('').length / 500;
  const text = Readable.from(logText(name, Math.round((megabytes * 1e6) / sample)), { objectMode: false });
  const compressor = extension === 'gz' ? createGzip({ level: 6 }) : createZstdCompress();
  await pipeline(text, compressor, createWriteStream(path));
  return path;
}

const PROGRAMS =
  'svchost explorer services msiexec OneDrive MsMpEng chrome SearchIndexer Teams lsass cmd powershell'
    .split(' ')
    .map(name => `${name}.exe`);
const FOLDERS = [
  'Windows\\System32',
  'Program Files\\Common Files',
  'Windows\\SysWOW64',
  'Users\\j.doe\\AppData',
];
const KEYS = [
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\UserAssist',
  'SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters',
  'SOFTWARE\\Classes\\CLSID\\{9BA05972-F6A8-11CF-A442-00A0C90A8F39}\\InprocServer32',
  'SYSTEM\\ControlSet001\\Control\\Lsa\\FipsAlgorithmPolicy',
];

function pick<T>(from: readonly T[], draw: Draw): T {
  return from[Math.floor(draw() * from.length)]!;
}

function hex(length: number, draw: Draw): string {
  return Array.from({ length: Math.ceil(length / 6) }, () =>
    Math.floor(draw() * 2 ** 24)
      .toString(16)
      .padStart(6, '0'),
  )
    .join('')
    .slice(0, length);
}

/** Seven events in a thousand are written by the WMI provider, none to an autorun location. */
function facts(number: number, draw: Draw) {
  const program = draw() < 0.007 ? 'WmiPrvSE.exe' : pick(PROGRAMS, draw);
  const host = `WS-${100 + Math.floor(draw() * 40)}`;
  const value = `Entry${Math.floor(draw() * 900)}`;
  return {
    program,
    host,
    value,
    key: pick(KEYS, draw),
    executable: `C:\\${program === 'WmiPrvSE.exe' ? 'Windows\\System32\\wbem' : pick(FOLDERS, draw)}\\${program}`,
    pid: 4 * Math.floor(draw() * 3000),
    stamp: `${new Date(1_795_000_000_000 + number * 37).toISOString().slice(0, -1)}${1000 + (number % 9000)}Z`,
    entity: Buffer.from(`${host}-${hex(24, draw)}-${number}`).toString('base64'),
  };
}

/** The document with everything varied that differs from event to event. */
function sampleEvent(text: string): (number: number, draw: Draw) => object {
  return (number, draw) => {
    const document = JSON.parse(text);
    const { program, host, value, key, executable, pid, stamp, entity } = facts(number, draw);
    document['@timestamp'] = document.event.created = stamp;
    Object.assign(document.event, {
      id: `${entity.slice(0, 16)}+++++${hex(4, draw)}`,
      sequence: 36_271 + number,
    });
    Object.assign(document.process, { name: program, pid, entity_id: entity, executable });
    document.process.Ext.ancestry = [hex(86, draw), hex(86, draw)];
    document.process.thread.id = Math.floor(draw() * 9000);
    for (const frame of document.process.thread.Ext.call_stack)
      Object.assign(frame, {
        callsite_leading_bytes: hex(128, draw),
        callsite_trailing_bytes: hex(128, draw),
      });
    Object.assign(document.host, { name: host, hostname: host });
    document.registry = { ...document.registry, value, key, path: `HKLM\\${key}\\${value}` };
    return document;
  };
}

/** Five datasets of Elastic Defend in the order in which one exporter meets them. */
function mixture(number: number, draw: Draw): object {
  const { program, host, value, key, executable, pid, stamp, entity } = facts(number, draw);
  const dataset = pick(['registry', 'process', 'file', 'network', 'library'], draw);
  const command = `"${executable}" -Embedding {${hex(8, draw)}-${hex(4, draw)}} /k "${value}"`;
  const signature = { exists: true, status: 'trusted', subject_name: 'Microsoft Windows', trusted: true };
  const hash = { md5: hex(32, draw), sha1: hex(40, draw), sha256: hex(64, draw) };
  const parts: { readonly [name: string]: object } = {
    registry: {
      registry: {
        hive: 'HKLM',
        key,
        path: `HKLM\\${key}\\${value}`,
        value,
        data: { strings: [value], type: 'REG_SZ' },
      },
    },
    file: {
      file: {
        name: value,
        extension: 'dat',
        path: `C:\\ProgramData\\${value}.dat`,
        size: pid * 7,
        Ext: { header_bytes: hex(32, draw), entropy: draw() },
      },
    },
    network: {
      source: { ip: '10.20.30.40', port: 49_152 + (number % 9000), address: '10.20.30.40' },
      destination: { ip: `52.97.${Math.floor(draw() * 255)}.${Math.floor(draw() * 255)}`, port: 443 },
      network: { direction: 'egress', transport: 'tcp', type: 'ipv4' },
    },
    library: {
      dll: {
        name: `${value}.dll`,
        path: `C:\\Windows\\System32\\${value}.dll`,
        hash,
        code_signature: signature,
      },
    },
    process: {},
  };
  return {
    '@timestamp': stamp,
    agent: { id: `8a4f500d-1c1e-4b1a-9d57-${hex(12, draw)}`, type: 'endpoint', version: '8.17.4' },
    data_stream: { dataset: `endpoint.events.${dataset}`, namespace: 'default', type: 'logs' },
    event: {
      action: dataset === 'process' ? 'start' : 'modification',
      category: [dataset],
      created: stamp,
      dataset: `endpoint.events.${dataset}`,
      id: entity.slice(0, 22),
      kind: 'event',
      module: 'endpoint',
      sequence: number,
      type: [dataset === 'process' ? 'start' : 'change'],
    },
    host: {
      hostname: host,
      name: host,
      id: hex(32, draw),
      ip: ['10.20.30.40', '127.0.0.1', '::1'],
      os: {
        family: 'windows',
        type: 'windows',
        platform: 'windows',
        full: 'Windows 11 Enterprise 23H2 (10.0.22631.4460)',
      },
    },
    message: `Endpoint ${dataset} event`,
    process: {
      args: [executable, '-Embedding', value],
      args_count: 3,
      command_line: command,
      entity_id: entity,
      executable,
      name: program,
      pid,
      hash,
      code_signature: signature,
      Ext: { ancestry: [entity, hex(80, draw)], token: { integrity_level_name: 'system', elevation: true } },
      parent: {
        name: pick(PROGRAMS, draw),
        pid: pid + 4,
        executable: 'C:\\Windows\\System32\\services.exe',
        entity_id: hex(80, draw),
      },
    },
    ...parts[dataset],
    user: { domain: 'NT AUTHORITY', id: 'S-1-5-18', name: 'SYSTEM' },
  };
}

/** As Endgame's streaming writes a change of the registry: its own names beside ECS, integers of eighteen digits. */
function endgame(number: number, draw: Draw): object {
  const { program, host, value, key, executable, pid, stamp, entity } = facts(number, draw);
  const filetime = 132_500_000_000_000_000 + number * 4096;
  return {
    '@timestamp': stamp,
    agent: { id: hex(32, draw), type: 'endgame', version: '3.58.2' },
    endgame: {
      event_type_full: 'registry_event',
      event_subtype_full: 'registry_modify_event',
      opcode: 2,
      metadata: { key: hex(64, draw), type: 'collection', message_id: entity },
      data: {
        registry_path: `\\Registry\\Machine\\${key}\\${value}`,
        bytes_written_string: value,
        bytes_written_count: pid,
      },
      timestamp_utc: stamp,
      timestamp: filetime,
      serial_event_id: number,
      unique_pid: pid * 65_536,
      process_path: executable,
      process_name: program,
      pid,
      tid: pid + 1,
      sensor: hex(32, draw),
    },
    event: {
      action: 'registry_modify_event',
      category: 'registry',
      type: ['change'],
      module: 'endgame',
      dataset: 'esensor',
      kind: 'event',
      id: entity,
      created: stamp,
    },
    host: {
      hostname: host,
      name: host,
      ip: ['10.20.30.40'],
      os: { name: 'Windows 10 (v1809)', version: '10.0.17763' },
    },
    labels: { account_id: hex(12, draw), endpoint_id: hex(32, draw) },
    observer: { os: { type: 'windows' }, type: 'endpoint' },
    process: { entity_id: `{${hex(32, draw)}}`, executable, name: program, pid, thread: { id: pid + 1 } },
    registry: { key, path: `HKLM\\${key}\\${value}`, value, data: { strings: [value] } },
    user: { domain: 'NT AUTHORITY', id: 'S-1-5-18', name: 'SYSTEM' },
  };
}

/** As Winlogbeat writes Sysmon's event 13 before any pipeline: text with line breaks, and the same facts once more. */
function sysmon(number: number, draw: Draw): object {
  const { host, value, key, executable, pid, stamp } = facts(number, draw);
  const data = {
    EventType: 'SetValue',
    Details: `C:\\ProgramData\\${value}.dat`,
    Image: executable,
    ProcessGuid: `{${hex(8, draw)}-${hex(4, draw)}-${hex(4, draw)}}`,
    ProcessId: String(pid),
    RuleName: '-',
    TargetObject: `HKLM\\${key}\\${value}`,
    User: 'NT AUTHORITY\\SYSTEM',
    UtcTime: stamp,
  };
  return {
    '@timestamp': stamp,
    '@metadata': { beat: 'winlogbeat', type: '_doc', version: '8.17.4' },
    agent: {
      ephemeral_id: hex(32, draw),
      id: hex(32, draw),
      name: host,
      type: 'winlogbeat',
      version: '8.17.4',
    },
    ecs: { version: '8.0.0' },
    event: {
      action: 'Registry value set (rule: RegistryEvent)',
      code: '13',
      created: stamp,
      kind: 'event',
      provider: 'Microsoft-Windows-Sysmon',
    },
    host: { name: host },
    log: { level: 'information' },
    message: `Registry value set:\n${Object.entries(data)
      .map(([name, text]) => `${name}: ${text}`)
      .join('\n')}`,
    winlog: {
      api: 'wineventlog',
      channel: 'Microsoft-Windows-Sysmon/Operational',
      computer_name: `${host}.corp.example`,
      event_data: data,
      event_id: '13',
      process: { pid: 2632, thread: { id: 3520 } },
      provider_guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
      provider_name: 'Microsoft-Windows-Sysmon',
      record_id: number,
      task: 'Registry value set (rule: RegistryEvent)',
      version: 2,
      user: { domain: 'NT AUTHORITY', identifier: 'S-1-5-18', name: 'SYSTEM', type: 'User' },
    },
  };
}
