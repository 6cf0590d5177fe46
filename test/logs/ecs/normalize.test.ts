import { describe, expect, it } from 'vitest';
import { readField, sourceOf } from '../../../functions/alert/logs/index.ts';
import type { JsonObject, JsonValue } from '../../../functions/alert/logs/json.ts';
import { fieldsOf, leaves, normalize, read } from './normalized.ts';
import {
  cloudFunnel,
  DATA,
  defender,
  defenderColumns,
  fdr,
  fdrProcess,
  KEY,
  nxlog,
  SYSMON_13,
  security4657,
  WRITES,
  winlogbeat,
} from './records.ts';

describe('every source', () => {
  const rows: readonly (readonly [string, JsonObject, string, string])[] = [
    ['fdr', fdr(), 'crowdstrike', 'logs-crowdstrike.fdr-default'],
    ['4657', security4657, 'windows-security', 'logs-system.security-default'],
    ...Object.entries(WRITES).map(([name, record]) => {
      const [source, index] = /funnel/.test(name)
        ? ['sentinelone', 'logs-sentinel_one_cloud_funnel.event-default']
        : /defender|analytics/.test(name)
          ? ['defender-xdr', 'logs-m365_defender.event-default']
          : [
              'sysmon',
              name === 'winlogbeat' ? 'winlogbeat-default' : 'logs-windows.sysmon_operational-default',
            ];
      return [name, record, source!, index!] as const;
    }),
  ];
  it.each(rows)('%s is recognised, with its index', (_, record, source, index) => {
    expect(fieldsOf(record)).toMatchObject({ source, index });
  });

  it.each(Object.entries(WRITES))('%s says who wrote what, where and when', (name, record) => {
    const both = (field: string) => read(record, field, 'extended').map(String);
    expect(both('registry.path')).toContain(
      `HKEY_USERS\\S-1-5-21-1004336348-1177238915-682003330-1203\\${KEY}\\Agent`,
    );
    expect(both('registry.data.strings')).toEqual([DATA]);
    expect(both('process.name')[0]?.toLowerCase()).toBe('wmiprvse.exe');
    expect(both('process.pid')).toEqual(['2960']);
    expect(both('host.os.type')).toEqual(['windows']);
    expect(both('event.type')).toEqual(['change']);
    expect(both('@timestamp')).toEqual(['2026-10-05T01:46:51.125Z']);
    expect(both('event.category'), name).toContain('registry');
  });

  it('what was inferred is listed, follows what was written, and is not part of it', () => {
    const { document, written, inferred } = fieldsOf(cloudFunnel(), 'extended');
    expect(inferred.map(({ field, from }) => `${field} ${from}`)).toEqual([
      'registry.path spelling',
      'registry.path spelling',
      'registry.hive spelling',
    ]);
    expect(readField('registry.path')(document).slice(0, 1)).toEqual(readField('registry.path')(written));
    expect(written).toEqual(fieldsOf(cloudFunnel()).document);
    expect(fieldsOf(cloudFunnel()).inferred).toEqual([]);
  });
});

describe('paths', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['HKLM\\A\\b', []],
    ['MACHINE\\A\\b', ['HKLM\\A\\b']],
    ['\\REGISTRY\\MACHINE\\A\\b', ['HKLM\\A\\b']],
    ['HKU\\.DEFAULT\\A\\b', ['HKEY_USERS\\.DEFAULT\\A\\b']],
    ['\\REGISTRY\\USER\\S-1-5-18\\b', ['HKEY_USERS\\S-1-5-18\\b', 'HKU\\S-1-5-18\\b']],
    ['USER\\S-1-5-18\\b', ['HKEY_USERS\\S-1-5-18\\b', 'HKU\\S-1-5-18\\b']],
    ['HKCU\\Software\\b', []],
    ['HKCR\\.txt\\b', []],
    ['HKLMX\\A\\b', []],
  ];
  it.each(rows)('%s has the other spellings %j', (path, others) => {
    expect(read(nxlog({ ...SYSMON_13, TargetObject: path }), 'registry.path', 'extended')).toEqual([
      path,
      ...others,
    ]);
  });

  it('Defender: a user before a SID, and its HKU\\HKEY_USERS', () => {
    const of = (RegistryKey: string) => read(defender({ RegistryKey }), 'registry.path', 'extended');
    expect(of('HKEY_USERS\\S-1-5-20\\A')).toEqual([
      'HKU\\HKEY_USERS\\S-1-5-20\\A\\Agent',
      'HKEY_USERS\\S-1-5-20\\A\\Agent',
      'HKU\\S-1-5-20\\A\\Agent',
    ]);
    expect(of('HKEY_CURRENT_USER\\S-1-5-20\\A')).toContain('HKEY_USERS\\S-1-5-20\\A\\Agent');
  });
});

