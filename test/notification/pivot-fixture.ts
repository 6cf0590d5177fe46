import type { Alert, Facts } from '../../functions/alert/detection/index.ts';
import { commandFacts, readPayload } from '../../functions/alert/detection/payload/index.ts';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import type { Location } from '../../functions/alert/ruleset/index.ts';

/** What a test says of an alert; everything else is an ordinary Run key of one user. */
export type Differences = {
  readonly registry?: Partial<Facts['registry']>;
  readonly facts?: Partial<Facts>;
  readonly evidence?: Partial<Alert['evidence']>;
  readonly location?: Partial<Location> | null;
  readonly event?: JsonObject;
};

export const USER_SID = 'S-1-5-21-3623811015-3361044348-30300820-1107';

const RUN_KEY = `${USER_SID}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`;

const text = {
  what: 'a place',
  subject: 'a value',
  when: '',
  asWhom: '',
  notes: [],
  checks: [],
  restore: [],
};

const LOCATION: Location = {
  number: 2,
  patterns: [2, 26],
  hive: 'user',
  key: 'Software\\Microsoft\\Windows\\CurrentVersion\\Run',
  also: [],
  value: '*',
  certainty: 'runs',
  needsLogon: false,
  payload: 'command',
  undo: 'delete',
  technique: { id: 'T1547.001', name: 'Registry Run Keys / Startup Folder', reference: '' },
  text: { en: text, 'zh-CN': text },
};

/** An alert whose facts can be chosen one by one. */
export function pivotAlert(differences: Differences = {}): Alert {
  const { registry, facts, evidence, location, event = {} } = differences;
  const place = location === null ? null : { ...LOCATION, ...location };
  const written = {
    path: `HKEY_USERS\\${RUN_KEY}\\Updater`,
    hive: 'HKEY_USERS',
    root: 'user' as const,
    key: RUN_KEY,
    value: 'Updater',
    certain: true,
    type: 'REG_SZ',
    data: ['C:\\Users\\Public\\up.exe -s'],
    ...registry,
  };
  const payload = readPayload({ ...written, form: place?.payload ?? null });
  return {
    id: '6f1d0c'.padEnd(64, '0'),
    rule: rule(),
    event,
    source: { product: 'elastic-defend', index: null, inferred: [] },
    eventCut: false,
    writtenHash: '',
    evidence: {
      bucket: 'acme-endpoint-logs',
      key: '2026/11/24/registry-0248.ndjson.gz',
      versionId: '3HL4kqtJlcpXroDTDmJ',
      etag: '"9b2cf535f27731c974343645a3985328"',
      lastModified: '2026-11-24T02:48:10.000Z',
      record: 18204,
      offset: 4711,
      sha256: '9c1b'.padEnd(64, '0'),
      ...evidence,
    },
    why: [],
    location: place,
    locations: place === null ? [] : [place],
    isDocumented: true,
    facts: {
      timestamp: '2026-11-24T02:46:51.283Z',
      timestampMs: Date.parse('2026-11-24T02:46:51.283Z'),
      hostName: 'FIN-WS-042',
      hostId: '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11',
      agentId: 'a7c1e0f2-5a39-47cb-8f05-6f3f0d2f4f10',
      agentVersion: null,
      hostIps: [],
      os: null,
      user: { id: null, name: null, domain: null },
      owner: { kind: 'user', sid: USER_SID },
      service: null,
      requester: {
        kind: 'named',
        name: 'wmic.exe',
        executable: 'C:\\Windows\\System32\\wbem\\WMIC.exe',
        pid: '6120',
        entityId: 'cmVxdWVzdGVyLTYxMjA=',
      },
      writer: {
        name: 'WmiPrvSE.exe',
        executable: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
        pid: '3120',
        entityId: 'd21pLTMxMjA=',
      },
      process: { commandLine: null, signature: null, signer: null, parent: null },
      ...commandFacts(payload, written.data),
      ...facts,
      registry: written,
    },
    payload,
    assessment: { level: 'unclear', score: 0, indicators: [] },
    lag: { uploadMs: 78_717, exceedsLookBack: false },
    neighbours: { count: 0, sample: [] },
    occurrences: 1,
    osTypeFrom: null,
    history: null,
  };
}

function rule(): Alert['rule'] {
  const none = { en: 'A rule', 'zh-CN': '规则' };
  return {
    folder: 'a-rule',
    setup: null,
    investigationFields: [],
    whole: false,
    patterns: [],
    id: '70d12c9c-0dbd-4a1a-bc44-1467502c9cf6',
    name: none,
    description: none,
    version: 109,
    type: 'eql',
    disabled: false,
    indices: ['logs-endpoint.events.registry-*', 'endgame-*'],
    severity: 'high',
    riskScore: 73,
    interval: '5m',
    from: 'now-9m',
    lookBackMs: 540_000,
    maxSignals: 100,
    references: [],
    tags: [],
    authors: ['Elastic'],
    license: 'Elastic License v2',
    threats: [],
    queryText: '',
    query: {
      source: '',
      fields: [],
      requiredLiterals: null,
      categoryField: 'event.category',
      caseFolding: 'ascii',
      category: null,
      requiredValues: null,
      requiredLiteralsIn: () => null,
      pipes: [],
      throughPipes: documents => documents,
      matches: () => true,
      isOtherCategory: () => false,
      explain: () => ({ matches: true, clauses: [], decidedBy: 0 }),
    },
    locations: [],
    guides: {},
    exceptions: [],
    digest: '',
    warnings: [],
  };
}
