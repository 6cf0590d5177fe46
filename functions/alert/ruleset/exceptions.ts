import type { Condition, ConditionTest, JsonObject, ReadField, Scalar } from '../eql/index.ts';
import { quote } from './problem.ts';
import { foldAscii, ownerOf, parseRegistryPath } from './registry-path.ts';
import type { TableReader } from './toml/table-reader.ts';

/** One `[[exception]]`: an accepted benign true positive. Times are ISO 8601 UTC. */
export type Exception = {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly created: string;
  /** When it stops applying, milliseconds UTC. */
  readonly expiresMs: number;
  readonly expires: string;
  readonly allHosts: boolean;
  /** Lines of `match.ndjson` that it is meant to accept. */
  readonly accepts: readonly number[];
  readonly conditionText: string;
  /** The complete contents of `registry.data.strings`, in order; `null`: the condition decides. */
  readonly strings: readonly string[] | null;
  /** With `strings`. */
  readonly condition: Condition;
  /** Its position in `exceptions.toml`. */
  readonly line: number;
};

/**
 * Compiles the text of a condition, reporting its errors; `null`: it is refused. `strings`: the complete contents
 * required of `registry.data.strings` in addition, in order.
 */
export type CompileCondition = (
  table: TableReader,
  key: string,
  strings: readonly string[] | null,
) => Condition | null;

/** A condition that accepts only if `registry.data.strings` is exactly this list. */
export function withStrings(
  condition: Condition,
  strings: readonly string[] | null,
  readField: ReadField,
): Condition {
  if (strings === null) return condition;
  const readStrings = readField('registry.data.strings');
  const isWhole = (values: readonly Scalar[]): boolean =>
    values.length === strings.length && strings.every((text, at) => text === String(values[at]));
  return {
    ...condition,
    accepts: document => isWhole(readStrings(document)) && condition.accepts(document),
  };
}

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 365;

/** The exception that accepts a match at the time of its object, if any. */
export function acceptedBy(
  rule: { readonly exceptions: readonly Exception[] },
  document: JsonObject,
  asOfMs: number,
): Exception | null {
  return (
    rule.exceptions.find(({ expiresMs, condition }) => asOfMs < expiresMs && condition.accepts(document)) ??
    null
  );
}

/**
 * Whether an exception has expired at a time, or expires within 14 days of it, or is dated in the future: moving both
 * times ahead would make it last for decades. A day's tolerance, since a date is its first moment in UTC.
 */
export function stateOf(
  exception: Exception,
  asOfMs: number,
): 'valid' | 'ends-soon' | 'expired' | 'not-yet-created' {
  if (Date.parse(exception.created) > asOfMs + DAY_MS) return 'not-yet-created';
  if (asOfMs >= exception.expiresMs) return 'expired';
  return asOfMs >= exception.expiresMs - 14 * DAY_MS ? 'ends-soon' : 'valid';
}

/** Reads `exceptions.toml`, refusing every exception that could become a way around the rule. */
export function readExceptions(
  file: TableReader,
  patterns: readonly string[],
  compile: CompileCondition,
): readonly Exception[] {
  const ids = new Set<string>();
  const exceptions = file.subs('exception').flatMap(table => {
    const exception = readException(table, patterns, compile);
    if (exception && ids.has(exception.id)) {
      table.wrong('id', `duplicate exception ${quote(exception.id)}`, 'Duplicate');
    }
    if (exception) ids.add(exception.id);
    return exception ?? [];
  });
  file.refuseOthers();
  return exceptions;
}

function readException(
  table: TableReader,
  patterns: readonly string[],
  compile: CompileCondition,
): Exception | null {
  table.require('id', 'owner', 'reason', 'created', 'expires', 'condition');
  const id = table.shaped('id', /^[a-z0-9][a-z0-9._-]{0,63}$/, 'up to 64 of a-z, 0-9, dot, hyphen') ?? '';
  const owner = table.words('owner') ?? '';
  const reason = table.words('reason') ?? '';
  const created = readMoment(table, 'created');
  const expires = readMoment(table, 'expires');
  checkTimes(table, created, expires);
  const allHosts = table.flag('all_hosts') ?? false;
  const accepts = table.integers('accepts') ?? [];
  const conditionText = table.words('condition') ?? '';
  const strings = table.texts('strings') ?? null;
  const condition = conditionText.trim() === '' ? null : compile(table, 'condition', strings);
  table.refuseOthers();
  if (condition) {
    const refuse = (message: string, test?: ConditionTest) =>
      table.wrongInside('condition', test?.span.start ?? 0, message, 'ExceptionUnsafe');
    for (const { message, test } of dangersOf(condition, allHosts, patterns)) refuse(message, test);
  }
  if (!condition || created === null || expires === null) return null;
  return {
    id,
    owner,
    reason,
    created: new Date(created).toISOString(),
    expires: new Date(expires).toISOString(),
    expiresMs: expires,
    allHosts,
    accepts,
    conditionText,
    strings,
    condition,
    line: table.line(),
  };
}

