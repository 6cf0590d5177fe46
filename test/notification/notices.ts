import type { ObjectIdentity } from '../../functions/alert/detection/index.ts';
import type { Notice, NoticeBody, NoticeKind } from '../../functions/alert/notification/index.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import { RULE } from './fixture.ts';

const object: ObjectIdentity = {
  bucket: 'acme-endpoint-logs',
  key: '2026/11/24/registry-0248.ndjson.gz',
  versionId: '3HL4kqtJlcpXroDTDmJ',
  etag: 'e1',
  lastModified: '2026-11-24T02:48:10.000Z',
};

const place = { bucket: 'acme-registry-alert', key: 'quarantine/5e/5e1f0a.json' };

const [, runKey] = RULE.locations;

const [UNCLEAR, HIGH] = [
  { level: 'unclear', score: 0 } as const,
  { level: 'suspicious', score: 90 } as const,
];
const ORDINARY = {
  host: 'FIN-WS-042',
  location: runKey!,
  requester: 'wmic.exe',
  count: 1,
  assessment: UNCLEAR,
};
const SUSPICIOUS = { ...ORDINARY, host: 'HR-LT-007', requester: 'powershell.exe', assessment: HIGH };
const EXCEPTION = {
  id: 'sccm-runonce',
  owner: 'it-operations@acme.example',
  reason: 'The client of the software distribution writes RunOnce, change 4711',
  expires: '2026-11-01T00:00:00.000Z',
};

