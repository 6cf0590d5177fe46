import type { Query, ReadField } from '../../eql/index.ts';
import { type Exception, readExceptions } from '../exceptions.ts';
import { fieldKnowledge } from '../fields.ts';
import { readElasticGuide } from '../guide/elastic-guide.ts';
import { checkSteps, type Guide, readGuide } from '../guide/guide.ts';
import { readTransforms, type Transforms } from '../guide/transforms.ts';
import { LOCALES, type Locale, type Localized } from '../locale.ts';
import { type Location, readLocations } from '../locations.ts';
import { Problems, RuleError, type Source } from '../problem.ts';
import type { TomlRead } from '../toml/parsed-toml.ts';
import { TableReader } from '../toml/table-reader.ts';
import { readToml } from '../toml/toml.ts';
import { pathPatterns } from './path-patterns.ts';
import { checkFiles, checkWhole, digestOf } from './rule-files.ts';
import {
  type OwnTable,
  type RuleMetadata,
  readMetadataTable,
  readOwnTable,
  readRuleTable,
} from './rule-metadata.ts';
import { compileRuleQuery, conditionCompiler, type QueryOptions } from './rule-query.ts';
import type { Threat } from './threat.ts';

export type { Certainty, Location } from '../locations.ts';

/** A detection rule, fully validated: its query is compiled, its texts and exceptions are read. */
export type Rule = {
  /** Name of its folder. */
  readonly folder: string;
  readonly id: string;
  readonly name: Localized;
  readonly description: Localized;
  /** The version in the file, else in Elastic's `version.lock.json`, else 1, like Elastic's for an unknown rule. */
  readonly version: number;
  readonly type: 'eql';
  readonly disabled: boolean;
  /** The rule is meant to have everything that ours have: both guides, locations, evidence. */
  readonly whole: boolean;
  readonly indices: readonly string[];
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** 0 to 100. */
  readonly riskScore: number;
  /** As Elastic schedules it, for example `5m` and `now-9m`; replaced here by the upload trigger. */
  readonly interval: string;
  readonly from: string;
  readonly lookBackMs: number;
  readonly maxSignals: number;
  readonly references: readonly string[];
  /** What Elastic's rule requires to be set up before it can fire. */
  readonly setup: Guide | null;
  readonly investigationFields: readonly string[];
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly license: string;
  readonly threats: readonly Threat[];
  /** The query as in the file. */
  readonly queryText: string;
  readonly query: Query;
  /** The constants of the query's list on `registry.path`, which the locations refer to. */
  readonly patterns: readonly string[];
  readonly locations: readonly Location[];
  readonly guides: { readonly [locale in Locale]?: Guide };
  readonly exceptions: readonly Exception[];
  /** SHA-256 (hex) over every file that can change which events match: rule, locations, exceptions. */
  readonly digest: string;
  /** What is allowed but not ideal: a missing guide of another's rule, a key without effect here. */
  readonly warnings: readonly string[];
};

/** What a rule needs from outside: how to read a field of a document, and a hash. */
export type RuleDeps = {
  readonly readField: ReadField;
  readonly sha256: (text: string) => string;
  /** For TOML that was parsed before. */
  readonly readToml?: TomlRead;
  /** The version of a rule by its id, which Elastic keeps separately from the rules. */
  readonly lockedVersions?: ReadonlyMap<string, number>;
};

/**
 * Creates a rule from the files of its folder, given by name. A folder with only a `rule.toml` as
 * elastic/detection-rules writes it is a rule too: what it lacks becomes a warning.
 * With `unlessDisabled`, a rule that is marked disabled is `null`, before anything of it is compiled.
 * @throws RuleError with all errors, each with file, line and column.
 *
 * @example
 * const { version, patterns } = readRule('wmi', files, { readField, sha256 });
 * [version, patterns.length]; // [109, 48]
 */
