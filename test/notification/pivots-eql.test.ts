import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { type PivotName, pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { HOSTILE } from './hostile-texts.ts';
import { type Differences, pivotAlert } from './pivot-fixture.ts';

type Row = readonly [document: { readonly [field: string]: string | readonly string[] }, isHit: boolean];

/** Compiles every EQL query of a name with the engine of the rules; they are few enough to be one query's. */
function queriesOf(differences: Differences, name?: PivotName) {
  return pivots(pivotAlert(differences), 'en').flatMap(pivot =>
    pivot.language === 'EQL' && pivot.text !== null && (name === undefined || pivot.name === name)
      ? [compileQuery(pivot.text, { readField })]
      : [],
  );
}

function check(differences: Differences, name: PivotName, rows: readonly Row[]): void {
  const queries = queriesOf(differences, name);
  expect(queries).toHaveLength(1);
  for (const [document, isHit] of rows) {
    expect([document, queries[0]!.matches(document)]).toEqual([document, isHit]);
  }
}

const HOST = '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11';
const REQUESTER = 'cmVxdWVzdGVyLTYxMjA=';
const base = { 'host.id': HOST, '@timestamp': '2026-11-24T03:00:00.000Z' };
const start = { ...base, 'event.category': ['process'], 'event.type': ['start', 'end'] };

describe('the EQL queries', () => {
  it('find the process of the program', () => {
    check({}, 'did-it-run', [
      [{ ...start, 'process.executable': 'c:\\users\\public\\UP.EXE' }, true],
      [{ ...start, 'process.executable': 'C:\\Users\\Public\\up2.exe' }, false],
      [{ ...start, 'process.executable': 'C:\\Users\\Public\\up.exe', 'host.id': 'another' }, false],
      [{ ...start, 'process.executable': 'C:\\Users\\Public\\up.exe', 'event.category': 'file' }, false],
      [
        {
          ...start,
          'process.executable': 'C:\\Users\\Public\\up.exe',
          '@timestamp': '2026-11-24T02:00:00.000Z',
        },
        false,
      ],
    ]);
  });
  it('find the load of a DLL', () => {
    const differences = {
      location: { payload: 'dll' },
      facts: { program: null },
      registry: { data: ['C:\\T\\evil.dll'] },
    } as const;
    check(differences, 'did-it-run', [
      [{ ...base, 'event.category': 'library', 'dll.path': 'c:\\t\\EVIL.dll' }, true],
      [{ ...base, 'event.category': 'library', 'dll.path': 'C:\\T\\other.dll' }, false],
    ]);
  });
  it('find the tree, the network and the other writes of the requester', () => {
    check({}, 'tree', [
      [{ ...start, 'process.Ext.ancestry': ['x', REQUESTER] }, true],
      [{ ...start, 'process.entity_id': 'x' }, false],
    ]);
    check({}, 'network', [
      [{ ...base, 'event.category': 'network', 'process.entity_id': REQUESTER }, true],
      [{ ...base, 'event.category': 'dns', 'process.entity_id': REQUESTER }, true],
      [{ ...base, 'event.category': 'file', 'process.entity_id': REQUESTER }, false],
    ]);
    const write = { ...base, 'event.category': 'registry', 'event.type': 'change' };
    check({}, 'registry-writes', [
      [{ ...write, 'Effective_process.entity_id': REQUESTER }, true],
      [{ ...write, 'process.entity_id': REQUESTER }, false],
    ]);
  });
  it('find the same value elsewhere', () => {
    const write = { ...base, 'event.category': 'registry', 'registry.value': 'Updater' };
    const data = { 'registry.data.strings': ['C:\\Users\\Public\\up.exe -s'] };
    check({}, 'prevalence', [
      [{ ...write, ...data, 'host.id': 'another' }, true],
      [{ ...write, ...data }, false],
      [{ ...write, 'host.id': 'another', 'registry.data.strings': ['x'] }, false],
    ]);
  });
  it('leave fields out that Endgame has not', () => {
    expect(queriesOf({ event: { 'event.module': 'endgame' } })).toHaveLength(5);
  });
});

describe('a hostile text in EQL', () => {
  it.each(HOSTILE.filter(text => text.trim() !== ''))('finds itself and nothing else: %j', text => {
    const differences = { registry: { value: text, data: [text] }, facts: { hostId: text, program: text } };
    const write = {
      ...base,
      'event.category': 'registry',
      'registry.value': text,
      'registry.data.strings': text,
    };
    check(differences, 'prevalence', [
      [{ ...write, 'host.id': 'another' }, true],
      [{ ...write, 'host.id': text }, false],
      [{ ...write, 'host.id': 'another', 'registry.value': `${text}x` }, false],
      [{ ...write, 'host.id': 'another', 'registry.data.strings': `x${text}` }, false],
    ]);
  });
});
