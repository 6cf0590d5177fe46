import type { JsonObject } from '../../eql/index.ts';
import type { Problems, Source } from '../problem.ts';
import type { Rule } from '../rule/rule.ts';

/** One event of `match.ndjson` or `quiet.ndjson`. */
export type EvidenceLine = { readonly number: number; readonly at: number; readonly document: JsonObject };

export type LastDocument = (records: readonly JsonObject[]) => JsonObject;

/** Reads one evidence file, one event a line: a record, or a list of records of one object of which it is the last. */
export function evidenceLines(
  rule: Rule,
  name: string,
  text: string | undefined,
  problems: Problems,
  lastDocument: LastDocument = records => records.at(-1)!,
) {
  const source: Source = { file: `${rule.folder}/${name}`, text: text ?? '' };
  const lines: EvidenceLine[] = [];
  let at = 0;
  for (const [index, line] of source.text.split('\n').entries()) {
    const records = line.trim() === '' ? undefined : recordsOf(line);
    if (records) lines.push({ number: index + 1, at, document: lastDocument(records) });
    else if (records === null)
      problems.at(source, at, 'EvidenceSyntax', `line ${index + 1} is not a JSON object`);
    at += line.length + 1;
  }
  if (text === undefined) problems.in(source.file, 'EvidenceMissing', `there is no ${name}`);
  else if (lines.length === 0) problems.in(source.file, 'EvidenceMissing', `${name} has no event`);
  return { source, lines };
}

function recordsOf(line: string): readonly JsonObject[] | null {
  try {
    const value: unknown = JSON.parse(line);
    const records: readonly unknown[] = Array.isArray(value) ? value : [value];
    const areObjects = records.every(one => typeof one === 'object' && one !== null && !Array.isArray(one));
    return records.length > 0 && areObjects ? (records as readonly JsonObject[]) : null;
  } catch {
    return null;
  }
}
