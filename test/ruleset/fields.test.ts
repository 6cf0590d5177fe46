import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fieldKnowledge } from '../../functions/alert/ruleset/fields.ts';

const { isKnown, suggest } = fieldKnowledge(['acme.ticket']);

it.each([
  '@timestamp',
  'host.os.type',
  'registry.data.strings',
  'Effective_process.executable',
  'process.Ext.token.integrity_level_name',
  'process.parent.code_signature.subject_name',
  'process.entry_leader.entry_meta.type',
  'file.Ext.original.path',
  'dll.Ext.relative_file_creation_time',
  'dns.question.name',
  'winlog.event_data.TargetUserName',
  'labels.anything',
  'acme.ticket',
])('knows %s', path => {
  expect(isKnown(path)).toBe(true);
});

it.each([
  ['registry.pth', 'registry.path'],
  ['registry.data.string', 'registry.data.strings'],
  ['host.os.typ', 'host.os.type'],
  ['proces.name', 'process.name'],
  ['effective_process.name', 'Effective_process.name'],
  ['process.name.caseless', 'process.name'],
  ['process.command_line.text', 'process.command_line'],
  ['acme.tiket', 'acme.ticket'],
  ['qqqqqqqqqqqq', undefined],
  ['__proto__', undefined],
  ['constructor', undefined],
])('does not know %s', (path, near) => {
  expect(isKnown(path)).toBe(false);
  expect(suggest(path)).toBe(near);
});

const LIST = '../shared/data/events/defend_registry_fields.yml';
type FieldEntry = { readonly name: string; readonly fields?: readonly FieldEntry[] };

describe.skipIf(!existsSync(LIST))("Elastic Defend's own list of registry events", () => {
  it('has no field that is not known', () => {
    const leaves = (entries: readonly FieldEntry[], prefix = ''): string[] =>
      entries.flatMap(({ name, fields }) =>
        fields ? leaves(fields, `${prefix}${name}.`) : [`${prefix}${name}`],
      );
    const paths = leaves(parse(readFileSync(LIST, 'utf8')) as FieldEntry[]);
    const unknown = paths.filter(path => !isKnown(path));
    // These are objects: what a rule may name is below them.
    expect(unknown.filter(path => !paths.some(other => other.startsWith(`${path}.`)))).toEqual([]);
  });
});
