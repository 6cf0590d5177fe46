import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  DEFAULT_LIMITS,
  type Mapping,
  OS_TYPE_FALLBACK,
  rawForms,
} from '../../../functions/alert/logs/index.ts';
import type { JsonObject } from '../../../functions/alert/logs/json.ts';
import { loadRules, scan } from '../../../functions/alert/pipeline/index.ts';
import { detectorOf } from '../../ruleset/detector.ts';
import { scale, seed } from '../../scale.ts';
import {
  cloudFunnel,
  defender,
  eventXml,
  fdr,
  fdrProcess,
  nxlog,
  SYSMON_13,
  WRITES,
  xmlRecord,
} from './records.ts';

const RULES = loadRules('rules', ['persistence-via-wmi-stdregprov', 'persistence-via-wmi-stdregprov-sysmon']);

const mappedBy = (name: Mapping) =>
  detectorOf(RULES, { osTypeFallback: OS_TYPE_FALLBACK, mapping: { name, forms: rawForms(name) } });
const DETECTORS = { elastic: mappedBy('elastic'), extended: mappedBy('extended') };

const name = fc.constantFrom('WmiPrvSE.exe', 'wmiprvse.EXE', 'reg.exe');
const key = fc.constantFrom(
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
  'SOFTWARE\\Contoso',
  'Environment',
);
const id = fc.constantFrom('1', '2', '3');
const number = fc.nat(99).map(String);

const elastic = (image: string, at: string): JsonObject => ({
  '@timestamp': '2026-10-05T01:46:51.125Z',
  event: { category: ['registry'], type: ['change'], id: at, dataset: 'endpoint.events.registry' },
  data_stream: { dataset: 'endpoint.events.registry', type: 'logs', namespace: 'default' },
  host: { os: { type: 'windows' } },
  process: { name: image },
  registry: {
    path: `HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\${at}`,
    data: { strings: ['x'] },
  },
});

/** What XML can put into a name without changing it. */
const hiding = fc.constantFrom<((xml: string) => string)[]>(
  xml => xml,
  xml => xml.replaceAll('W', '&#87;').replaceAll('w', '&#x77;'),
  xml => xml.replaceAll(/PrvSE/gi, '<![CDATA[$&]]>'),
  xml => xml.replaceAll(/PrvSE/gi, '$&<!---->'),
  xml => xml.replaceAll(/PrvSE/gi, part => `${part.slice(0, 2)}<!-- -->${part.slice(2)}`),
);

/** One record, near to an alert or far from one, in some source's form. */
const record: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.tuple(name, number).map(([image, at]) => elastic(image, at)),
  fc
    .tuple(key, id, number)
    .map(([path, ContextProcessId, RegValueName]) =>
      fdr({ RegObjectName: `\\REGISTRY\\MACHINE\\${path}`, ContextProcessId, RegValueName }),
    ),
  fc
    .tuple(name, id)
    .map(([image, TargetProcessId]) => fdrProcess({ ImageFileName: `\\x\\${image}`, TargetProcessId })),
  id.map(TargetProcessId => fdrProcess({ event_simpleName: 'EndOfProcess', TargetProcessId })),
  fc
    .tuple(name, key, number)
    .map(([image, path, at]) =>
      nxlog({ ...SYSMON_13, Image: `C:\\${image}`, TargetObject: `HKU\\S-1-5-20\\${path}\\${at}` }),
    ),
  fc.tuple(name, number, hiding).map(([image, at, hide]) => {
    const xml = eventXml({
      ...SYSMON_13,
      Image: `C:\\${image}`,
      TargetObject: `${SYSMON_13.TargetObject}${at}`,
    });
    return xmlRecord(hide(xml));
  }),
  fc
    .tuple(name, number)
    .map(([InitiatingProcessFileName, RegistryValueName]) =>
      defender({ InitiatingProcessFileName, RegistryValueName }),
    ),
  fc.tuple(name, number).map(([image, at]) => cloudFunnel({ 'src.process.name': image, 'event.id': at })),
  fc.constantFrom(...Object.values(WRITES)),
  fc.constant({ vendor: 'x', padding: 'y'.repeat(300) }),
);

async function found(records: readonly JsonObject[], isEscaped: boolean, mapping: Mapping, audit: boolean) {
  const text = records.map(one => JSON.stringify(one)).join('\n');
  const bytes = Buffer.from(isEscaped ? text.replaceAll('W', '\\u0057').replaceAll('O', '\\u004f') : text);
  const object = { bucket: null, key: 'k', versionId: null, etag: null, lastModified: null };
  const ids: string[] = [];
  const match = ({ id }: { readonly id: string }) => void ids.push(id);
  const result = await scan(
    (async function* () {
      yield bytes;
    })(),
    object,
    { detector: DETECTORS[mapping], limits: DEFAULT_LIMITS, audit, asOfMs: null },
    { match },
  );
  const { matches, repeated, undecidable, report } = result;
  return { ids, matches, repeated, undecidable, unknown: report.unknown, skipped: report.skipped };
}

it('over mixtures of all sources the fast path finds what the slow one does', async () => {
  let alerts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 60 }),
      fc.boolean(),
      fc.constantFrom('elastic' as const, 'extended' as const),
      async (records, isEscaped, mapping) => {
        const slow = await found(records, isEscaped, mapping, true);
        alerts += slow.ids.length;
        expect(await found(records, isEscaped, mapping, false)).toEqual(slow);
      },
    ),
    { numRuns: scale(20_000), seed: seed() },
  );
  expect(alerts).toBeGreaterThan(20);
}, 120_000);

it("JSON in the data of a product's own record is no event that nobody opened", async () => {
  const RegStringValue = '{"a": 1}';
  const own = [
    nxlog({ ...SYSMON_13, Details: RegStringValue }),
    fdr({ RegStringValue }),
    fdrProcess({ CommandLine: `WmiPrvSE.exe ${RegStringValue}` }),
    defender({ RegistryValueData: RegStringValue }),
  ];
  const { skipped } = await found(own, false, 'extended', false);
  expect(skipped.TextNotOpened).toBe(0);
  const foreign = [{ vendor: 'x', WmiPrvSE: `WmiPrvSE.exe ${RegStringValue}` }];
  expect((await found(foreign, false, 'extended', false)).skipped.TextNotOpened).toBe(1);
});
