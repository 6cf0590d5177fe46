import { Problems, type Source } from '../problem.ts';
import { readToml, type TomlMember, type TomlTable, type TomlValue } from './toml.ts';

type Sha256 = (text: string) => string;

/** TOML files of one folder already read, by the hash of their text. */
type Frozen = { readonly [sha256: string]: TomlTable };

/**
 * The TOML files of a folder as JSON text for `tomlReader`: to read TOML takes half of a cold start, to read this takes
 * none of it. By the hash of a text, so that a file changed afterwards is never judged by what it was.
 */
export function freezeToml(files: ReadonlyMap<string, string>, sha256: Sha256): string {
  const frozen: Record<string, TomlTable> = {};
  for (const [file, text] of files) {
    const table = file.endsWith('.toml') ? readToml({ file, text }, new Problems()) : null;
    if (table) frozen[sha256(text)] = table;
  }
  return JSON.stringify(frozen, (_, member) => (member instanceof Map ? [...member] : member));
}

/** Reads TOML, from what `freezeToml` gave where that has the same text. */
export function tomlReader(
  frozen: string | null,
  sha256: Sha256,
): (source: Source, problems: Problems) => TomlTable | null {
  if (frozen === null) return readToml;
  const tables = JSON.parse(frozen) as Frozen;
  return (source, problems) => {
    const table = tables[sha256(source.text)];
    return table ? (thaw(table) as TomlTable) : readToml(source, problems);
  };
}

/** Makes maps of tables again; a reviver of `JSON.parse`, which visits every member, took ten times as long. */
function thaw(frozen: TomlValue): TomlValue {
  if (frozen.kind === 'array') return { ...frozen, value: frozen.value.map(thaw) };
  if (frozen.kind !== 'table') return frozen;
  const members = [...frozen.value].map(([key, { keyAt, value }]): [string, TomlMember] => [
    key,
    { keyAt, value: thaw(value) },
  ]);
  return { ...frozen, value: new Map(members) };
}
