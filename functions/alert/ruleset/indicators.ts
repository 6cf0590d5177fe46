import type { Query, ReadField } from '../eql/index.ts';
import { compileQuery, EqlError } from '../eql/index.ts';
import { LOCALES, type Localized } from './locale.ts';
import { nearestOf } from './nearest.ts';
import { Problems, RuleError, type Source } from './problem.ts';
import type { TomlRead } from './toml/parsed-toml.ts';
import { TableReader } from './toml/table-reader.ts';
import { readToml } from './toml/toml.ts';

/** The file of indicators, beside the folders of the rules. */
export const INDICATORS_FILE = 'indicators.toml';

/** One `[[indicator]]`: a fact about what was written that points towards or away from an attack. */
export type Indicator = {
  readonly id: string;
  /** Evaluated once for each command of the payload, on a document of `INDICATOR_FACTS`. */
  readonly query: Query;
  /** -100 to 100; above 0 it raises. */
  readonly weight: number;
  /** From ATT&CK; only a lowering indicator may have none. */
  readonly technique: string | null;
  /** One sentence in each language, without a full stop. */
  readonly text: Localized;
  /** Where the fact is documented, an https URL. */
  readonly source: string;
  readonly fires: readonly IndicatorEvidence[];
  readonly quiet: readonly IndicatorEvidence[];
};

/** A write made to test an indicator; the default is an ordinary Run key of one user. */
export type IndicatorEvidence = {
  /** Offset in the file. */
  readonly at: number;
  readonly data: readonly string[];
  readonly type: string | null;
  readonly path: string | null;
  readonly initiator: string | null;
  readonly writer: string | null;
  readonly user: string | null;
  /** Command line, signature and signer of the writer, and the program that started it. */
  readonly line: string | null;
  readonly signature: 'trusted' | 'untrusted' | 'unsigned' | null;
  readonly signer: string | null;
  readonly parent: string | null;
  readonly effect: 'runs' | 'may-run' | 'no-known-effect';
};

/** The least score of `suspicious` and `unusual`, and the greatest of `administration`; between them: `unclear`. */
export type IndicatorLevels = {
  readonly suspicious: number;
  readonly unusual: number;
  readonly administration: number;
};

export type Indicators = { readonly levels: IndicatorLevels; readonly list: readonly Indicator[] };

/**
 * What a condition may read, documented in `docs/indicators.md`: facts derived from the event, and these fields of it.
 */
export const INDICATOR_FACTS: ReadonlySet<string> = new Set(
  (
    'payload.form payload.kind payload.program payload.path payload.candidates payload.arguments payload.library ' +
    'payload.file payload.folder payload.export payload.script payload.url payload.text payload.started_by payload.decoded payload.address payload.relation ' +
    'actor.name actor.executable actor.folder actor.command_line actor.signature actor.signer actor.parent ' +
    'initiator.kind initiator.name initiator.executable owner.kind service.name ' +
    'location.number location.effect location.undo ' +
    'registry.path registry.key registry.value registry.data.type registry.data.strings ' +
    'process.name process.executable user.id user.name user.domain'
  ).split(' '),
);

export type IndicatorDeps = {
  readonly readField: ReadField;
  readonly sha256: (text: string) => string;
  /** For TOML that was parsed before. */
  readonly readToml?: TomlRead;
};

/**
 * Reads `indicators.toml`.
 * @throws RuleError with all errors, each with file, line and column.
 */
export function readIndicators(source: Source, deps: IndicatorDeps): Indicators {
  const problems = new Problems();
  const table = (deps.readToml ?? readToml)(source, problems);
  if (!table) throw new RuleError(problems.found);
  const file = new TableReader(source, table, INDICATORS_FILE, problems);
  file.require('levels', 'indicator');
  const levels = readLevels(file.sub('levels'));
  const tables = file.subs('indicator');
  const list = tables.flatMap(table => readIndicator(table, deps.readField) ?? []);
  file.refuseOthers();
  const ids = new Set<string>();
  for (const [index, { id }] of list.entries()) {
    if (ids.has(id)) tables[index]!.wrong('id', `duplicate indicator ${id}`, 'Duplicate');
    ids.add(id);
  }
  if (problems.found.length > 0) throw new RuleError(problems.found);
  return { levels, list };
}

