import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileQuery, evaluateConstant } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject, JsonValue } from '../../functions/alert/eql/document.ts';
import { EqlError } from '../../functions/alert/eql/syntax/error.ts';
import { parseQuery } from '../../functions/alert/eql/syntax/parse.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { answer, ROWS } from './conformance-rows.ts';

/** Runs the cases beside the checkout; `npm run conformance` prints what this gives. */
export const CASES = fileURLToPath(new URL('../../../shared/data/eql/', import.meta.url));

export function hasCases(): boolean {
  return existsSync(CASES);
}

export type FileReport = {
  readonly file: string;
  readonly passed: number;
  readonly total: number;
  /** Cases that a program without a mapping cannot decide, with the reason. */
  readonly notCounted: readonly string[];
  /** Cases that are thought to be wrong themselves, with the reason and its source. */
  readonly believedWrong: readonly string[];
  readonly failures: readonly string[];
};

type Case = {
  readonly query?: string;
  readonly expression?: string;
  readonly expected?: unknown;
  readonly literal?: string;
  readonly value?: string;
  readonly dataset?: string;
  readonly event_category_field?: string;
  readonly id_field?: string;
  readonly expected_event_ids?: readonly number[];
  readonly folding?: 'unicode';
  readonly needs_mapping?: string;
  readonly refused_later?: string;
  readonly note?: string;
};

/** By query or expression: why a case is not followed, and where that is written. None is, so far. */
const BELIEVED_WRONG: ReadonlyMap<string, string> = new Map();

/** What one case shows; an empty text: it passes. */
type Check = (given: Case) => string;

const CHECKS: readonly (readonly [file: string, check: Check])[] = [
  ['es_event_queries.jsonl', checkIds],
  ['derived_semantics.jsonl', checkIds],
  ['es_fold.jsonl', ({ expression, expected }) => checkValue(expression!, expected)],
  ['es_string_literals.jsonl', ({ literal, value }) => checkValue(literal!, value)],
  ['es_errors.jsonl', ({ query }) => checkRefused(query!)],
  ['es_parse_ok.jsonl', checkParses],
  ['rule_queries.jsonl', checkCompiles],
];

export function runConformance(): readonly FileReport[] {
  return CHECKS.map(([file, check]) => {
    const cases = readLines(file) as readonly Case[];
    const notCounted: string[] = [];
    const believedWrong: string[] = [];
    const failures: string[] = [];
    let passed = 0;
    for (const given of cases) {
      const text = (given.query ?? given.expression ?? given.literal)!;
      const schema =
        given.needs_mapping ?? (/needs a schema/.test(given.note ?? '') ? given.note : undefined);
      const reason = BELIEVED_WRONG.get(text);
      if (schema !== undefined) notCounted.push(`${text}\n      ${schema}`);
      else if (reason !== undefined) believedWrong.push(`${text}\n      ${reason}`);
      else {
        const failure = attempt(check, given);
        if (failure === '') passed++;
        else failures.push(`${text}\n      ${failure}`);
      }
    }
    return { file, passed, total: passed + failures.length, notCounted, believedWrong, failures };
  });
}

function attempt(check: Check, given: Case): string {
  try {
    return check(given);
  } catch (error) {
    return error instanceof EqlError ? `${error.message} [${error.code}]\n${error.excerpt}` : String(error);
  }
}

function checkIds(given: Case): string {
  const query = compileQuery(given.query!, {
    readField,
    allowPipes: true,
    categoryField: given.event_category_field ?? 'event.category',
    caseFolding: given.folding ?? 'ascii',
  });
  let documents = (readLines(given.dataset!) as readonly JsonObject[]).filter(document =>
    query.matches(document),
  );
  for (const { name, count } of query.pipes) {
    documents =
      name === 'head' ? documents.slice(0, count) : documents.slice(Math.max(0, documents.length - count));
  }
  const found = documents
    .map(document => Number(document[given.id_field!]))
    .sort((one, other) => one - other);
  const due = given.expected_event_ids!.toSorted((one, other) => one - other);
  return found.join() === due.join() ? '' : `matched ${found.join()}; due ${due.join()}`;
}

function checkValue(expression: string, expected: unknown): string {
  const value: JsonValue = evaluateConstant(expression);
  const isEqual = typeof value === 'bigint' ? value === BigInt(expected as number) : value === expected;
  return isEqual ? '' : `is ${String(value)}; due ${String(expected)}`;
}

function checkRefused(query: string): string {
  try {
    compileQuery(query, { readField, allowPipes: true });
    return 'is accepted';
  } catch (error) {
    return error instanceof EqlError ? '' : `throws ${String(error)}`;
  }
}

function checkCompiles({ query }: Case): string {
  compileQuery(query!, { readField });
  return '';
}

function checkParses({ query, refused_later }: Case): string {
  parseQuery(query!);
  return refused_later === undefined ? '' : checkRefused(query!);
}

function readLines(file: string): readonly unknown[] {
  return readFileSync(`${CASES}${file}`, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}

/** The rows that every clone has. */
function ownReport(): FileReport {
  const failures = ROWS.flatMap(([source, condition, document, due]) => {
    const found = answer(condition, document);
    return found === due ? [] : [`${condition}\n      ${source}: is ${found}; due ${due}`];
  });
  const file = 'conformance-rows.ts';
  const total = ROWS.length;
  return { file, passed: total - failures.length, total, notCounted: [], believedWrong: [], failures };
}

function print(): void {
  if (!hasCases()) {
    console.log(
      'SKIPPED: the cases of others are not here; they are in ../shared/data/eql beside the checkout',
    );
  }
  const reports = [ownReport(), ...(hasCases() ? runConformance() : [])];
  for (const { file, passed, total, notCounted, believedWrong, failures } of reports) {
    console.log(`${passed}/${total}  ${file}`);
    for (const line of notCounted) console.log(`    not counted, needs a mapping: ${line}`);
    for (const line of believedWrong) console.log(`    believed wrong: ${line}`);
    for (const line of failures) console.log(`    FAILED: ${line}`);
  }
  const sum = (of: (report: FileReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const failed = sum(({ failures }) => failures.length);
  console.log(`${sum(({ passed }) => passed)} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

if (import.meta.main) print();
