import type { Condition, Query, ReadField } from '../../eql/index.ts';
import { compileCondition, compileQuery, EqlError } from '../../eql/index.ts';
import { type CompileCondition, withStrings } from '../exceptions.ts';
import type { fieldKnowledge } from '../fields.ts';
import { quote } from '../problem.ts';
import type { TableReader } from '../toml/table-reader.ts';

export type QueryOptions = {
  readonly readField: ReadField;
  readonly categoryField: string;
  readonly caseFolding: 'ascii' | 'unicode';
  readonly fields: ReturnType<typeof fieldKnowledge>;
};

/** Compiles the query of a rule; each of its errors is reported at its position in the file. */
export function compileRuleQuery(rule: TableReader, key: string, options: QueryOptions): Query | null {
  const text = rule.words(key);
  if (text === undefined || text.trim() === '') return null;
  const [, kind] = /^\s*(sequence|sample|join)\b/.exec(text) ?? [];
  if (kind !== undefined) {
    const name = quote(rule.text('name') ?? '');
    const message = `${name} is a ${kind} over several events; only EQL event queries run here`;
    rule.wrongInside(key, text.indexOf(kind), message, 'NotEventQuery');
    return null;
  }
  return reporting(rule, key, () => compileQuery(text, { ...engineOptions(options), allowPipes: false }));
}

/** The same for the condition of an exception. */
export function conditionCompiler(options: QueryOptions): CompileCondition {
  return (table, key, strings): Condition | null => {
    const condition = reporting(table, key, () =>
      compileCondition(table.text(key) ?? '', engineOptions(options)),
    );
    return condition && withStrings(condition, strings, options.readField);
  };
}

function engineOptions({ readField, categoryField, caseFolding, fields }: QueryOptions) {
  return {
    readField,
    categoryField,
    caseFolding,
    knownField: fields.isKnown,
    suggestField: fields.suggest,
  };
}

function reporting<Compiled>(table: TableReader, key: string, compile: () => Compiled): Compiled | null {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof EqlError)) throw error;
    for (const { span, message, code } of error.errors.length > 0 ? error.errors : [error]) {
      table.wrongInside(key, span.start, message, code);
    }
    return null;
  }
}