function readLevels(table: TableReader | undefined): IndicatorLevels {
  table?.require('suspicious', 'unusual', 'administration');
  const levels = {
    suspicious: table?.integer('suspicious', 1, 1000) ?? 1,
    unusual: table?.integer('unusual', 1, 1000) ?? 1,
    administration: table?.integer('administration', -1000, -1) ?? -1,
  };
  if (levels.unusual > levels.suspicious) {
    table?.wrong('unusual', 'unusual cannot be above suspicious');
  }
  table?.refuseOthers();
  return levels;
}

function readIndicator(table: TableReader, readField: ReadField): Indicator | null {
  table.require('id', 'when', 'weight', 'source', 'fires', 'quiet', ...LOCALES);
  const id = table.shaped('id', /^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower case, digits and hyphens') ?? '';
  const weight = table.integer('weight', -100, 100) ?? 1;
  if (weight === 0) table.wrong('weight', 'an indicator of weight 0 has no effect');
  const technique =
    table.shaped('technique', /^T\d{4}(\.\d{3})?$/, 'an id such as T1547 or T1547.001') ?? null;
  if (weight > 0) table.require('technique');
  const [en = '', zh = ''] = LOCALES.map(locale => table.words(locale));
  const source = table.shaped('source', /^https:\/\/\S+$/, 'an https URL') ?? '';
  const query = compiled(table, readField);
  const [fires, quiet] = (['fires', 'quiet'] as const).map(key => readEvidence(table, key));
  table.refuseOthers();
  return (
    query && { id, query, weight, technique, text: { en, 'zh-CN': zh }, source, fires: fires!, quiet: quiet! }
  );
}

const ANY = 'any where ';

function compiled(table: TableReader, readField: ReadField): Query | null {
  const text = table.words('when') ?? 'true';
  const suggestField = (path: string) => nearestOf(path, INDICATOR_FACTS);
  const knownField = (path: string) => INDICATOR_FACTS.has(path);
  try {
    const fieldAdvice = 'an indicator reads only the facts in docs/indicators.md';
    return compileQuery(ANY + text, { readField, knownField, suggestField, fieldAdvice });
  } catch (error) {
    if (!(error instanceof EqlError)) throw error;
    for (const { span, message, code } of error.errors.length > 0 ? error.errors : [error]) {
      table.wrongInside('when', Math.max(0, span.start - ANY.length), message, code);
    }
    return null;
  }
}

function readEvidence(table: TableReader, key: 'fires' | 'quiet'): IndicatorEvidence[] {
  const writes = table.subs(key);
  if (table.has(key) && writes.length === 0) {
    table.wrong(key, `${key} takes at least one write`, 'EvidenceMissing');
  }
  return writes.map(write => {
    write.require('data');
    const evidence: IndicatorEvidence = {
      at: write.at(''),
      data: write.value('data')?.kind === 'array' ? (write.texts('data') ?? []) : [write.text('data') ?? ''],
      type: write.text('type') ?? null,
      path: write.text('path') ?? null,
      initiator: write.text('initiator') ?? null,
      writer: write.text('writer') ?? null,
      user: write.text('user') ?? null,
      line: write.text('line') ?? null,
      signature: write.oneOf('signature', ['trusted', 'untrusted', 'unsigned'] as const) ?? null,
      signer: write.text('signer') ?? null,
      parent: write.text('parent') ?? null,
      effect: write.oneOf('effect', ['runs', 'may-run', 'no-known-effect'] as const) ?? 'runs',
    };
    write.refuseOthers();
    return evidence;
  });
}
