import type { Explained } from '../detection/index.ts';
import type { Clause } from '../eql/index.ts';
import { DEFAULT_LIMITS, type LogEvent } from '../logs/index.ts';
import { encode } from '../notification/index.ts';
import { checkoutRules, eventContextOf } from '../pipeline/index.ts';
import { readFlags } from './flags.ts';
import { asOfOf, fileFacts } from './input/as-of.ts';
import { loadDetector } from './input/load-detector.ts';
import { readLog } from './input/read-log.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert explain --record N [--rules DIR] [--as-of TIME] PATH | -
  shows why record N (from 1) does or does not alert: every condition of the query, the value seen, the first condition
  that decides, the exception or the foreign index that suppresses a match, and which values the record itself lacks;
  --rules as for scan`;

/** Explains one record by every rule. Status 1: no such record, no event, a refused rule, or an incomplete read. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { record: 'text', rules: 'text', 'as-of': 'time' });
  const [path, ...more] = operands;
  if (path === undefined || more.length > 0)
    throw new UsageError('explain needs one path, or - for standard input');
  if (!/^[1-9]\d{0,15}$/.test(flags.record ?? ''))
    throw new UsageError('explain needs --record and a number from 1');
  const { detector, isWhole: areAllRules } = loadDetector(flags.rules ?? checkoutRules(), io);
  const wanted = Number(flags.record);
  const found: string[] = [];
  const { report, isWhole } = await readLog(path, io, input => {
    const asOfMs = asOfOf(input, flags['as-of']);
    const object = fileFacts(input, asOfMs);
    return {
      literals: null,
      audit: true,
      limits: DEFAULT_LIMITS,
      onEvent: event => {
        if (event.record !== wanted) return;
        const all = detector.explain(event.document, eventContextOf(event, object, asOfMs));
        found.push(...all.map(explained => textOf(explained, event.inferred)));
      },
    };
  });
  for (const text of found) await io.out(text);
  if (found.length > 0) return isWhole && areAllRules ? 0 : 1;
  if (report === null) return 1;
  const skipped = report.positions.find(position => position.record === wanted);
  io.err(
    skipped
      ? `${path}: record ${wanted} at byte ${skipped.offset} was skipped [${skipped.code}]\n`
      : `${path}: ${wanted > report.records ? 'there is no record' : 'no event in record'} ${wanted}; ${report.records} records were read${report.code === null ? '' : ` before ${report.code}`}\n`,
  );
  return 1;
}

type Inferred = LogEvent['inferred'];

function textOf({ rule, explanation, verdict, osTypeFrom }: Explained, inferred: Inferred): string {
  const { matches, clauses, decidedBy } = explanation;
  const lines = clauses.map((clause, index) => {
    const mark = !matches && index === decidedBy ? '>' : ' ';
    return `${mark} ${clause.result.padEnd(7)} ${conditionOf(clause)}\n            ${valuesOf(clause, inferred)}`;
  });
  const decision = matches
    ? `MATCHES: every condition holds${whyQuiet(verdict)}`
    : `does not match: condition ${decidedBy + 1} decides (marked >)`;
  const from = osTypeFrom === null ? '' : `\n  host.os.type is taken from ${osTypeFrom}`;
  return `${rule.folder}: ${decision}${from}\n${lines.join('\n')}\n\n`;
}

function whyQuiet(verdict: Explained['verdict']): string {
  if (verdict?.kind === 'excepted') {
    const { id, owner, expires } = verdict.exception;
    return `, but exception ${id} of ${encode(owner, 100)} accepts it until ${expires}`;
  }
  if (verdict?.kind === 'other-index') return ', but its index is not one of the rule, so no alert';
  return '';
}

/** A list of 48 patterns is shown as the one that matched, or the first. */
function conditionOf({ source, matched }: Clause): string {
  const flat = source.replace(/\s+/g, ' ');
  if (flat.length <= 160) return flat;
  const hits = matched.map(hit => `${hit.position}: ${String(hit.constant)}`).join(', ');
  return `${flat.slice(0, 150)}…${hits ? `  (matched ${hits})` : ''}`;
}

const ORIGINS: Readonly<Record<Inferred[number]['from'], string>> = {
  spelling: 'inferred: another spelling',
  system: 'inferred: the product runs on it alone',
  'process-record': 'inferred: from an earlier process record',
};

function valuesOf({ field, values }: Clause, inferred: Inferred): string {
  if (values.length === 0) return field === undefined ? '' : `${field}: no value in the record`;
  const shown = values.slice(0, 5).map(value => {
    const origin = inferred.find(one => one.field === field && one.value === value);
    return `${encode(String(value), 300)}${origin ? ` (${ORIGINS[origin.from]})` : ''}`;
  });
  return `${field ?? 'values'}: ${shown.join(' | ')}${values.length > 5 ? ` and ${values.length - 5} more` : ''}`;
}
