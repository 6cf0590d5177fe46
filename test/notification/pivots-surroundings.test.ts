import { describe, expect, it } from 'vitest';
import { USER_SID } from './fixture.ts';
import { HOSTILE } from './hostile-texts.ts';
import { ask, pivotAlert } from './pivot-fixture.ts';
import { base, change, check, HOST } from './pivot-hits.ts';

describe('where else', () => {
  const write = {
    ...{ ...change, 'host.id': 'another' },
    ...{ 'registry.value': 'Updater', 'registry.data.strings': 'C:\\Users\\Public\\up.exe -s' },
  };
  it('finds the same data on another host under any name, never on this one', () => {
    const misses = [
      { ...write, 'host.id': HOST },
      { ...write, 'registry.data.strings': 'x' },
    ];
    check({}, 'prevalence', [write], misses);
    check({}, 'prevalence', [{ ...write, 'registry.value': 'Other' }], [], ['KQL']);
  });
  it('falls back to the name when the data cannot be written', () => {
    const registry = { data: ['A'.repeat(32_768)] };
    check({ registry }, 'prevalence', [write]);
    const isLeftOut = ask({ registry }, 'prevalence').map(({ leftOut }) => leftOut !== null);
    expect(isLeftOut).toEqual([true, true, true, false, false]);
  });
  it('needs every string of a REG_MULTI_SZ', () => {
    const of = (...strings: string[]) => ({ ...write, 'registry.data.strings': strings });
    check({ registry: { data: ['a', 'b'] } }, 'prevalence', [of('a', 'b')], [of('a')]);
  });
  it('works without a host', () => {
    check({ facts: { hostId: null, hostName: null } }, 'prevalence', [write]);
  });
});

describe('other alerts', () => {
  it('are those of the host or the user', () => {
    const ofUser = { 'host.id': 'another', 'user.id': USER_SID, '@timestamp': '2026-11-23T00:00:00.000Z' };
    const early = { ...base, '@timestamp': '2026-11-21T00:00:00.000Z' };
    check({}, 'alerts-48h', [{ ...base, ...ofUser }], [early]);
  });
  it('are not those of a service account, which every machine has', () => {
    const owner = { kind: 'system', sid: 'S-1-5-18' } as const;
    check({ facts: { owner } }, 'alerts-48h', [], [{ ...base, 'host.id': 'another', 'user.id': 'S-1-5-18' }]);
  });
});

describe('what was there before', () => {
  it('is an earlier write of the same path, and not this event', () => {
    const write = { ...base, 'registry.path': pivotAlert().facts.registry.path, 'event.type': 'change' };
    const before = { ...write, '@timestamp': '2026-11-23T00:00:00.000Z' };
    check({}, 'previous-value', [before], [{ ...write, '@timestamp': '2026-11-24T02:46:51.283Z' }]);
  });
});

describe('the file', () => {
  it('is looked for where it came from', () => {
    const file = { 'file.path': 'C:\\USERS\\Public\\up.exe', '@timestamp': '2026-11-01T00:00:00.000Z' };
    check({}, 'file-origin', [{ ...base, ...file }]);
  });
});

describe('a remote call', () => {
  it('is looked for in three places', () => {
    const at = { ...base, '@timestamp': '2026-11-24T02:44:00.000Z' };
    const accepted = (port: string) => ({
      ...at,
      'event.action': 'connection_accepted',
      'destination.port': port,
    });
    const wmi = { ...at, 'event.provider': 'Microsoft-Windows-WMI-Activity' };
    const logon = { ...at, 'event.code': '4624', 'winlog.logon.type': 'Network' };
    check({}, 'remote', [wmi, accepted('135'), logon], [accepted('443')]);
  });
});

describe('a hostile text in EQL', () => {
  it.each(HOSTILE.filter(text => text.trim() !== ''))('finds itself and nothing else: %j', text => {
    const differences = { registry: { value: text, data: [text] }, facts: { hostId: text, program: text } };
    const hit = { ...change, 'host.id': 'another', 'registry.value': text, 'registry.data.strings': text };
    const misses = [
      { ...hit, 'host.id': text },
      { ...hit, 'registry.value': `${text}x` },
      { ...hit, 'registry.data.strings': `x${text}` },
    ];
    check(differences, 'prevalence', [hit], misses, ['EQL']);
  });
});