export function readRule(folder: string, files: ReadonlyMap<string, string>, deps: RuleDeps): Rule;
export function readRule(
  folder: string,
  files: ReadonlyMap<string, string>,
  deps: RuleDeps & { readonly unlessDisabled: boolean },
): Rule | null;
export function readRule(
  folder: string,
  files: ReadonlyMap<string, string>,
  deps: RuleDeps & { readonly unlessDisabled?: boolean },
): Rule | null {
  const problems = new Problems();
  const warnings: string[] = [];
  const sourceOf = (name: string): Source => ({ file: `${folder}/${name}`, text: files.get(name) ?? '' });
  const tableOf = (name: string): TableReader | null => {
    const source = sourceOf(name);
    const table = files.has(name) ? (deps.readToml ?? readToml)(source, problems) : null;
    return table && new TableReader(source, table, name, problems);
  };
  checkFiles(folder, files, problems);
  const file = problems.found.length === 0 ? tableOf('rule.toml') : null;
  if (!file) throw new RuleError(problems.found);

  const head = readHead(file, warnings);
  if (!head) throw new RuleError(problems.found);
  const { rule, own, transforms, ruleTable } = head;
  const disabled = own.isDisabled || !rule.isEnabled;
  if (disabled && deps.unlessDisabled) return null;
  const fields = fieldKnowledge(own.fields);
  const { readField } = deps;
  const { caseFolding } = own;
  checkCategoryField(ruleTable, rule.categoryField, fields);
  const options: QueryOptions = { readField, categoryField: rule.categoryField, caseFolding, fields };
  const query = compileRuleQuery(ruleTable, 'query', options);
  const patterns = query ? pathPatterns(query) : [];

  const locationsFile = tableOf('locations.toml');
  // Without a query its number of patterns is unknown, and every location would be reported.
  const locations =
    locationsFile && query ? readLocations(locationsFile, patterns.length, fields.isKnown) : [];
  const exceptionsFile = tableOf('exceptions.toml');
  const exceptions = exceptionsFile
    ? readExceptions(exceptionsFile, patterns, conditionCompiler(options))
    : [];
  const guides: { [locale in Locale]?: Guide } = {};
  for (const locale of LOCALES) {
    const name = `guide.${locale}.md`;
    if (!files.has(name)) continue;
    guides[locale] = readGuide(sourceOf(name), problems, fields.isKnown);
    if (own.guideSteps) checkSteps(sourceOf(name), guides[locale], own.guideSteps, problems);
  }
  const hasNote = rule.note.trim() !== '';
  checkWhole(folder, files, own, hasNote, problems, warnings);
  if (problems.found.length > 0 || !query) throw new RuleError(problems.found);
  if (!guides.en && hasNote) {
    const foreign = readElasticGuide(noteOf(rule), transforms, fields.isKnown);
    guides.en = foreign.guide;
    warnings.push(...foreign.warnings.map(warning => `rule.toml: ${warning}`));
  }
  const {
    note: _,
    falsePositives: __,
    categoryField: ___,
    isEnabled: ____,
    name,
    description,
    ...metadata
  } = rule;
  return {
    ...metadata,
    version: metadata.version ?? deps.lockedVersions?.get(metadata.id) ?? 1,
    setup: setupOf(rule, fields.isKnown),
    folder,
    name: { en: name, 'zh-CN': own.texts['zh-CN']?.name ?? name },
    description: { en: description, 'zh-CN': own.texts['zh-CN']?.description ?? description },
    type: 'eql',
    disabled,
    whole: own.isWhole,
    queryText: query.source,
    query,
    patterns,
    locations,
    guides,
    exceptions,
    digest: digestOf(files, deps.sha256),
    warnings,
  };
}

type Head = {
  readonly rule: RuleMetadata;
  readonly own: OwnTable;
  readonly transforms: Transforms;
  readonly ruleTable: TableReader;
};

function readHead(file: TableReader, warnings: string[]): Head | null {
  file.require('rule');
  const ruleTable = file.sub('rule');
  readMetadataTable(file.sub('metadata'), warnings);
  const own = readOwnTable(file.sub('registry_alert'));
  const transforms = readTransforms(file);
  file.refuseOthers();
  const rule = ruleTable && readRuleTable(ruleTable, warnings);
  return rule ? { rule, own, transforms, ruleTable } : null;
}

/** With a category field that no document has, no event would ever be evaluated. */
function checkCategoryField(rule: TableReader, path: string, fields: QueryOptions['fields']): void {
  if (fields.isKnown(path)) return;
  const nearest = fields.suggest(path);
  const advice =
    nearest === undefined
      ? 'a rule may declare its own in [registry_alert] fields'
      : `did you mean ${nearest}?`;
  rule.wrong('event_category_override', `no such field: ${path}; ${advice}`, 'UnknownField');
}

function setupOf({ setup }: RuleMetadata, isKnownField: (path: string) => boolean): Guide | null {
  const none: Transforms = { osquery: [], investigate: [] };
  return setup.trim() === '' ? null : readElasticGuide(setup, none, isKnownField).guide;
}

/** Elastic's false positives in the metadata, if any, become a section of the rule's guide. */
function noteOf({ note, falsePositives }: RuleMetadata): string {
  if (falsePositives.length === 0) return note;
  return `${note}\n\n## False positives\n\n${falsePositives.map(text => `- ${text.trim()}`).join('\n')}\n`;
}
