import type { Mapping } from './normalized-event.ts';

/** How what rules require of an event stands in the raw records of one source. */
export type RawForm = {
  /** Whether a rule with these index patterns may read the source. */
  readonly mayBeReadBy: (patterns: readonly string[]) => boolean;
  /** Texts of records that have to be decoded whatever a rule requires. */
  readonly markers: readonly string[];
  /** Parts of a text required of a field that occur in the raw record as they are; empty: none is known. */
  readonly rawText: (field: string, text: string) => readonly string[];
};

/** Fields whose text every source writes as it is, be it as a part of a longer one. */
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
/** Put together of a key and a value, or given another hive: each element stands in the record by itself. */
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

/** What can stand within a text of XML without being part of it, and a reference to any character. */
const HIDDEN_IN_XML = ['&#', '![cdata[', '!--'];

/** XML writes these as entities; for what else can hide a text there are markers. */
function xmlText(field: string, text: string): readonly string[] {
  return rawText(field, text).flatMap(part => part.split(/[&<>"']/));
}

/** In indices of each source, and of what is never read from its raw form. */
const STEMS = {
  windows: ['winlogbeat-', 'logs-windows.', 'logs-system.', 'logs-winlog.'],
  defender: ['logs-m365_defender.'],
  fdr: ['logs-crowdstrike.'],
  cloudFunnel: ['logs-sentinel_one_cloud_funnel.'],
};
const ELASTIC_STEMS = ['logs-endpoint.', 'endgame-', 'auditbeat-', 'filebeat-', 'logs-elastic_agent.'];

/** A pattern of none of these products may name any index at all, such as one that an export was restored to. */
function mayBeReadBy(stems: readonly string[]): RawForm['mayBeReadBy'] {
  const others = [...Object.values(STEMS).flat(), ...ELASTIC_STEMS].filter(stem => !stems.includes(stem));
  return patterns => patterns.some(pattern => meets(pattern, stems) || !meets(pattern, others));
}

function meets(pattern: string, stems: readonly string[]): boolean {
  const fixed = pattern.split('*', 1)[0]!;
  return stems.some(stem => fixed.startsWith(stem) || stem.startsWith(fixed));
}

/**
 * The raw forms of all sources. What wrote to the registry is told by other records of FDR, so its registry events are
 * decoded whatever they hold, and with the second layer those of processes too: else the join would depend on what was
 * passed over.
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
