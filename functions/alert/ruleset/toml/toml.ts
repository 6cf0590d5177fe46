import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Problems, Source } from '../problem.ts';

/** A value of a TOML file with its offset in the text. A table is a `Map`, so that no key is special. */
export type TomlValue = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number; readonly isInteger: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** As written: `2026-11-24` or `2026-11-24T02:48:10Z`. */
  | { readonly kind: 'time'; readonly value: string }
  | { readonly kind: 'array'; readonly value: readonly TomlValue[] }
  | { readonly kind: 'table'; readonly value: ReadonlyMap<string, TomlMember> }
);

export type TomlMember = { readonly keyAt: number; readonly value: TomlValue };

export type TomlTable = Extract<TomlValue, { kind: 'table' }>;

/** Reads a TOML file; `null`, with a problem reported, if it is invalid. */
export function readToml(source: Source, problems: Problems): TomlTable | null {
  try {
    return tableOf(parseTOML(source.text, { tomlVersion: '1.0' }).body[0]);
  } catch (error) {
    // Anything else is the parser's own failure, such as nesting beyond its stack.
    const at = error instanceof ParseError ? error.index : 0;
    const reason = source.text.startsWith('\uFEFF')
      ? 'the file begins with a byte order mark; save it as UTF-8 without one'
      : error instanceof Error
        ? error.message
        : String(error);
    problems.at(source, at, 'TomlSyntax', `invalid TOML: ${reason}`);
    return null;
  }
}

type Members = Map<string, TomlMember>;

/** Tables and arrays while they are filled; `[[a]]` appends to an array, `[a.b]` opens a table in its last element. */
type Open = { at: number; end: number; kind: 'table'; value: Members };

function tableOf(top: AST.TOMLTopLevelTable): TomlTable {
  const root: Open = { at: 0, end: top.range[1], kind: 'table', value: new Map() };
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') assign(root, node);
    else {
      const table = openTable(root, node);
      for (const member of node.body) assign(table, member);
    }
  }
  return root;
}

function openTable(root: Open, node: AST.TOMLTable): Open {
  let table = root;
  const { keys } = node.key;
  for (const [index, key] of keys.entries()) {
    const isArrayEntry = node.kind === 'array' && index === keys.length - 1;
    table = enter(table, nameOf(key), key.range[0], node.range[1], isArrayEntry);
  }
  return table;
}

function enter(table: Open, name: string, at: number, end: number, isArrayEntry: boolean): Open {
  const present = table.value.get(name)?.value;
  if (!isArrayEntry && present?.kind === 'table') return present as Open;
  if (!isArrayEntry && present?.kind === 'array') return present.value.at(-1) as Open;
  const opened: Open = { at, end, kind: 'table', value: new Map() };
  if (!isArrayEntry) table.value.set(name, { keyAt: at, value: opened });
  else if (present?.kind === 'array') (present.value as TomlValue[]).push(opened);
  else table.value.set(name, { keyAt: at, value: { at, end, kind: 'array', value: [opened] } });
  return opened;
}

function assign(into: Open, node: AST.TOMLKeyValue): void {
  const { keys } = node.key;
  let table = into;
  for (const key of keys.slice(0, -1)) {
    table = enter(table, nameOf(key), key.range[0], node.range[1], false);
  }
  const last = keys.at(-1)!;
  table.value.set(nameOf(last), { keyAt: last.range[0], value: readValue(node.value) });
}

function readValue(node: AST.TOMLContentNode): TomlValue {
  const [at, end] = node.range;
  if (node.type === 'TOMLArray') return { at, end, kind: 'array', value: node.elements.map(readValue) };
  if (node.type === 'TOMLInlineTable') {
    const table: Open = { at, end, kind: 'table', value: new Map() };
    for (const member of node.body) assign(table, member);
    return table;
  }
  switch (node.kind) {
    case 'string':
      return { at, end, kind: 'string', value: node.value };
    case 'boolean':
      return { at, end, kind: 'boolean', value: node.value };
    case 'integer':
    case 'float':
      return { at, end, kind: 'number', value: Number(node.value), isInteger: node.kind === 'integer' };
    default:
      return { at, end, kind: 'time', value: node.datetime };
  }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

/**
 * Offset in the file of an offset in a string's value. Exact for strings without escapes, which is how queries are
 * written; otherwise the beginning of the string.
 */
export function offsetInside(source: Source, value: TomlValue & { kind: 'string' }, offset: number): number {
  const written = source.text.slice(value.at, value.end);
  const start = /^('''|"""|'|")(\r?\n)?/.exec(written)?.[0].length ?? 0;
  const body = written.slice(start);
  if (body.startsWith(value.value)) return value.at + start + offset;
  // The parser returns every line break as one character.
  if (!body.replaceAll('\r\n', '\n').startsWith(value.value)) return value.at;
  const breaks = value.value.slice(0, offset).split('\n').length - 1;
  return value.at + start + offset + breaks;
}
