import type { JsonObject } from '../../eql/index.ts';
import type { Problems, Source } from '../problem.ts';
import type { Rule } from '../rule/rule.ts';

/** One event of `match.ndjson` or `quiet.ndjson`. */
export type EvidenceLine = { readonly number: number; readonly at: number; readonly document: JsonObject };

/** Reads one file of evidence, one event a line. */
export function evidenceLines(rule: Rule, name: string, text: string | undefined, problems: Problems) {
  const source: Source = { file: `${rule.folder}/${name}`, text: text ?? '' };
  const lines: EvidenceLine[] = [];
  let at = 0;
  for (const [index, line] of source.text.split('\n').entries()) {
    const document = line.trim() === '' ? undefined : parsed(line);
    if (document) lines.push({ number: index + 1, at, document });
    else if (document === null)
      problems.at(source, at, 'EvidenceSyntax', `line ${index + 1} is no JSON object`);
    at += line.length + 1;
  }
  if (text === undefined) problems.in(source.file, 'EvidenceMissing', `there is no ${name}`);
  else if (lines.length === 0) problems.in(source.file, 'EvidenceMissing', `${name} has no event`);
  return { source, lines };
}

function parsed(line: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    return null;
  }
}
