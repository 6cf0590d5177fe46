import type { Neighbours } from '../../functions/alert/detection/alert.ts';
import type { Alert, Evidence, History } from '../../functions/alert/detection/index.ts';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { OS_TYPE_FALLBACK } from '../../functions/alert/logs/origin.ts';
import type { RenderOptions } from '../../functions/alert/notification/options.ts';
import { inflateStart } from '../../functions/alert/pipeline/inflate-start.ts';
import { loadRules } from '../../functions/alert/pipeline/load-rules.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';
import type { Rule } from '../../functions/alert/ruleset/index.ts';
import { detectorOf } from '../ruleset/detector.ts';

export const RULE: Rule = loadRules('rules', ['persistence-via-wmi-stdregprov'])[0]!;

export const USER_SID = 'S-1-5-21-3623811015-3361044348-30300820-1107';
export const RUN_KEY = 'Software\\Microsoft\\Windows\\CurrentVersion\\Run';

export const OPTIONS: RenderOptions = { locale: 'en', archiveBucket: 'acme-registry-alert', sha256 };

const EVIDENCE: Evidence = {
  bucket: 'acme-endpoint-logs',
  key: '2026/11/24/registry-0248.ndjson.gz',
  versionId: '3HL4kqtJlcpXroDTDmJ',
  etag: '9b2cf535f27731c974343645a3985328',
  lastModified: '2026-11-24T02:48:10.000Z',
  record: 18_204,
  offset: 4_711_345,
  sha256: '9c1b6a5f3f0d7a2e4b8c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f00',
};

/** What a test says of an event: parts of the document, and what surrounds it. */
export type Around = {
  readonly evidence?: Partial<Evidence>;
  readonly neighbours?: Neighbours | null;
  readonly occurrences?: number;
  readonly history?: History | null;
  readonly eventCut?: boolean;
};

/** The alert of an event, by the whole way through detection. @throws when no rule matches */
export function alertOf(document: JsonObject, around: Around = {}, rule: Rule = RULE): Alert {
  const detector = detectorOf([rule], { osTypeFallback: OS_TYPE_FALLBACK, inflate: inflateStart });
  const [verdict] = detector.evaluate(document, {
    evidence: () => ({ ...EVIDENCE, ...around.evidence }),
    origin: () => 'unknown',
    raw: null,
    source: () => ({ product: 'elastic-defend', index: null, inferred: [] }),
    isEndgame: isEndgame(document),
    asOfMs: null,
  });
  if (verdict?.kind !== 'match') throw new Error(`no match: ${JSON.stringify(document).slice(0, 500)}`);
  const { neighbours = { count: 0, sample: [] }, occurrences = 1, history = null, eventCut = false } = around;
  return { ...verdict.match, neighbours, occurrences, history, eventCut };
}

const isEndgame = (document: JsonObject): boolean =>
  (document['event'] as JsonObject | undefined)?.['module'] === 'endgame';

export type Write = {
  /** Below the hive. */
  readonly key: string;
  readonly value: string;
  readonly type?: string;
  readonly strings?: readonly string[];
  readonly hive?: string;
};

/** A registry event of Elastic Defend; `more` replaces members at the top. */
export function writeEvent(write: Write, more: JsonObject = {}): JsonObject {
  const {
    key,
    value,
    type = 'REG_SZ',
    strings = ['C:\\Users\\Public\\up.exe -s'],
    hive = 'HKEY_USERS',
  } = write;
  return {
    '@timestamp': '2026-11-24T02:46:51.283Z',
    agent: { id: 'a7c1e0f2-5a39-47cb-8f05-6f3f0d2f4f10', type: 'endpoint' },
    event: {
      action: 'modification',
      category: ['registry'],
      dataset: 'endpoint.events.registry',
      id: 'Nd8Q2r0b3yZk1m2T++++14zA',
      kind: 'event',
      module: 'endpoint',
      type: ['change'],
    },
    host: {
      id: '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11',
      name: 'FIN-WS-042',
      os: { type: 'windows', name: 'Windows' },
    },
    process: {
      entity_id: 'd21pLTMxMjA=',
      executable: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
      name: 'WmiPrvSE.exe',
      pid: 3120,
      code_signature: { status: 'trusted', subject_name: 'Microsoft Windows', trusted: true },
    },
    Effective_process: {
      entity_id: 'cmVxdWVzdGVyLTYxMjA=',
      executable: 'C:\\Windows\\System32\\wbem\\WMIC.exe',
      name: 'wmic.exe',
      pid: 6120,
    },
    registry: {
      hive,
      key,
      path: `${hive}\\${key}\\${value}`,
      value,
      data: { type, strings },
    },
    user: { id: 'S-1-5-18', name: 'SYSTEM', domain: 'NT AUTHORITY' },
    ...more,
  };
}

/** The Run key of one user, as most tests need it. */
export const runKeyEvent = (more: JsonObject = {}): JsonObject =>
  writeEvent({ key: `${USER_SID}\\${RUN_KEY}`, value: 'Updater' }, more);
