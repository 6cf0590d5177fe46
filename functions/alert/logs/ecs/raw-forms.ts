import type { Mapping } from './normalized-event.ts';

/** How values that rules require appear in the raw records of one source. */
export type RawForm = {
  /** Whether a rule with these index patterns may read the source. */
  readonly mayBeReadBy: (patterns: readonly string[]) => boolean;
  /** Texts of records that must be decoded whatever a rule requires. */
  readonly markers: readonly string[];
  /** Parts of a text required of a field that occur verbatim in the raw record; empty: none is known. */
  readonly rawText: (field: string, text: string) => readonly string[];
};

/** Fields whose text every source writes verbatim, possibly as part of a longer one. */
const VERBATIM = new Set([
  'process.name',
  'process.executable',
  'process.command_line',
  'process.parent.name',
  'process.parent.executable',
  'process.parent.command_line',
  'registry.value',
  'registry.data.strings',
]);
/** Joined from a key and a value, or given another hive: each element occurs in the record separately. */
const JOINED = new Set(['registry.path', 'registry.key']);

const HIVES = [
  ...['HKLM', 'HKU', 'HKCU', 'HKCR', 'HKCC', 'HKEY_LOCAL_MACHINE', 'HKEY_USERS', 'HKEY_CURRENT_USER'],
  ...['HKEY_CLASSES_ROOT', 'HKEY_CURRENT_CONFIG', 'REGISTRY'],
];

function rawText(field: string, text: string): readonly string[] {
  if (VERBATIM.has(field)) return [text];
  return JOINED.has(field) ? text.split('\\').filter(isOfNoHive) : [];
}

/** A pattern may begin in the middle of a hive's name. */
const isOfNoHive = (element: string): boolean => !HIVES.some(hive => hive.includes(element.toUpperCase()));

/** What can occur within XML text without being part of it, and a reference to any character. */
const HIDDEN_IN_XML = ['&#', '![cdata[', '!--'];

/** XML writes these as entities; there are markers for everything else that can hide text. */
function xmlText(field: string, text: string): readonly string[] {
  return rawText(field, text).flatMap(part => part.split(/[&<>"']/));
}

/** In indices of each source, and of those that are never read from their raw form. */
const STEMS = {
  windows: ['winlogbeat-', 'logs-windows.', 'logs-system.', 'logs-winlog.'],
  defender: ['logs-m365_defender.'],
  fdr: ['logs-crowdstrike.'],
  cloudFunnel: ['logs-sentinel_one_cloud_funnel.'],
};
const ELASTIC_STEMS = ['logs-endpoint.', 'endgame-', 'auditbeat-', 'filebeat-', 'logs-elastic_agent.'];

/** A pattern of none of these products may name any index, such as one that an export was restored to. */
function mayBeReadBy(stems: readonly string[]): RawForm['mayBeReadBy'] {
  const others = [...Object.values(STEMS).flat(), ...ELASTIC_STEMS].filter(stem => !stems.includes(stem));
  return patterns => patterns.some(pattern => meets(pattern, stems) || !meets(pattern, others));
}

function meets(pattern: string, stems: readonly string[]): boolean {
  const fixed = pattern.split('*', 1)[0]!;
  return stems.some(stem => fixed.startsWith(stem) || stem.startsWith(fixed));
}

/**
 * The raw forms of all sources. FDR states the writer of a registry event in other records, so its registry events are
 * always decoded, and with the extended mapping those of processes too: otherwise the join would depend on what was
 * skipped.
 */
export function rawForms(mapping: Mapping): readonly RawForm[] {
  const processRecords = mapping === 'extended' ? ['processrollup2', 'endofprocess', 'terminateprocess'] : [];
  return [
    { mayBeReadBy: mayBeReadBy(STEMS.windows), markers: HIDDEN_IN_XML, rawText: xmlText },
    { mayBeReadBy: mayBeReadBy(STEMS.defender), markers: [], rawText },
    { mayBeReadBy: mayBeReadBy(STEMS.cloudFunnel), markers: [], rawText },
    { mayBeReadBy: mayBeReadBy(STEMS.fdr), markers: ['regobjectname', ...processRecords], rawText },
  ];
}
