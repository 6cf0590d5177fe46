import { Problems, quote, RuleError, type Source } from './problem.ts';
import { readToml, type TomlTable, type TomlValue } from './toml/toml.ts';

/** A rule as elastic/detection-rules publishes it, by key: lists as their items, everything else as text. */
export type UpstreamRule = {
  readonly id: string;
  readonly version: string | null;
  readonly keys: ReadonlyMap<string, string | readonly string[]>;
};

/**
 * Reads a rule's file for comparison with another version of it; `null`: the file has no `[rule]`.
 * @throws RuleError if it is not TOML.
 */
export function readUpstreamRule(source: Source): UpstreamRule | null {
  const problems = new Problems();
  const file = readToml(source, problems);
  if (!file) throw new RuleError(problems.found);
  const rule = tableOf(file, 'rule');
  if (!rule) return null;
  const keys = new Map([...rule.value].map(([key, { value }]) => [key, comparable(key, value)] as const));
  for (const [kind, { value }] of tableOf(file, 'transform')?.value ?? []) {
    keys.set(`transform.${kind}`, value.kind === 'array' ? value.value.map(labelOf) : textOf(value));
  }
  const text = (key: string) => rule.value.get(key)?.value;
  return {
    id: textOf(text('rule_id')),
    version: text('version') ? textOf(text('version')) : null,
    keys,
  };
}

/** The changes from one version of a rule to another, a line for each key; the version number itself is omitted. */
export function upstreamChanges(before: UpstreamRule, after: UpstreamRule): readonly string[] {
  const keys = new Set([...after.keys.keys(), ...before.keys.keys()]);
  keys.delete('version');
  const changes = [...keys].flatMap(key => {
    const [was, is] = [before.keys.get(key) ?? [], after.keys.get(key) ?? []];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    if (typeof was === 'string' && typeof is === 'string') {
      return [was.length + is.length <= 60 ? `${key}: ${quote(was)} to ${quote(is)}` : `${key} changed`];
    }
    if (typeof was === 'string' || typeof is === 'string') {
      return [`${key} ${was.length === 0 ? 'added' : is.length === 0 ? 'removed' : 'changed'}`];
    }
    const more = listed('+', is, was);
    const fewer = listed('-', was, is);
    return [`${key}: ${[more, fewer].filter(part => part !== '').join('; ') || 'another order'}`];
  });
  return isSameQuery(before, after)
    ? ['query unchanged', ...changes.filter(line => line !== 'query changed')]
    : changes;
}

/** Whether two versions ask the same, ignoring line breaks and spaces between words. */
export function isSameQuery(one: UpstreamRule, other: UpstreamRule): boolean {
  const [query, others] = [one, other].map(({ keys }) =>
    String(keys.get('query')).replaceAll(/\s+/g, ' ').trim(),
  );
  return query === others;
}

function listed(sign: string, items: readonly string[], others: readonly string[]): string {
  const own = items.filter(item => !others.includes(item));
  if (own.length === 0) return '';
  const shown = own.slice(0, 5).map(quote).join(', ');
  return `${sign}${own.length} ${shown}${own.length > 5 ? ', …' : ''}`;
}

function comparable(key: string, value: TomlValue): string | readonly string[] {
  if (key === 'threat') return idsIn(value);
  if (key === 'investigation_fields' && value.kind === 'table') {
    const names = value.value.get('field_names')?.value;
    return names?.kind === 'array' ? names.value.map(textOf) : textOf(value);
  }
  return value.kind === 'array' ? value.value.map(textOf) : textOf(value).trim();
}

/** The ids of tactics, techniques and sub-techniques. */
function idsIn(value: TomlValue): readonly string[] {
  if (value.kind === 'array') return [...new Set(value.value.flatMap(idsIn))];
  if (value.kind !== 'table') return [];
  return [...value.value].flatMap(([key, member]) =>
    key === 'id' ? [textOf(member.value)] : idsIn(member.value),
  );
}

function labelOf(value: TomlValue): string {
  return value.kind === 'table' ? textOf(value.value.get('label')?.value) : textOf(value);
}

function textOf(value: TomlValue | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'array') return `[${value.value.map(textOf).join(', ')}]`;
  if (value.kind === 'table')
    return `{${[...value.value].map(([key, one]) => `${key}=${textOf(one.value)}`).join(', ')}}`;
  return String(value.value);
}

function tableOf(file: TomlTable, key: string): TomlTable | null {
  const value = file.value.get(key)?.value;
  return value?.kind === 'table' ? value : null;
}
