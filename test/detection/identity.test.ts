import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../functions/alert/detection/alert.ts';
import { DistinctIds, hashWrittenBy, identifyBy } from '../../functions/alert/detection/identity.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { random, seed } from '../scale.ts';

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const evidence: Evidence = {
  bucket: 'logs',
  key: 'a.ndjson',
  versionId: 'v1',
  etag: null,
  lastModified: null,
  record: 1,
  offset: 0,
  sha256: '',
};
const identify = identifyBy('rule', ['process.name', 'registry.path'], 'event', { readField, sha256 });
const event: JsonObject = {
  '@timestamp': '2026-11-24T02:46:51.2831234Z',
  host: { id: 'h1', name: 'FIN-WS-042' },
  event: { id: 'e1', sequence: 7 },
  process: { name: 'WmiPrvSE.exe', entity_id: 'p1' },
  registry: { path: 'HKLM\\A\\B', data: { type: 'REG_SZ', strings: ['x'] } },
};

describe('the id of an alert', () => {
  const same: readonly (readonly [string, JsonObject])[] = [
    [
      'dotted keys',
      {
        ...event,
        registry: {},
        'registry.path': 'HKLM\\A\\B',
        'registry.data.type': 'REG_SZ',
        'registry.data.strings': 'x',
      },
    ],
    ['lists of one', { ...event, host: { id: ['h1'], name: ['FIN-WS-042'] } }],
    ['a time in another spelling', { ...event, '@timestamp': '2026-11-24T02:46:51.283+00:00' }],
    ['a time in epoch milliseconds', { ...event, '@timestamp': Date.UTC(2026, 10, 24, 2, 46, 51, 283) }],
    ['fields an exporter adds', { ...event, '@version': '1', log: { file: 'x' }, tags: ['a'] }],
  ];
  it.each(same)('is the same for %s', (_, other) =>
    expect(identify(other, () => evidence)).toBe(identify(event, () => evidence)),
  );

  const different: readonly (readonly [string, JsonObject])[] = [
    ['another host', { ...event, host: { id: 'h2', name: 'FIN-WS-042' } }],
    ['another millisecond', { ...event, '@timestamp': '2026-11-24T02:46:51.284Z' }],
    [
      'other data under a reused event.id',
      { ...event, registry: { path: 'HKLM\\A\\B', data: { type: 'REG_SZ', strings: ['y'] } } },
    ],
    [
      'one string cut in two',
      { ...event, registry: { path: 'HKLM\\A\\B', data: { type: 'REG_SZ', strings: ['x', ''] } } },
    ],
    ['an absent field', { ...event, event: { id: 'e1' } }],
  ];
  it.each(different)('differs for %s', (_, other) =>
    expect(identify(other, () => evidence)).not.toBe(identify(event, () => evidence)),
  );

  it('names the place only in scope object', () => {
    const elsewhere = { ...evidence, versionId: 'v2' };
    const byObject = identifyBy('rule', [], 'object', { readField, sha256 });
    expect(identify(event, () => elsewhere)).toBe(identify(event, () => evidence));
    expect(byObject(event, () => elsewhere)).not.toBe(byObject(event, () => evidence));
  });
});

describe('the hash of a write', () => {
  const hash = hashWrittenBy({ readField, sha256 });
  const write = (path: string, data: JsonObject) => hash({ ...event, registry: { path, data } });

  it('is the same at another time and on another host', () => {
    expect(hash({ ...event, '@timestamp': '2026-11-25T00:00:00Z', host: { id: 'h2' } })).toBe(hash(event));
  });

  it.each([
    ['path', write('HKLM\\A\\C', { type: 'REG_SZ', strings: ['x'] })],
    ['type', write('HKLM\\A\\B', { type: 'REG_EXPAND_SZ', strings: ['x'] })],
    ['strings', write('HKLM\\A\\B', { type: 'REG_SZ', strings: ['x', 'y'] })],
    ['bytes', write('HKLM\\A\\B', { type: 'REG_SZ', strings: ['x'], bytes: 'eA==' })],
  ])('differs for another %s', (_, other) => expect(other).not.toBe(hash(event)));
});

it('ids are distinct exactly as in a Set', () => {
  const next = random(seed());
  const ids = new DistinctIds();
  const oracle = new Set<string>();
  for (let turn = 0; turn < 60_000; turn++) {
    const id = sha256(String(Math.floor(next() * 30_000)));
    expect(ids.add(id)).toBe(!oracle.has(id));
    oracle.add(id);
  }
});
