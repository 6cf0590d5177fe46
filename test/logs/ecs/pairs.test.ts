import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Mapping, makeNormalize } from '../../../functions/alert/logs/ecs/index.ts';
import type { JsonObject, JsonValue } from '../../../functions/alert/logs/json.ts';
import { RULE } from '../../notification/fixture.ts';
import { leaves, normalize } from './normalized.ts';
import { fdrProcess } from './records.ts';

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

/** How many pairs each source has, and how many of them are made by hand, with verdicts. */
const SOURCES = [
  ['fdr', 21, 6],
  ['sysmon', 176, 6],
  ['sentinelone', 5, 4],
  ['defender', 6, 4],
] as const;

type Pair = {
  readonly id: string;
  readonly raw: string;
  readonly ecs: JsonObject;
  readonly from?: string;
  readonly kind?: string;
  readonly why?: string;
  readonly elastic_today?: boolean | null;
  readonly with_join?: boolean | null;
  readonly with_path_alias?: boolean | null;
};

const pairsOf = (source: string): readonly Pair[] =>
  readFileSync(`${PAIRS}/${source}.ndjson`, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Pair);

const jsonOf = (value: JsonValue | undefined): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one));

if (!existsSync(PAIRS))
  console.log(`SKIPPED: the pairs of raw records and ECS documents are not in ${PAIRS}`);

describe.skipIf(!existsSync(PAIRS))('the pairs beside the checkout', () => {
  it.each(SOURCES)('%s: every field of the tables is equal', (source, count) => {
    const pairs = pairsOf(source);
    const wrong = pairs.flatMap(({ id, raw, ecs, from }) => {
      const found = normalize(JSON.parse(raw) as JsonObject);
      if (typeof found === 'string') return [`${id}: ${found}`];
      const got = Object.fromEntries(leaves(found.document));
      return leaves(ecs).flatMap(([field, value]) => {
        const isApart =
          DIFFER.has(`${source} ${id} ${field}`) ||
          (from?.includes('/forwarded/') === true && field === 'host.os.type');
        return !COMPARED.test(field) || isApart || jsonOf(got[field]) === jsonOf(value)
          ? []
          : [`${id} ${field}: ${jsonOf(value)} is ${jsonOf(got[field])}`];
      });
    });
    expect(wrong).toEqual([]);
    expect(pairs.length).toBe(count);
  });

  /** FDR names a process by a record of its own, which the pairs leave out: the one that each of them speaks of. */
  const processOf = ({ kind, raw, why }: Pair): readonly JsonObject[] => {
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

  it.each(SOURCES)('%s: the verdicts are those of both settings', (source, _, count) => {
    const handmade = pairsOf(source).filter(pair => pair.elastic_today !== undefined);
    const raws = [
      ...handmade.flatMap(processOf).map(one => JSON.stringify(one)),
      ...handmade.map(p => p.raw),
    ];
    const verdictsOf = (mapping: Mapping): Map<string, boolean> => {
      const normalizeNext = makeNormalize(mapping);
      return new Map(
        raws.map(raw => {
          const found = normalizeNext(JSON.parse(raw) as JsonObject, null);
          return [raw, typeof found !== 'string' && RULE.query.matches(found.document)];
        }),
      );
    };
    const [elastic, extended] = [verdictsOf('elastic'), verdictsOf('extended')];
    const differ = handmade.flatMap(({ id, raw, elastic_today, with_join, with_path_alias }) => {
      const got = [elastic.get(raw), extended.get(raw)];
      // Of a shape that Elastic does not read there is no verdict; the undecidable has none and is no match.
      const expected = [elastic_today ?? got[0], with_join ?? with_path_alias ?? false];
      return got[0] === expected[0] && got[1] === expected[1] ? [] : [id];
    });
    expect(differ).toEqual([]);
    expect(handmade.length).toBe(count);
  });
});
