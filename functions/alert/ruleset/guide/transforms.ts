import type { TableReader } from '../toml/table-reader.ts';
import type { TomlValue } from '../toml/toml.ts';
import type { GuideQuery } from './guide-blocks.ts';

/** A query that an Elastic guide asks its viewer to draw as a button; `null`: it cannot be written, see `reason`. */
export type Transform = {
  readonly label: string;
  readonly query: GuideQuery | null;
  readonly reason: string;
};

/** The transforms of a rule by kind, in the order in which `$osquery_0` and `$investigate_0` count them. */
export type Transforms = {
  readonly osquery: readonly Transform[];
  readonly investigate: readonly Transform[];
};

/** One term of an investigate button, as in the file or the text of a guide. */
type Term = {
  readonly field: string;
  readonly value: string;
  readonly valueType: string;
  readonly queryType: string;
  readonly excluded: boolean;
};

/** Reads `[transform]`: its `[[transform.osquery]]` and `[[transform.investigate]]`. */
export function readTransforms(file: TableReader): Transforms {
  const table = file.sub('transform');
  if (!table) return { osquery: [], investigate: [] };
  const osquery = table.subs('osquery').map(button => {
    button.require('label', 'query');
    const transform = osqueryOf(button.text('label') ?? '', button.text('query') ?? '');
    button.refuseOthers(['ecs_mapping']);
    return transform;
  });
  const investigate = table.subs('investigate').map(button => {
    button.require('label', 'providers');
    const label = button.text('label') ?? '';
    const providers = plain(button, button.list('providers') ?? []);
    const transform = investigateOf(label, providers, button.text('relativeFrom'), button.text('relativeTo'));
    button.refuseOthers(['description']);
    return transform;
  });
  table.refuseOthers();
  return { osquery, investigate };
}

/** The same from JSON inside the text of a guide: `!{osquery{…}}`, `!{investigate{…}}`, `!{insight{…}}`. */
export function transformOf(kind: string, json: unknown): Transform {
  const button = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const label = textOf(button['label']);
  if (kind === 'osquery') return osqueryOf(label, textOf(button['query']));
  const { relativeFrom, relativeTo } = button;
  return investigateOf(label, button['providers'], textOf(relativeFrom), textOf(relativeTo));
}

function osqueryOf(label: string, query: string): Transform {
  const text = query.trim();
  return { label, query: { language: 'osquery', label, text }, reason: '' };
}

/** Rows of terms: a document matches if every term of some row does. */
function investigateOf(label: string, rows: unknown, from?: string, to?: string): Transform {
  const written = Array.isArray(rows) ? rows.map(row => (Array.isArray(row) ? row.map(kqlOf) : [null])) : [];
  if (written.length === 0 || written.some(row => row.length === 0 || row.includes(null))) {
    return { label, query: null, reason: 'its providers are not all phrases or existence tests' };
  }
  const groups = written.map(row => row.join(' and '));
  const text = groups.length === 1 ? groups[0]! : groups.map(terms => `(${terms})`).join(' or ');
  const investigate = { groups, from: from ?? '', to: to || 'now' };
  return { label, query: { language: 'kql', label, text, investigate }, reason: '' };
}

function kqlOf(term: unknown): string | null {
  const { field, value, valueType, queryType, excluded } = termOf(term);
  if (!/^[\w@.-]+$/.test(field)) return null;
  const not = excluded ? 'not ' : '';
  if (queryType === 'exists') return `${not}${field} : *`;
  if (queryType !== 'phrase') return null;
  return `${not}${field} : ${literalOf(value, valueType)}`;
}

function literalOf(value: string, valueType: string): string {
  if (/^\{\{[^{}]+\}\}$/.test(value)) return value;
  if (/^(number|long|integer|boolean)$/.test(valueType) && /^(-?\d+(\.\d+)?|true|false)$/.test(value))
    return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function termOf(term: unknown): Term {
  const given = (typeof term === 'object' && term !== null ? term : {}) as Record<string, unknown>;
  return {
    field: textOf(given['field']),
    value: textOf(given['value']),
    valueType: textOf(given['valueType']),
    queryType: textOf(given['queryType']),
    excluded: given['excluded'] === true,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The providers of a TOML file as plain values: rows of tables. */
function plain(button: TableReader, rows: readonly TomlValue[]): unknown {
  return rows.map(row => {
    if (row.kind !== 'array') {
      button.report(row.at, 'WrongType', 'providers takes lists of tables');
      return [];
    }
    return row.value.map(term =>
      term.kind === 'table'
        ? Object.fromEntries([...term.value].map(([key, { value }]) => [key, value.value]))
        : null,
    );
  });
}
