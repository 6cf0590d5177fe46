import { type Problems, type Source, unknownName } from '../problem.ts';
import { offsetInside, type TomlValue } from '../toml/toml.ts';

/** Names a guide or a location may use besides the fields of an event; notification/ gives each its sentence. */
const PLACEHOLDERS = [
  'host', 'owner', 'requester', 'writer', 'program', 'data', 'service', 'location', 'key', 'value', 'type', 'time',
  'window48h', 'history', 'lag',
  'query.did-it-run', 'query.tree', 'query.network', 'query.registry-writes', 'query.prevalence', 'query.alerts-48h',
  'query.file-origin', 'query.remote', 'query.who-is-sid', 'query.still-there', 'query.hash', 'query.previous-value',
  'query.remove', 'query.evidence',
] as const; // biome-ignore format: one look

export type IsKnownField = (path: string) => boolean;

/** Reports every `{{name}}` in a string of a TOML file that is neither a placeholder nor a field. */
export function checkPlaceholders(
  source: Source,
  value: TomlValue | undefined,
  problems: Problems,
  isKnownField: IsKnownField,
): void {
  if (value?.kind !== 'string') return;
  for (const { at, message } of wrongPlaceholders(value.value, isKnownField)) {
    problems.at(source, offsetInside(source, value, at), 'UnknownPlaceholder', message);
  }
}

/** The same for a whole text. */
export function checkPlaceholdersOf(source: Source, problems: Problems, isKnownField: IsKnownField): void {
  for (const { at, message } of wrongPlaceholders(source.text, isKnownField)) {
    problems.at(source, at, 'UnknownPlaceholder', message);
  }
}

/** Every `{{…}}` of a text that cannot be filled in, with its offset and length. */
export function wrongPlaceholders(
  text: string,
  isKnownField: IsKnownField,
): { readonly at: number; readonly length: number; readonly message: string }[] {
  return [...text.matchAll(/\{\{([^{}\n]*)\}\}|\{\{|\}\}/g)].flatMap(found => {
    const [written, name] = found;
    const place = { at: found.index, length: written.length };
    if (name === undefined) return [{ ...place, message: 'write a placeholder as {{name}}, on one line' }];
    if ((PLACEHOLDERS as readonly string[]).includes(name) || isKnownField(name)) return [];
    const message = unknownName('placeholder', name, PLACEHOLDERS);
    const advice = message.includes(';') ? '' : '; docs/rules.md lists them';
    return [{ ...place, message: `${message}${advice}` }];
  });
}
