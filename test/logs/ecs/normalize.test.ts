import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEventXml } from '../../../functions/alert/logs/ecs/event-xml.ts';
import { type Mapping, makeNormalize } from '../../../functions/alert/logs/ecs/index.ts';
import { windowsArguments } from '../../../functions/alert/logs/ecs/windows-arguments.ts';
import { readField, sourceOf } from '../../../functions/alert/logs/index.ts';
import type { JsonObject, JsonValue } from '../../../functions/alert/logs/json.ts';
import { RULE } from '../../notification/fixture.ts';
import {
  cloudFunnel,
  DATA,
  defender,
  defenderColumns,
  eventXml,
  evtxDump,
  fdr,
  fdrProcess,
  fluentBit,
  KEY,
  nxlog,
  SYSMON_13,
  security4657,
  WRITES,
  winlogbeat,
  xmlRecord,
} from './records.ts';

const PAIRS = '../shared/data/sources';

/** Fields of the tables; what else Elastic adds, such as hashes, no table promises. */
const COMPARED =
  /^(?:@timestamp|event\.(?:category|type|kind|id|code|provider|outcome|created)|message|host\.(?:id|name|hostname|os\.type|os\.platform)|device|observer|registry|user\.(?:id|name|domain)$|rule|process\.(?:name|executable|pid|entity_id|command_line|args|args_count|thread|user|code_signature|(?:parent\.)+(?:name|executable|pid|entity_id|command_line|args|code_signature)))/;

/** Where two fixtures contradict each other or the tables: an older pipeline, or one document for several shapes. */
const DIFFER = new Set([
  // The pipeline of forwarded events of the same package writes DWORD in hexadecimal, and no binary data.
  'sysmon raw.ndjson:23 registry.data.strings',
  // Made once for all shapes, with the host metadata that only an agent adds.
  ...[3, 5, 7].map(line => `sysmon handmade.raw.ndjson:${line} host.name`),
  ...[5, 7].map(line => `sysmon handmade.raw.ndjson:${line} host.os.type`),
]);
const isForwarded = (pair: { readonly from?: string }): boolean =>
  pair.from?.includes('/forwarded/') === true;

type Pair = { readonly id: string; readonly raw: string; readonly ecs: JsonObject; readonly from?: string };

function leaves(value: JsonValue, path = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [name, inner] of Object.entries(value)) leaves(inner, path ? `${path}.${name}` : name, into);
  else
    into.set(
      path,
      JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one)),
    );
  return into;
}

const normalize = (record: JsonObject, mapping: Mapping = 'elastic') => makeNormalize(mapping)(record, null);

