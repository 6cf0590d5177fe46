import { describe, expect, it } from 'vitest';
import { pivots } from '../../functions/alert/notification/queries/pivots.ts';
import type { Location } from '../../functions/alert/ruleset/index.ts';
import { ask, type Differences, pivotAlert } from './pivot-fixture.ts';
import { base, change, check } from './pivot-hits.ts';

const facts = { program: null };
const writing = (payload: Location['payload'], data: string): Differences => ({
  location: { payload },
  facts,
  registry: { data: [data] },
});
const start = { ...base, 'event.category': ['process'], 'event.type': ['start', 'end'] };
const load = { ...base, 'event.category': 'library' };
const loaded = (path: string) => ({ ...load, 'dll.path': path });
const ran = (executable: string) => ({ ...start, 'process.executable': executable });
const REQUESTER = 'cmVxdWVzdGVyLTYxMjA=';

describe('did it run', () => {
  it('finds the process by its file, whatever the case, on this host, from the event on', () => {
    const up = ran('C:\\Users\\Public\\up.exe');
    const misses = [
      ran('C:\\Users\\Public\\up.exe.bak'),
      { ...up, 'host.id': 'another' },
      { ...up, 'event.type': 'end' },
      { ...up, '@timestamp': '2026-11-24T02:00:00.000Z' },
      { ...up, '@timestamp': '2027-01-24T02:00:00.000Z' },
    ];
    check({}, 'did-it-run', [ran('c:\\users\\PUBLIC\\up.exe')], misses);
    check({}, 'did-it-run', [], [{ ...up, 'event.category': 'file' }], ['EQL']);
  });
  it('looks for the load of a DLL', () => {
    const path = 'C:\\ProgramData\\evil.dll';
    check(writing('dll', path), 'did-it-run', [loaded(path)], [{ ...load, 'dll.name': 'evil.dll' }]);
  });
  it('looks for the load of a DLL by its name when the path has variables', () => {
    const named = (name: string) => ({ ...load, 'dll.name': name });
    check(writing('dll', '%APPDATA%\\evil.dll'), 'did-it-run', [named('evil.dll')], [named('other.dll')]);
  });
  it('looks for the load of a driver', () => {
    const driver = writing('service-program', '\\SystemRoot\\System32\\drivers\\evil.sys');
    check(driver, 'did-it-run', [loaded('C:\\Windows\\System32\\drivers\\evil.sys')]);
  });
  it('reads both forms of a RunOnceEx entry', () => {
    check(writing('runonceex', 'C:\\T\\evil.dll|Run|a'), 'did-it-run', [loaded('C:\\T\\evil.dll')]);
    check(writing('runonceex', '||C:\\T\\evil.exe a|b'), 'did-it-run', [ran('C:\\T\\evil.exe')]);
  });
  it('looks for each program of a shell but Explorer', () => {
    const explorer = { ...start, 'process.name': 'explorer.exe' };
    const shell = writing('shell', 'explorer.exe, C:\\T\\evil.exe');
    check(shell, 'did-it-run', [ran('C:\\T\\evil.exe')], [explorer]);
  });
  it('looks for a script among the arguments', () => {
    const script = 'C:\\T\\evil.vbs';
    const wscript = { ...start, 'process.name': 'wscript.exe', 'process.args': ['wscript.exe', script] };
    check({ ...writing('script', script), facts: { program: script } }, 'did-it-run', [wscript]);
  });
  it('looks for each program of a chain of commands', () => {
    const registry = { data: ['C:\\T\\evil.exe -q & "C:\\T t\\b.exe" | exit'] };
    const chain = { registry, location: { payload: 'cmd-line' } } as const;
    check(chain, 'did-it-run', [ran('C:\\T\\evil.exe'), ran('C:\\T t\\b.exe')]);
    expect(ask(chain, 'hash')).toMatchObject([{ text: null }]);
  });
  it('looks for the name where the path has variables', () => {
    const registry = { data: ['"%TEMP%\\evil.exe" -s'] };
    check({ registry, facts }, 'did-it-run', [{ ...start, 'process.name': 'EVIL.exe' }]);
  });
  it('looks for each string of a REG_MULTI_SZ', () => {
    const registry = { type: 'REG_MULTI_SZ', data: ['C:\\a.exe 1', 'C:\\b.exe 2'] };
    check({ registry, facts }, 'did-it-run', [ran('C:\\b.exe')], [ran('C:\\c.exe')]);
  });
  it('compares a text with wildcards exactly in EQL, where they have no escape', () => {
    const [query] = ask({ registry: { data: ['cmd /c dir *.exe'] }, facts }, 'did-it-run', 'EQL');
    expect(query?.text).toContain('?process.args == "*.exe"');
  });
  it('asks an Endgame index without its missing fields', () => {
    const ofEndgame = pivots(pivotAlert({ event: { 'event.module': 'endgame' } }), 'en');
    expect(ofEndgame.filter(({ language, text }) => language === 'EQL' && text !== null)).toHaveLength(5);
    const [query] = ask({ event: { event: { module: 'endgame' } } }, 'did-it-run', 'KQL');
    expect(query).toMatchObject({ index: 'endgame-*' });
    expect(query?.text).not.toContain('caseless');
  });
});

describe('who asked', () => {
  it('is asked by the requester', () => {
    const child = { ...start, 'process.parent.entity_id': REQUESTER };
    const grandchild = { ...start, 'process.Ext.ancestry': ['x', REQUESTER] };
    check({}, 'tree', [child, grandchild], [{ ...start, 'process.entity_id': 'd21pLTMxMjA=' }]);
    expect(ask({}, 'tree').map(({ language }) => language)).toEqual(['KQL', 'EQL', 'ES|QL']);
  });
  it('is asked by the network events and the other writes of the requester', () => {
    const by = (category: string) => ({
      ...base,
      'process.entity_id': REQUESTER,
      'event.category': category,
    });
    check({}, 'network', [by('network'), by('dns')]);
    check({}, 'network', [], [by('file')], ['EQL']);
    const asked = { ...change, 'Effective_process.entity_id': REQUESTER };
    check({}, 'registry-writes', [asked], [{ ...change, 'process.entity_id': REQUESTER }]);
  });
  it('is asked by the provider host when the event names no requester, and says so', () => {
    const requester = { kind: 'absent', name: null, executable: null, pid: null, entityId: null } as const;
    const asked = { ...change, 'Effective_process.entity_id': 'd21pLTMxMjA=' };
    check(
      { facts: { requester } },
      'registry-writes',
      [{ ...change, 'process.entity_id': 'd21pLTMxMjA=' }],
      [asked],
    );
    for (const name of ['tree', 'network', 'registry-writes'] as const) {
      expect(ask({ facts: { requester } }, name)[0]?.question).toContain('names no initiator');
    }
  });
});