const BODIES: readonly (readonly [name: string, body: NoticeBody])[] = [
  [
    'digest',
    {
      kind: 'digest',
      object,
      rule: RULE,
      total: 1_204,
      told: 100,
      incidents: 31,
      groups: [
        { ...ORDINARY, count: 900 },
        { ...SUSPICIOUS, count: 300 },
        { host: null, location: null, requester: null, count: 1, assessment: null },
      ],
      moreGroups: 3,
      firstRecord: 12,
      lastRecord: 90_411,
      rest: { bucket: 'acme-registry-alert', key: 'overflow/5e/5e1f0a-77aa.ndjson.gz' },
      records: [],
    },
  ],
  [
    'digest-without-archive',
    {
      kind: 'digest',
      object,
      rule: RULE,
      total: 130,
      told: 100,
      incidents: 100,
      groups: [{ ...ORDINARY, count: 130 }],
      moreGroups: 0,
      firstRecord: 1,
      lastRecord: 135,
      rest: null,
      records: [
        { from: 104, to: 120 },
        { from: 123, to: 135 },
      ],
    },
  ],
  [
    'held',
    {
      kind: 'held',
      hour: '2026-11-24T02:00:00Z',
      limit: 200,
      held: null,
      place: { bucket: 'acme-registry-alert', key: 'told/2026-11-24T02/held/' },
      first: ORDINARY,
    },
  ],
  [
    'held-digest',
    {
      kind: 'held-digest',
      hour: '2026-11-24T02:00:00Z',
      alerts: 1_204,
      logs: 302,
      unread: 102,
      isCut: false,
      groups: [
        { ...SUSPICIOUS, alertId: '5e1f0a'.padEnd(64, '7') },
        { ...ORDINARY, count: 903 },
      ],
      moreGroups: 3,
      notices: [{ kind: 'quarantine', count: 12 }],
      place: { bucket: 'acme-registry-alert', key: 'told/2026-11-24T02/held/' },
    },
  ],
  [
    'backfill',
    {
      kind: 'backfill',
      run: '20261124T081500Z-5e1f0a77aa3c9d21',
      place: {
        bucket: 'acme-registry-alert',
        key: 'told/backfill-20261124T081500Z-5e1f0a77aa3c9d21/held/',
      },
      first: ORDINARY,
    },
  ],
  [
    'quarantine',
    {
      kind: 'quarantine',
      object,
      code: 'GzipTruncated',
      detail:
        'gzip: the data ends within a member that begins at byte 48,211; let the exporter close its file.',
      records: 4_711,
      decompressedBytes: 8_123_456,
      alerts: 2,
      suspicious: { count: 1, records: [{ code: 'InvalidJson', record: 4_711, offset: 8_122_790 }] },
      place,
    },
  ],
  [
    'quarantine-of-one',
    {
      kind: 'quarantine',
      object,
      code: 'NoReadableRecords',
      detail: 'its only record is no JSON object of an event',
      records: 1,
      decompressedBytes: 23,
      alerts: 0,
      suspicious: null,
      place,
    },
  ],
  [
    'suspicious-record-alone',
    { kind: 'suspicious-record', object, count: 1, records: [{ code: 'TooDeep', record: 4, offset: 1_234 }] },
  ],
  [
    'suspicious-record',
    {
      kind: 'suspicious-record',
      object,
      count: 23,
      records: [
        { code: 'TooDeep', record: 4, offset: 1_234 },
        { code: 'InvalidJson', record: 977, offset: 602_118 },
      ],
    },
  ],
  ['other-index', { kind: 'other-index', object, rule: RULE, count: 4, first: { record: 7, offset: 9_901 } }],
  [
    'unknown-shape',
    { kind: 'unknown-shape', object, unknown: 977, records: 1_003, keys: ['ts', 'vendor', 'a\u001b[31m'] },
  ],
  [
    'unread-source',
    {
      kind: 'unread-source',
      object,
      product: 'crowdstrike',
      index: 'logs-crowdstrike.fdr-default',
      count: 41,
      readers: ['persistence-via-wmi-stdregprov-sysmon'],
    },
  ],
  ['object-missing', { kind: 'object-missing', object, place }],
  [
    'object-overwritten',
    {
      kind: 'object-overwritten',
      object: { ...object, versionId: null },
      expectedEtag: '9b2cf535f27731c974343645a3985328',
      foundEtag: '1c7a92ae351d4e21ebdfb897508f59d6',
      alerts: 0,
      place,
    },
  ],
  ['object-archived', { kind: 'object-archived', object, storageClass: 'GLACIER', place }],
  [
    'incomplete-scan',
    {
      kind: 'incomplete-scan',
      object,
      records: 81_000_000,
      decompressedBytes: 61_203_283_968,
      alerts: 1,
      place: null,
    },
  ],
  [
    'expired-exception',
    {
      kind: 'expired-exception',
      rule: RULE,
      exception: EXCEPTION,
    },
  ],
  [
    'rules-changed',
    {
      kind: 'rules-changed',
      from: 'ab'.repeat(32),
      to: 'cd'.repeat(32),
      added: [RULE],
      removed: [],
      changed: [RULE],
      indicators: ['encoded-command'],
      exceptions: [
        {
          rule: RULE,
          exception: { ...EXCEPTION, expires: '2026-12-24T00:00:00.000Z' },
        },
      ],
    },
  ],
  ['canary', { kind: 'canary', object, scheduled: '2026-11-24T02:45:00Z', lateMs: 4_000, alerts: 1 }],
  ['canary-failed', { kind: 'canary', object, scheduled: '2026-11-24T02:45:00Z', lateMs: null, alerts: 0 }],
  ['test', { kind: 'test', cause: 'schedule', at: '2026-11-24T02:45:00Z' }],
  ['selftest', { kind: 'test', cause: 'selftest', at: '2026-11-24T02:45:00Z' }],
];

/** Every notice; each is a folder of `test/golden`. */
export const NOTICES: readonly { readonly name: string; readonly notice: Notice }[] = BODIES.map(
  ([name, body]) => ({ name, notice: { id: sha256(name), ...body } }),
);

/** Every kind there is; a new one does not compile without its line. */
export const KINDS: { readonly [kind in NoticeKind]: true } = {
  backfill: true,
  canary: true,
  digest: true,
  'expired-exception': true,
  held: true,
  'held-digest': true,
  'incomplete-scan': true,
  'object-archived': true,
  'object-missing': true,
  'object-overwritten': true,
  'other-index': true,
  quarantine: true,
  'rules-changed': true,
  'suspicious-record': true,
  test: true,
  'unknown-shape': true,
  'unread-source': true,
};