function fieldsOf(record: JsonObject, mapping: Mapping = 'elastic') {
  const found = normalize(record, mapping);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const read = (record: JsonObject, field: string, mapping: Mapping = 'elastic') =>
  readField(field)(fieldsOf(record, mapping).document);

if (!existsSync(PAIRS))
  console.log(`SKIPPED: the pairs of raw records and ECS documents are not in ${PAIRS}`);

describe.skipIf(!existsSync(PAIRS))('the pairs beside the checkout', () => {
  it.each(['fdr', 'sysmon', 'sentinelone', 'defender'])('%s: every field of the tables is equal', source => {
    const lines = readFileSync(`${PAIRS}/${source}.ndjson`, 'utf8').trim().split('\n');
    const wrong = lines.flatMap(line => {
      const pair = JSON.parse(line) as Pair;
      const found = normalize(JSON.parse(pair.raw) as JsonObject);
      if (typeof found === 'string') return [`${pair.id}: ${found}`];
      const got = leaves(found.document);
      return [...leaves(pair.ecs)].flatMap(([field, value]) => {
        const isApart =
          DIFFER.has(`${source} ${pair.id} ${field}`) || (isForwarded(pair) && field === 'host.os.type');
        return !COMPARED.test(field) || isApart || got.get(field) === value
          ? []
          : [`${pair.id} ${field}: ${value} is ${got.get(field)}`];
      });
    });
    expect(wrong).toEqual([]);
    expect(lines.length).toBe({ fdr: 21, sysmon: 176, sentinelone: 5, defender: 6 }[source]);
  });

  /** FDR names a process by a record of its own, which the pairs leave out: the one that each of them speaks of. */
  const processOf = ({ kind, raw, why }: Verdicts): readonly JsonObject[] => {
    const { aid, cid, ContextProcessId: TargetProcessId } = JSON.parse(raw) as JsonObject;
    if (kind === 'undecidable' || typeof TargetProcessId !== 'string') return [];
    const image = why!.includes('reg.exe') ? 'reg.exe' : 'wbem\\WmiPrvSE.exe';
    return [
      fdrProcess({
        ...{ aid: aid!, cid: cid!, TargetProcessId },
        ImageFileName: `\\Device\\HarddiskVolume3\\Windows\\System32\\${image}`,
      }),
    ];
  };

  it.each(['fdr', 'sysmon', 'sentinelone', 'defender'])(
    '%s: the verdicts are those of both settings',
    source => {
      const pairs = readFileSync(`${PAIRS}/${source}.ndjson`, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as Verdicts);
      const handmade = pairs.filter(pair => pair.elastic_today !== undefined);
      const verdictsOf = (mapping: Mapping): Map<string, boolean> => {
        const normalizeNext = makeNormalize(mapping);
        const records = [
          ...handmade.flatMap(processOf).map(one => JSON.stringify(one)),
          ...handmade.map(({ raw }) => raw),
        ];
        return new Map(
          records.map(raw => {
            const found = normalizeNext(JSON.parse(raw) as JsonObject, null);
            return [raw, typeof found !== 'string' && RULE.query.matches(found.document)];
          }),
        );
      };
      const [elastic, extended] = [verdictsOf('elastic'), verdictsOf('extended')];
      const differ = handmade.flatMap(({ id, raw, elastic_today, with_join, with_path_alias }) => {
        // Of a shape that Elastic does not read there is no verdict; the undecidable has none and is no match.
        const expected = [elastic_today ?? elastic.get(raw), with_join ?? with_path_alias ?? false];
        return isDeepStrictEqual([elastic.get(raw), extended.get(raw)], expected) ? [] : [id];
      });
      expect(differ).toEqual([]);
      expect(handmade.length).toBe({ fdr: 6, sysmon: 6, sentinelone: 4, defender: 4 }[source]);
    },
  );
});

type Verdicts = Pair & {
  readonly kind?: string;
  readonly why?: string;
  readonly elastic_today?: boolean | null;
  readonly with_join?: boolean | null;
  readonly with_path_alias?: boolean | null;
};

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

describe('Sysmon', () => {
  const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['DWORD (0x00000000)', '0', 'SZ_DWORD'],
    ['DWORD (0xffffffff)', '4294967295', 'SZ_DWORD'],
    ['QWORD (0x00000001-0x00000002)', '258', 'SZ_QWORD'],
    ['QWORD (0xffffffff-0xffffffff)', '1103806594815', 'SZ_QWORD'],
    ['DWORD (0x1)', 'DWORD (0x1)', 'REG_SZ'],
    ['DWORD (0x00000001) ', 'DWORD (0x00000001) ', 'REG_SZ'],
    ['Binary Data', 'Binary Data', 'REG_BINARY'],
    ['', undefined, undefined],
    ['-', undefined, undefined],
  ];
  it.each(rows)('Details %j is %j, %j', (Details, data, type) => {
    const record = nxlog({ ...SYSMON_13, Details });
    expect([read(record, 'registry.data.strings')[0], read(record, 'registry.data.type')[0]]).toEqual([
      data,
      type,
    ]);
  });

  it('StringInserts of older manifests lack the user, then the name of the rule; other lists give no field', () => {
    const values = Object.values(SYSMON_13);
    for (const inserts of [values, values.slice(0, 8), values.slice(1), values.slice(1, 8)])
      expect(read(fluentBit(inserts), 'registry.data.strings')).toEqual([DATA]);
    expect(read(fluentBit(values.slice(2)), 'registry.path')).toEqual([]);
  });

  it("the writer's own process id is not that of the process", () => {
    const { ProcessId: _, ...without } = SYSMON_13;
    for (const record of [nxlog(without), fluentBit(null)])
      expect(read(record, 'process.pid')).not.toContain(3388);
  });
});

