import { literalsWith } from '../detection/index.ts';
import { compileQuery, type JsonObject } from '../eql/index.ts';
import { DEFAULT_LIMITS, rawForms, readField, toJson } from '../logs/index.ts';
import { fieldKnowledge } from '../ruleset/index.ts';
import { readFlags } from './flags.ts';
import { readLog } from './input/read-log.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert match [--category-field NAME] [--timestamp-field NAME] [--case-folding ascii|unicode] QUERY PATH… | -
  prints the event documents for which the EQL event query is true, one JSON object a line, in the order of the input; a field that looks misspelt
  is reported`;

const FLAGS = {
  'category-field': 'text',
  'timestamp-field': 'text',
  'case-folding': ['ascii', 'unicode'],
} as const;

/** Held at most, beside twice what the first pipe keeps: it is applied to what has come so far, again and again. */
const MOST_HELD = 4096;

/** Streams the matching documents; only `| tail n`, and `| head n` by time, hold some in memory. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, FLAGS);
  const [text, ...paths] = operands;
  if (text === undefined || paths.length === 0)
    throw new UsageError('match needs a query and a path, or - for standard input');
  const query = compileQuery(text, {
    readField,
    allowPipes: true,
    ...(flags['category-field'] ? { categoryField: flags['category-field'] } : {}),
    ...(flags['case-folding'] ? { caseFolding: flags['case-folding'] } : {}),
  });
  const fields = fieldKnowledge([]);
  for (const field of query.fields.filter(field => !fields.isKnown(field))) {
    const near = fields.suggest(field);
    if (near !== undefined) io.err(`registry-alert: ${field} is no known field; did you mean ${near}?\n`);
  }
  const print = (document: JsonObject): Promise<void> => io.out(`${toJson(document)}\n`);
  const literals = literalsWith(query, rawForms('extended'));
  const timestampField = flags['timestamp-field'] ?? '@timestamp';
  let held: JsonObject[] = [];
  const [first] = query.pipes;
  let status = 0;
  for (const path of paths) {
    const { isWhole } = await readLog(path, io, () => ({
      literals,
      limits: DEFAULT_LIMITS,
      onEvent: ({ document }) => {
        if (!query.matches(document)) return undefined;
        if (first === undefined) return print(document);
        held.push(document);
        if (held.length > 2 * first.count + MOST_HELD)
          held = [...query.throughPipes(held, timestampField, 1)];
        return undefined;
      },
    }));
    if (!isWhole) status = 1;
  }
  for (const document of query.throughPipes(held, timestampField)) await print(document);
  return status;
}
