import type { Clause, JsonObject, Rule } from '../detection/index.ts';
import { deskRules, loadRules } from '../load-rules.ts';
import { DEFAULT_LIMITS } from '../logs/read-events.ts';
import { encode } from '../notification/index.ts';
import { readFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { readLog } from './read-log.ts';

export const usage = `registry-alert explain --record N [--rules DIR] PATH | -
  tells why record N (from 1) does or does not match: every condition of the query, the value seen, and the first
  condition that decides`;

/** Explains one record by every rule. Status 1: there is no such record, it is no event, or not all could be read. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { record: 'text', rules: 'text' });
  const [path, ...more] = operands;
  if (path === undefined || more.length > 0)
    throw new UsageError('explain needs one path, or - for standard input');
  if (!/^[1-9]\d{0,15}$/.test(flags.record ?? ''))
    throw new UsageError('explain needs --record and a number from 1');
  const rules = loadRules(flags.rules ?? deskRules());
  const wanted = Number(flags.record);
  const documents: JsonObject[] = [];
  const { report, isWhole } = await readLog(path, io, () => ({
    literals: null,
    audit: true,
    limits: DEFAULT_LIMITS,
    onEvent: event => {
      if (event.record === wanted) documents.push(event.document);
    },
  }));
  for (const document of documents) {
    for (const rule of rules) await io.out(explainBy(rule, document));
  }
  if (documents.length > 0) return isWhole ? 0 : 1;
  if (report === null) return 1;
  const skipped = report.positions.find(position => position.record === wanted);
  io.err(
    skipped
      ? `${path}: record ${wanted} at byte ${skipped.offset} was skipped [${skipped.code}]\n`
      : `${path}: record ${wanted} is no event; there are ${report.records} records${report.code === null ? '' : ` before ${report.code}`}\n`,
  );
  return 1;
}

function explainBy(rule: Rule, document: JsonObject): string {
  const { matches, clauses, decidedBy } = rule.query.explain(document);
  const lines = clauses.map((clause, index) => {
    const mark = !matches && index === decidedBy ? '>' : ' ';
    return `${mark} ${clause.result.padEnd(7)} ${conditionOf(clause)}\n            ${valuesOf(clause)}`;
  });
  const decision = matches
    ? 'MATCHES: every condition holds'
    : `does not match: condition ${decidedBy + 1} decides (marked >)`;
  return `${rule.folder}: ${decision}\n${lines.join('\n')}\n\n`;
}

/** A list of 48 patterns is shown by the one that matched, or by its first. */
function conditionOf({ source, matched }: Clause): string {
  const flat = source.replace(/\s+/g, ' ');
  if (flat.length <= 160) return flat;
  const hits = matched.map(hit => `${hit.position}: ${String(hit.constant)}`).join(', ');
  return `${flat.slice(0, 150)}…${hits ? `  (matched ${hits})` : ''}`;
}

function valuesOf({ field, values }: Clause): string {
  if (values.length === 0) return field === undefined ? '' : `${field}: no value in the record`;
  const shown = values.slice(0, 5).map(value => encode(String(value), 300));
  return `${field ?? 'values'}: ${shown.join(' | ')}${values.length > 5 ? ` and ${values.length - 5} more` : ''}`;
}
