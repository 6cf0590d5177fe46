import { linesOf, MATCH, WMI_RULE } from '../ruleset/rule-folder.ts';

export const QUIET: readonly string[] = linesOf(`${WMI_RULE}/quiet.ndjson`);

type Document = {
  readonly registry: { readonly path: string };
  readonly host: { readonly id: string; readonly os: object };
  readonly data_stream: object;
  readonly event: object;
};

/** The first match with other members; what is given replaces the member. */
export function matchWith(more: object, line: string = MATCH[0]!): string {
  return JSON.stringify({ ...(JSON.parse(line) as object), ...more });
}

export function jsonDocument(line: string): Document {
  return JSON.parse(line) as Document;
}

/** The same write again, a moment later: another event, and a repeat. */
export function repeatOf(line: string): string {
  return matchWith({ event: { ...jsonDocument(line).event, id: 'again', sequence: 999_999 } }, line);
}

/** An exception that accepts one of the matches, wherever else it may apply. */
export function exceptionFor(line: string, id: string, times: { created: string; expires: string }): string {
  const { host, registry } = jsonDocument(line);
  const path = registry.path.replaceAll('\\', '\\\\');
  return [
    '[[exception]]',
    `id = "${id}"`,
    'owner = "Endpoint engineering"',
    'reason = "The inventory agent; CHG-20417"',
    `created = ${times.created}`,
    `expires = ${times.expires}`,
    `condition = '''host.id == "${host.id}" and registry.path == "${path}"'''`,
    '',
  ].join('\n');
}

/** Days before or after today, as TOML has them: the local AWS dates objects by the clock. */
export function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
}
