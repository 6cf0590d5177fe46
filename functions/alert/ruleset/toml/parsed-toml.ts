import { Problems, type Source } from '../problem.ts';
import { readToml, type TomlMember, type TomlTable, type TomlValue } from './toml.ts';

/** Parsed TOML files, by the SHA-256 of their text; in JSON its tables are arrays of members. */
export type ParsedToml = { readonly [sha256: string]: TomlTable };

/** Reads a TOML file; `null`, with a problem reported, if it is invalid. */
export type TomlRead = (source: Source, problems: Problems) => TomlTable | null;

/** Those of these that are TOML files, parsed. */
export function parsedToml(files: ReadonlyMap<string, string>, sha256: (text: string) => string): ParsedToml {
  const parsed: Record<string, TomlTable> = {};
  for (const [file, text] of files) {
    const table = file.endsWith('.toml') ? readToml({ file, text }, new Problems()) : null;
    if (table) parsed[sha256(text)] = table;
  }
  return parsed;
}

/**
 * Reads TOML from what `parsedToml` returned, after a round trip through JSON. A file with another text is a problem.
 */
export function tomlFrom(parsed: ParsedToml, sha256: (text: string) => string): TomlRead {
  return (source, problems) => {
    const table = parsed[sha256(source.text)];
    if (table) return thaw(table) as TomlTable;
    problems.at(source, 0, 'TomlSyntax', 'invalid TOML, or changed after it was published');
    return null;
  };
}

function thaw(value: TomlValue): TomlValue {
  if (value.kind === 'array') return { ...value, value: value.value.map(thaw) };
  if (value.kind !== 'table') return value;
  const members = [...value.value].map(([key, member]): [string, TomlMember] => [
    key,
    { keyAt: member.keyAt, value: thaw(member.value) },
  ]);
  return { ...value, value: new Map(members) };
}
