import { checkPlaceholders, type IsKnownField } from './guide/placeholders.ts';
import type { Localized } from './locale.ts';
import { LOCALES } from './locale.ts';
import { type AttackEntry, readTechnique } from './rule/threat.ts';
import type { TableReader } from './toml/table-reader.ts';

/** How certain it is that Windows acts on a value written at a location. */
export type Certainty = (typeof CERTAINTIES)[number];

/**
 * How the data of a value is read. `command`: one command line; `cmd-line`: a line of cmd.exe, with `&` and `|`;
 * `shell`: programs separated by commas; `list`: programs separated by spaces or commas; `dll`: the path of a library;
 * `dll-list`: libraries separated by spaces or commas;
 * `service-program`: ImagePath; `script`: the path of a script; `runonceex`: `dll|function|arguments` or
 * `||command line`; `none`: nothing is known to run it; `unknown`: read as a command only where it looks like one.
 */
export type PayloadForm = (typeof PAYLOAD_FORMS)[number];

export const PAYLOAD_FORMS = [
  'command',
  'cmd-line',
  'shell',
  'list',
  'dll',
  'dll-list',
  'service-program',
  'script',
  'runonceex',
  'none',
  'unknown',
] as const;

/** One `[[location]]` of `locations.toml`. Texts may contain `{{placeholders}}` (see `guide.ts`). */
export type Location = {
  /** From 1, in the order of the rule's query. */
  readonly number: number;
  /** Positions (from 1) of its patterns in the query's list on `registry.path`. */
  readonly patterns: readonly number[];
  readonly hive: 'machine' | 'user';
  /** The documented key without hive and owner; `*` matches any characters of one element. ASCII case-insensitive. */
  readonly key: string;
  /** Further documented keys of the same location. */
  readonly also: readonly string[];
  /** The documented value name; `*` for any. */
  readonly value: string;
  readonly certainty: Certainty;
  /** It takes an interactive logon of the hive's owner to run: for an account without one it has no effect. */
  readonly needsLogon: boolean;
  /** How the data is read. It decides which queries and which undo apply. */
  readonly payload: PayloadForm;
  /** `delete`: absent by default, so removal restores. `restore`: Windows needs a value here; never delete. */
  readonly undo: 'delete' | 'restore';
  readonly technique: AttackEntry;
  readonly text: Localized<LocationText>;
};

type LocationText = {
  /** What was written, as the end of a sentence: `a Run key of one user`. */
  readonly what: string;
  /** Three to five ASCII words for the subject after "WMI wrote ": `an autorun`. English only is used. */
  readonly subject: string;
  /** When it runs: `at each logon of {{owner}}`; for a location without known effect, why it has none. */
  readonly when: string;
  /** As whom, or that the event does not say. */
  readonly asWhom: string;
  readonly notes: readonly string[];
  /** What else to look at on the host. */
  readonly checks: readonly string[];
  /** How to undo safely, in order. */
  readonly restore: readonly string[];
};

const CERTAINTIES = ['runs', 'may-run', 'no-known-effect'] as const;
const LONGEST_SUBJECT = 40;
const SUBJECT = new RegExp(`^[\\x20-\\x7e]{3,${LONGEST_SUBJECT}}$`);

/** Reads `locations.toml`; `patternCount` is the length of the query's list on `registry.path`. */
export function readLocations(
  file: TableReader,
  patternCount: number,
  isKnownField: IsKnownField,
): readonly Location[] {
  file.require('location');
  const tables = file.subs('location');
  file.refuseOthers();
  const locations = tables.map(table => readLocation(table, isKnownField));
  checkCoverage(tables, locations, patternCount);
  return locations;
}

function readLocation(table: TableReader, isKnownField: IsKnownField): Location {
  table.require('number', 'patterns', 'hive', 'key', 'value', 'certainty', 'payload', 'undo', 'technique');
  table.require(...LOCALES);
  const technique = table.sub('technique');
  const [en, zh] = LOCALES.map(locale => readText(table.sub(locale), isKnownField)) as [
    LocationText,
    LocationText,
  ];
  if (en.subject !== '' && !SUBJECT.test(en.subject)) {
    table.sub('en')?.wrong('subject', `subject takes 3 to ${LONGEST_SUBJECT} ASCII characters`);
  }
  const location: Location = {
    number: table.integer('number', 1, 1000) ?? 0,
    patterns: table.integers('patterns') ?? [],
    hive: table.oneOf('hive', ['machine', 'user'] as const) ?? 'machine',
    key: table.words('key') ?? '',
    also: table.has('also') ? (table.texts('also') ?? []) : [],
    value: table.text('value') ?? '',
    certainty: table.oneOf('certainty', CERTAINTIES) ?? 'may-run',
    needsLogon: table.flag('needs_logon') ?? false,
    payload: table.oneOf('payload', PAYLOAD_FORMS) ?? 'none',
    undo: table.oneOf('undo', ['delete', 'restore'] as const) ?? 'restore',
    technique: technique ? readTechnique(technique) : { id: '', name: '', reference: '' },
    text: { en, 'zh-CN': zh },
  };
  table.refuseOthers();
  return location;
}

function readText(table: TableReader | undefined, isKnownField: IsKnownField): LocationText {
  if (!table) return { what: '', subject: '', when: '', asWhom: '', notes: [], checks: [], restore: [] };
  table.require('what', 'subject', 'when', 'as_whom', 'notes', 'checks', 'restore');
  for (const key of ['what', 'subject', 'when', 'as_whom']) {
    checkPlaceholders(table.source, table.value(key), table.problems, isKnownField);
  }
  for (const key of ['notes', 'checks', 'restore']) {
    for (const item of table.list(key) ?? []) {
      checkPlaceholders(table.source, item, table.problems, isKnownField);
    }
  }
  const text = {
    what: table.words('what') ?? '',
    subject: table.words('subject') ?? '',
    when: table.words('when') ?? '',
    asWhom: table.words('as_whom') ?? '',
    notes: table.texts('notes') ?? [],
    checks: table.texts('checks') ?? [],
    restore: table.texts('restore') ?? [],
  };
  table.refuseOthers();
  return text;
}

/** Every pattern belongs to exactly one location; otherwise an alert would not know what was written. */
function checkCoverage(
  tables: readonly TableReader[],
  locations: readonly Location[],
  patternCount: number,
): void {
  if (patternCount === 0) {
    const message =
      'the query has no single list on registry.path, whose patterns the locations could refer to';
    tables[0]?.report(0, 'PatternCoverage', message);
    return;
  }
  const numbers = new Set<number>();
  const holder = new Map<number, number>();
  for (const [index, { number, patterns }] of locations.entries()) {
    const table = tables[index]!;
    if (numbers.has(number)) table.wrong('number', `duplicate location ${number}`, 'Duplicate');
    numbers.add(number);
    for (const pattern of patterns) {
      const other = holder.get(pattern);
      if (pattern < 1 || pattern > patternCount) {
        table.wrong(
          'patterns',
          `the query has ${patternCount} patterns; there is no pattern ${pattern}`,
          'PatternCoverage',
        );
      } else if (other !== undefined) {
        table.wrong('patterns', `pattern ${pattern} already belongs to location ${other}`, 'PatternCoverage');
      }
      holder.set(pattern, number);
    }
  }
  const missing = Array.from({ length: patternCount }, (_, at) => at + 1).filter(at => !holder.has(at));
  const first = tables[0];
  if (missing.length > 0 && first) {
    first.report(0, 'PatternCoverage', `no location has the patterns ${missing.join(', ')} of the query`);
  }
}