describe('a record that looks like two', () => {
  const rows: readonly (readonly [string, JsonObject, string])[] = [
    ['FDR before Cloud Funnel', { ...cloudFunnel(), ...fdr() }, 'crowdstrike'],
    ['Cloud Funnel before Defender', { ...defenderColumns(), ...cloudFunnel() }, 'sentinelone'],
    ['Defender before Windows', { ...nxlog(), ...defender() }, 'defender-xdr'],
    ['winlog before NXLog', { ...nxlog(), ...winlogbeat() }, 'sysmon'],
  ];
  it.each(rows)('%s', (_, record, source) => {
    expect(fieldsOf(record).source).toBe(source);
  });

  it('dotted keys, as rows of ES|QL have them, read like nested ones', () => {
    const dotted = Object.fromEntries(leaves(winlogbeat()));
    expect(fieldsOf(dotted).source).toBe('sysmon');
    for (const field of ['registry.path', 'registry.data.strings', 'process.executable', 'event.category'])
      expect([field, read(dotted, field)]).toEqual([field, read(winlogbeat(), field)]);
    expect(read(dotted, 'registry.path')).toHaveLength(1);
  });

  it('what is mapped already stays as it is', () => {
    const { document } = fieldsOf(winlogbeat());
    expect(fieldsOf(document, 'extended')).toMatchObject({ source: null, document });
  });
});

describe('what is in the place of a value', () => {
  const records = { ...WRITES, fdr: fdr(), process: fdrProcess(), 4657: security4657 };
  const others: readonly JsonValue[] = [
    null,
    [],
    ['x'],
    {},
    17,
    1.5,
    true,
    '',
    '-',
    '9'.repeat(40),
    -1,
    '\ud800',
  ];

  /** Every member of a record, wherever it is, replaced or left out. */
  function* defects(record: JsonObject): Generator<JsonObject> {
    for (const [name, value] of Object.entries(record)) {
      const { [name]: _, ...without } = record;
      yield without;
      for (const other of others) yield { ...record, [name]: other };
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        for (const inner of defects(value as JsonObject)) yield { ...record, [name]: inner };
    }
  }
  it.each(Object.entries(records))(
    '%s: gives a document or says what it is, and no list where one text belongs',
    (_, record) => {
      let seen = 0;
      for (const defect of defects(record)) {
        const found = normalize(defect, 'extended');
        seen++;
        if (typeof found === 'string') continue;
        const [path] = readField('registry.path')(found.written);
        expect(path === undefined || typeof path === 'string').toBe(true);
        for (const field of ['process.pid', 'process.thread.id'])
          for (const number of readField(field)(found.written)) expect(typeof number).not.toBe('string');
      }
      expect(seen).toBeGreaterThan(20);
    },
  );
});

it.each([
  ['no event of anything', { ts: 1, vendor: 'x' }, 'unknown'],
  ['an event of Elastic', { event: { category: 'file' } }, 'other'],
  ['of Endgame', { event: { module: 'endgame' } }, 'endgame'],
  ['of Elastic Defend', { data_stream: { dataset: 'endpoint.events.registry' } }, 'elastic-defend'],
])('%s', (_, record, expected) => {
  const found = normalize(record);
  expect(typeof found === 'string' ? found : sourceOf(found.document, null)).toBe(expected);
});
