import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/logs/json.ts';
import { fits, isEndgame, OS_TYPE_FALLBACK, originOf } from '../../functions/alert/logs/origin.ts';

const PATTERNS = ['logs-endpoint.events.registry-*', 'endgame-*'];
const dataset = (text: unknown, more: object = {}): JsonObject =>
  ({ data_stream: { dataset: text, ...more } }) as JsonObject;

const rows: readonly (readonly [
  what: string,
  document: JsonObject,
  index: string | null,
  fits: ReturnType<typeof fits>,
])[] = [
  ['its index', {}, 'logs-endpoint.events.registry-default', 'fits'],
  ['a backing index', {}, '.ds-logs-endpoint.events.registry-default-2026.11.24-000001', 'fits'],
  [
    'a backing index of a late generation',
    {},
    '.ds-logs-endpoint.events.registry-default-2026.11.24-1000001',
    'fits',
  ],
  [
    'a restored backing index',
    {},
    'restored-.ds-logs-endpoint.events.registry-default-2026.11.24-000001',
    'fits',
  ],
  [
    'a partly mounted index',
    {},
    'partial-restored-.ds-logs-endpoint.events.registry-x-2026.11.24-000001',
    'fits',
  ],
  ['an index of a remote cluster', {}, 'emea:logs-endpoint.events.registry-default', 'fits'],
  ['an Endgame index', {}, 'endgame-4.28.2-2020.12.10', 'fits'],
  ['another index', {}, 'logs-windows.sysmon_operational-default', 'other'],
  ['another backing index', {}, '.ds-logs-endpoint.events.file-default-2026.11.24-000001', 'other'],
  ['an index that only ends like it', {}, 'x-logs-endpoint.events.registry-default', 'other'],
  [
    'a reindexed document with its data stream',
    dataset('endpoint.events.registry', { type: 'logs', namespace: 'default' }),
    'export-registry-2026',
    'fits',
  ],
  ['a dataset alone', dataset('endpoint.events.registry'), 'export-registry-2026', 'fits'],
  ['a dataset in an array', dataset(['endpoint.events.registry']), null, 'fits'],
  ['a dotted data stream', { 'data_stream.dataset': 'endpoint.events.registry' }, null, 'fits'],
  ['an index that fits and a data stream that does not', dataset('system.security'), 'endgame-x', 'fits'],
  [
    'another data stream',
    dataset('endpoint.events.process', { type: 'logs', namespace: 'prod' }),
    null,
    'other',
  ],
  ['another type of data stream', dataset('endpoint.events.registry', { type: 'metrics' }), null, 'other'],
  ['a document that says neither', { event: { dataset: 'x' } }, null, 'unknown'],
  ['an empty index', { _index: '' }, null, 'unknown'],
  ['a dataset that is no text', dataset(5), null, 'unknown'],
  ['an index of its own', { _index: 'endgame-1' }, null, 'fits'],
  ['the index of its wrapper before its own', { _index: 'endgame-1' }, 'other-1', 'other'],
];

describe('where a document is from', () => {
  it.each(rows)('%s', (_, document, index, expected) => {
    expect(fits(PATTERNS, originOf(document, index))).toBe(expected);
  });

  it.each<readonly [pattern: string, name: string, isFit: boolean]>([
    ['*', 'anything', true],
    ['a*', 'a', true],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'ac', false],
    ['a*a', 'a', false],
    ['*b*', 'abc', true],
    ['a.c', 'abc', false],
    ['A*', 'ax', false],
    ['a**b', 'ab', true],
  ])('%s and %s: %s', (pattern, name, isFit) => {
    expect(fits([pattern], { index: name, dataStream: null })).toBe(isFit ? 'fits' : 'other');
  });

  it('takes linear time whatever the name', () => {
    const name = 'a'.repeat(200_000);
    expect(fits([`${'a*'.repeat(50)}b`], { index: name, dataStream: null })).toBe('other');
  });
});

describe('Endgame', () => {
  it.each<readonly [what: string, document: JsonObject, index: string | null, is: boolean]>([
    ['by index', {}, 'endgame-4.28', true],
    ['by restored index', {}, 'restored-endgame-4.28', true],
    ['by module', { event: { module: 'endgame' } }, null, true],
    ['by agent', { 'agent.type': ['endgame'] }, null, true],
    ['by its own object', { endgame: { event_type_full: 'registry_event' } }, null, true],
    ['by a dotted field of its own', { 'endgame.metadata.type': 'x' }, null, true],
    ['not by a text of that name', { endgame: 'x' }, null, false],
    ['not by another module', { event: { module: 'endpoint' } }, 'logs-endgame-x', false],
  ])('%s', (_, document, index, is) => {
    expect(isEndgame(document, index)).toBe(is);
  });

  it('says its operating system elsewhere', () => {
    expect(OS_TYPE_FALLBACK).toEqual(['observer.os.type', 'host.os.family']);
  });
});