describe('FDR', () => {
  const joined = (...records: readonly JsonObject[]) => {
    const next = makeNormalize('extended');
    const found = records.map(record => next(record, null)).at(-1)!;
    return typeof found === 'string' ? found : readField('process.name')(found.document)[0];
  };
  const rows: readonly (readonly [string, readonly JsonObject[], string | undefined])[] = [
    ['a process earlier in the object', [fdrProcess(), fdr()], 'WmiPrvSE.exe'],
    ['a synthetic one', [fdrProcess({ event_simpleName: 'SyntheticProcessRollup2' }), fdr()], 'WmiPrvSE.exe'],
    ['none', [fdr()], undefined],
    ['a later one', [fdr(), fdrProcess(), fdr({ ContextProcessId: '2' })], undefined],
    ['of another agent', [fdrProcess({ aid: 'b' }), fdr()], undefined],
    ['of another customer', [fdrProcess({ cid: 'b' }), fdr()], undefined],
    ['one that ended', [fdrProcess(), fdrProcess({ event_simpleName: 'EndOfProcess' }), fdr()], undefined],
    [
      'one whose number came again',
      [fdrProcess(), fdrProcess({ ImageFileName: '\\x\\reg.exe' }), fdr()],
      'reg.exe',
    ],
    [
      'more than the table holds',
      [
        fdrProcess(),
        ...Array.from({ length: 32_768 }, (_, at) => fdrProcess({ TargetProcessId: `${at}` })),
        fdr(),
      ],
      undefined,
    ],
  ];
  it.each(rows)('the process: %s', (_, records, name) => {
    expect(joined(...records)).toBe(name);
  });

  it('without the second layer there is no join', () => {
    const next = makeNormalize('elastic');
    next(fdrProcess(), null);
    expect(next(fdr(), null)).toMatchObject({ inferred: [] });
    expect(read(fdr(), 'process.name')).toEqual([]);
  });

  it('inventory is no event', () => {
    const host = { _time: '1791164811.1', aid: 'a', cid: 'c', ComputerName: 'x', event_platform: 'Win' };
    expect(normalize(host)).toBe('inventory');
    expect(normalize({ _time: '1.1', cid: 'c', discoverer_aid: 'b', ComputerName: 'x' })).toBe('inventory');
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
    const flat = (value: JsonValue, path: string): [string, JsonValue][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([name, member]) =>
            flat(member!, path === '' ? name : `${path}.${name}`),
          )
        : [[path, value]];
    const dotted = Object.fromEntries(flat(winlogbeat(), ''));
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

describe('XML', () => {
  const body = eventXml();
  const refused: readonly (readonly [string, string])[] = [
    [
      'an external entity',
      body
        .replace('<System>', '<System>&file;')
        .replace('<Event', '<!DOCTYPE Event [<!ENTITY file SYSTEM "file:///etc/passwd">]><Event'),
    ],
    ['an undeclared entity', body.replace('SetValue', '&nbsp;')],
    ['a reference to no character', body.replace('SetValue', '&#xD800;')],
    ['half a reference', body.replace('SetValue', 'a & b')],
    [
      'a million attributes',
      body.replace('<System>', `<System ${Array.from({ length: 1e6 }, (_, at) => `a${at}='x'`).join(' ')}>`),
    ],
    ['an attribute twice', body.replace("Name='Image'", "Name='Image' Name='x'")],
    ['deep nesting', body.replace('<Correlation/>', '<a>'.repeat(100_000))],
    ['a processing instruction within a value', body.replace('WmiPrvSE', 'Wmi<?x?>PrvSE')],
    ['an element left open', body.replace('</EventData>', '')],
    ['a second event behind the first', body + body],
  ];
  it.each(refused)('%s is refused, and said so', (_, xml) => {
    expect(readEventXml(xml)).toBeNull();
    expect(normalize(xmlRecord(`<?xml version="1.0"?>${xml}`))).not.toMatchObject({ source: 'sysmon' });
  });

  it('references, CDATA, comments and blanks are read', () => {
    const xml = body
      .replace('SetValue', '<![CDATA[Set<Value>&]]>')
      .replace('<EventData>', '<EventData><!-- a > b -->\n ')
      .replace('WmiPrvSE', '&#87;miPrv&#x53;E');
    expect(readEventXml(xml)?.data.get('EventType')).toBe('Set<Value>&');
    expect(read(xmlRecord(xml), 'process.name')).toEqual(['WmiPrvSE.exe']);
    expect(normalize(xmlRecord(body.replace('<Correlation/>', '<a>')))).toBe('refused');
  });

  it.each([[{ registry: { path: 'HKLM\\a' } }], [{ 'registry.path': 'HKLM\\a' }]])(
    'beside the fields that were made of it, as in %j, it is no event of its own',
    fields => {
      for (const message of [body, body.slice(0, -20)])
        expect(normalize({ 'event.category': 'registry', ...fields, message })).toMatchObject({
          source: null,
        });
    },
  );

  const python = spawnSync('python3', ['-c', 'import xml.etree.ElementTree']).status === 0;
  if (!python) console.log('SKIPPED: no python3, whose expat is the other reader of XML');
  it.skipIf(!python)('expat reads the same of what is sound, and refuses what is refused', () => {
    const pieces = fc.constantFrom(
      'a',
      '&amp;',
      '&#65;',
      '&#x1F600;',
      '<![CDATA[<]]>',
      '<!--x-->',
      '&',
      '<',
      '&bad;',
      "'",
      '>',
      '\n',
    );
    const texts = fc.sample(fc.array(pieces, { maxLength: 6 }), { numRuns: 300, seed: 20261005 });
    const xmls = texts.map(text => body.replace('SetValue', text.join('')));
    const script = `
import sys, json, xml.etree.ElementTree as E
def one(t):
  try:
    r = E.fromstring(t)
  except E.ParseError: return None
  return next((''.join(d.itertext()) for d in r.iter() if d.get('Name') == 'EventType'), None)
print(json.dumps([one(t) for t in json.load(sys.stdin)]))`;
    const { stdout } = spawnSync('python3', ['-c', script], {
      input: JSON.stringify(xmls),
      encoding: 'utf8',
    });
    expect(xmls.map(xml => readEventXml(xml)?.data.get('EventType') ?? null)).toEqual(JSON.parse(stdout));
  });
});

it('a name in evtx_dump gets the braces that all others write', () => {
  const bare = { ...SYSMON_13, ProcessGuid: '0F3C8A5E-6C1D-6702-9C01-000000001200' };
  expect(read(evtxDump(bare), 'process.entity_id')).toEqual([SYSMON_13.ProcessGuid]);
});

describe('a command line', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b" c', ['a b', 'c']],
    ['a\\\\b "c\\\\" d', ['a\\\\b', 'c\\', 'd']],
    ['a\\"b "c\\"d"', ['a"b', 'c"d']],
    ['"a""b" c', ['a"b c']],
    ['\\', ['\\']],
    ['""', ['']],
  ];
  it.each(rows)('%j is %j', (line, args) => {
    expect(windowsArguments(line)).toEqual(args);
  });
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
