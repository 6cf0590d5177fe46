import { evaluateConstant } from '../eql/index.ts';
import { toJson } from '../logs/index.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert eval EXPRESSION
  prints the value of a constant EQL expression as JSON: registry-alert eval '7 / 3'`;

/** The first argument is the expression, whatever it begins with. */
export async function run([expression, ...rest]: readonly string[], io: Io): Promise<number> {
  if (expression === undefined) throw new UsageError('eval needs an expression');
  if (rest.length > 0) throw new UsageError('eval takes one expression; quote it for the shell');
  const value = evaluateConstant(expression);
  // JSON cannot represent the value of 1.0 / 0.
  const isBeyondJson = typeof value === 'number' && !Number.isFinite(value);
  await io.out(`${isBeyondJson ? value : toJson(value)}\n`);
  return 0;
}
