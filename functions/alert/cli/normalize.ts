import { DEFAULT_LIMITS, MAPPINGS, sourceOf, toJson } from '../logs/index.ts';
import { readFlags } from './flags.ts';
import { readLog } from './input/read-log.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert normalize [--mapping extended|elastic] [--source] PATH… | -
  prints each event as the rules see it after envelopes and other products' records were read, one ECS document a line,
  in the order of the input
  --mapping elastic  exactly as Elastic maps other products' records, without inferred fields
  --source           prints the name of the product and a tab first`;

/** Prints every event. Status 1: some could not be read. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { mapping: MAPPINGS, source: 'switch' });
  if (operands.length === 0) throw new UsageError('normalize needs a path, or - for standard input');
  let status = 0;
  for (const path of operands) {
    const { isWhole } = await readLog(path, io, () => ({
      literals: null,
      audit: true,
      limits: DEFAULT_LIMITS,
      mapping: flags.mapping ?? 'extended',
      onEvent: ({ document, index, source }) =>
        io.out(`${flags.source ? `${source ?? sourceOf(document, index)}\t` : ''}${toJson(document)}\n`),
    }));
    if (!isWhole) status = 1;
  }
  return status;
}
