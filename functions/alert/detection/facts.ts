import type { JsonObject, ReadField, Scalar } from '../eql/index.ts';
import { timestampMs } from '../eql/index.ts';
import { foldAscii, parseRegistryPath, type RegistryPath } from '../ruleset/index.ts';
import type { EventFacts, Requester } from './alert.ts';

/** Processes that make requests on behalf of others, perhaps on another machine. */
const BROKERS = new Set([
  'svchost.exe',
  'wsmprovhost.exe',
  'winrshost.exe',
  'wmiprvse.exe',
  'dllhost.exe',
  'services.exe',
]);

/** Fields that the facts are read from, besides those of the query. */
export const FACT_FIELDS = [
  '@timestamp',
  'host.name',
  'host.hostname',
  'winlog.computer_name',
  'host.id',
  'agent.id',
  'agent.version',
  'host.ip',
  'host.os.full',
  'host.os.name',
  'host.os.version',
  'user.id',
  'user.name',
  'user.domain',
  'registry.path',
  'registry.key',
  'registry.value',
  'registry.data.type',
  'registry.data.strings',
  'process.name',
  'process.executable',
  'process.pid',
  'process.entity_id',
  'process.command_line',
  'process.code_signature.exists',
  'process.code_signature.trusted',
  'process.code_signature.subject_name',
  'process.parent.name',
  'process.parent.executable',
  'Effective_process.name',
  'Effective_process.executable',
  'Effective_process.pid',
  'Effective_process.entity_id',
] as const;

type FactField = (typeof FACT_FIELDS)[number];

/** More addresses of a host than these are only in its event. */
const MOST_ADDRESSES = 16;

const joined = (...texts: readonly (string | null)[]): string | null =>
  texts.filter(text => text !== null).join(' ') || null;

export type ReadFacts = (document: JsonObject, matchedPath: string | null) => EventFacts;

/** Compiles the reader of an event's facts. `matchedPath` is the element of `registry.path` that the rule matched. */
export function factReader(readField: ReadField): ReadFacts {
  const readers = Object.fromEntries(FACT_FIELDS.map(name => [name, readField(name)])) as Record<
    FactField,
    (document: JsonObject) => readonly Scalar[]
  >;
  return (document, matchedPath) => {
    const all = (name: FactField): string[] => readers[name](document).map(String);
    const one = (name: FactField): string | null => all(name)[0] ?? null;
    // An exporter's empty name names nobody: it must not merge two hosts into one.
    const named = (name: FactField): string | null => one(name) || null;
    const path = matchedPath ?? one('registry.path') ?? '';
    const parsed = parseRegistryPath(path);
    const type = one('registry.data.type');
    const data = all('registry.data.strings');
    const timestamp = one('@timestamp');
    return {
      timestamp,
      timestampMs: timestampMs(readers['@timestamp'](document)[0]),
      hostName: named('host.name') ?? named('host.hostname') ?? named('winlog.computer_name'),
      hostId: named('host.id'),
      agentId: named('agent.id'),
      agentVersion: one('agent.version'),
      hostIps: all('host.ip').slice(0, MOST_ADDRESSES),
      os: one('host.os.full') ?? joined(one('host.os.name'), one('host.os.version')),
      user: { id: one('user.id'), name: one('user.name'), domain: one('user.domain') },
      registry: {
        path,
        hive: parsed.hive,
        root: parsed.root,
        ...keyAndValue(parsed, one('registry.key'), one('registry.value')),
        type,
        data,
      },
      owner: parsed.owner,
      service: serviceOf(parsed),
      requester: requesterOf(named),
      writer: {
        name: one('process.name'),
        executable: one('process.executable'),
        pid: one('process.pid'),
        entityId: named('process.entity_id'),
      },
      process: {
        commandLine: named('process.command_line'),
        signature: signatureOf(one('process.code_signature.exists'), one('process.code_signature.trusted')),
        signer: named('process.code_signature.subject_name'),
        parent: named('process.parent.name') ?? fileNameOf(named('process.parent.executable')),
      },
    };
  };
}

/**
 * A value name may contain backslashes, so the path alone does not show where the key ends. `registry.key` does, if
 * it fits the path; then `registry.value`; else the last backslash is used, and the split is uncertain.
 */
function keyAndValue(parsed: RegistryPath, key: string | null, value: string | null) {
  const rest = parsed.belowHive;
  const folded = foldAscii(rest);
  if (key !== null && folded.startsWith(`${foldAscii(key)}\\`)) {
    return { key: rest.slice(0, key.length), value: rest.slice(key.length + 1), certain: true };
  }
  if (value !== null && folded.endsWith(`\\${foldAscii(value)}`)) {
    return {
      key: rest.slice(0, -value.length - 1),
      value: value === '' ? '' : rest.slice(-value.length),
      certain: true,
    };
  }
  const cut = rest.lastIndexOf('\\');
  return { key: rest.slice(0, Math.max(cut, 0)), value: rest.slice(cut + 1), certain: false };
}

function serviceOf(parsed: RegistryPath): string | null {
  const [system, controlSet, services, service] = parsed.below.split('\\', 5);
  if (parsed.root !== 'machine' || foldAscii(system ?? '') !== 'system') return null;
  return foldAscii(controlSet ?? '').includes('controlset') && foldAscii(services ?? '') === 'services'
    ? withImage(service ?? null)
    : null;
}

/** Keys below Services that belong to no service that starts: netsh keeps port forwarding there. */
const withImage = (service: string | null): string | null =>
  service !== null && foldAscii(service) === 'portproxy' ? null : service;

function signatureOf(exists: string | null, trusted: string | null): EventFacts['process']['signature'] {
  if (exists === 'false') return 'unsigned';
  return trusted === 'true' ? 'trusted' : trusted === 'false' ? 'untrusted' : null;
}

const fileNameOf = (path: string | null): string | null => path?.slice(path.lastIndexOf('\\') + 1) ?? null;

function requesterOf(named: (name: FactField) => string | null): Requester {
  const name = named('Effective_process.name');
  const executable = named('Effective_process.executable');
  const entityId = named('Effective_process.entity_id');
  const file = name ?? fileNameOf(executable);
  return {
    kind:
      file === null && entityId === null ? 'absent' : BROKERS.has(foldAscii(file ?? '')) ? 'broker' : 'named',
    name: file,
    executable,
    pid: named('Effective_process.pid'),
    entityId,
  };
}