/** A date is its first moment, UTC; a time needs its zone. */
function readMoment(table: TableReader, key: string): number | null {
  const text = table.time(key);
  if (text === undefined) return null;
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isDate || isTime ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (!Number.isNaN(ms) && isDay(text.slice(0, 10))) return ms;
  const message = `${key} takes a date such as 2026-11-24, or a time with its zone; got ${quote(text)}`;
  table.wrong(key, message, 'ExceptionTime');
  return null;
}

/** JavaScript accepts 31 February as a day in March. */
function isDay(date: string): boolean {
  return new Date(date).toISOString().startsWith(date);
}

function checkTimes(table: TableReader, created: number | null, expires: number | null): void {
  if (created === null || expires === null) return;
  if (expires <= created) {
    table.wrong('expires', 'the exception expires before it is created', 'ExceptionTime');
  } else if (expires - created > LONGEST_DAYS * DAY_MS) {
    const days = Math.ceil((expires - created) / DAY_MS);
    const message = `the exception lasts ${days} days; at most ${LONGEST_DAYS}, then it has to be reviewed`;
    table.wrong('expires', message, 'ExceptionTime');
  }
}

type Danger = { readonly message: string; readonly test?: ConditionTest };

/** Why a condition must not become an exception; empty: it may. */
function dangersOf(condition: Condition, allHosts: boolean, patterns: readonly string[]): readonly Danger[] {
  const folded = new Set(patterns.map(foldAscii));
  const dangers: Danger[] = [];
  for (const test of condition.tests) {
    if (test.exact) continue;
    for (const constant of test.constants) {
      if (typeof constant !== 'string') continue;
      if (/^[*?]/.test(constant)) {
        dangers.push({ test, message: `a pattern may not begin with a wildcard: ${quote(constant)}` });
      } else if (folded.has(foldAscii(constant))) {
        const message = `${quote(constant)} is a pattern of the rule itself; this would switch it off`;
        dangers.push({ test, message });
      }
    }
  }
  const exact = condition.tests.filter(test => test.exact);
  const has = (...fields: readonly string[]) =>
    fields.every(field => exact.some(test => test.field === field));
  if (condition.tests.every(test => test.field === 'process.name')) {
    const message = 'process.name alone is not enough: other matches of the rule are by that process too';
    return [...dangers, { message }];
  }
  if (!has('registry.path') && !has('registry.key', 'registry.value') && !has('registry.data.strings')) {
    dangers.push({
      message:
        'no exact test of what was written: registry.path, or registry.key and registry.value, or registry.data.strings, by ==, in, or : without a wildcard',
    });
  }
  if (SCOPES.some(field => has(field)) || exact.some(namesUser)) return dangers;
  if (!allHosts) {
    dangers.push({
      message: `no exact test of where or by whom: ${SCOPES.join(', ')}, or a path in the hive of one user; all_hosts = true says that none is meant`,
    });
  } else if (!has('registry.data.strings') || !(has('registry.value') || has('registry.path'))) {
    dangers.push({
      message:
        'for all hosts the condition needs exact tests of both registry.value (or registry.path) and registry.data.strings',
    });
  }
  return dangers;
}

const SCOPES = ['host.id', 'host.name', 'agent.id', 'Effective_process.executable'] as const;

/** An exact path in the hive of one user names that user. */
function namesUser({ field, constants }: ConditionTest): boolean {
  if (field !== 'registry.path' && field !== 'registry.key') return false;
  return constants.every(constant => {
    const text = String(constant);
    const { kind } =
      field === 'registry.path' ? parseRegistryPath(text).owner : ownerOf(text.split('\\')[0]!);
    return kind === 'user' || kind === 'entra-user';
  });
}
