import { describe, expect, it } from 'vitest';
import { compileQuery, type JsonObject, QueryIndex } from '../../functions/alert/eql/index.ts';
import { readField, readFields } from '../../functions/alert/logs/index.ts';
import { LOGS, logText } from '../bench/logs.ts';
import { elasticQueries } from '../bench/materials.ts';
import { random, scale, seed } from '../scale.ts';

/** Queries of every shape that the index knows, and of those that it does not. */
const OWN = [
  'registry where process.name : "WmiPrvSE.exe"',
  'registry where registry.path : ("*\\\\ControlSet*\\\\Lsa\\\\*", "HKLM\\\\SOFTWARE\\\\*\\\\Entry1?")',
  'any where process.name in~ ("CMD.EXE", "lsass.exe") and event.type == "change"',
  'any where host.os.type == "windows"',
  'registry where length(registry.value) == 8',
  'process where event.type == "start" and (process.name : "chrome.exe" or process.args : "*Entry12*")',
  'any where startsWith~(process.executable, "c:\\\\windows") and not process.name : "svchost.exe"',
  'any where endsWith(registry.path, "Entry7") or stringContains~(dll.path, "entry9")',
  'network where destination.port == 443 and destination.ip == "52.97.1.0/24"',
  'registry where registry.data.strings regex~ """entry[0-9]"""',
  'any where registry.path regex~ """hk.*\\\\(currentVERSION|control(set)?)\\\\.+""" and not process.name regex "a.*"',
  'any where winlog.event_data.Image : "*\\\\WmiPrvSE.exe" and event.code == "13"',
  'any where process.pid : "4*"',
];

describe('an index of queries', () => {
  const elastic = elasticQueries(639);
  if (elastic.length === 0) process.stderr.write("SKIPPED: Elastic's queries are not at hand\n");
  const queries = [...OWN, ...elastic].map(text => compileQuery(text, { readField }));
  const events = Object.keys(LOGS).map(name =>
    [...logText(name, scale(20_000), seed())].join('').trimEnd().split('\n'),
  );
  const draw = random(seed());
  const mixed = Array.from({ length: scale(20_000) }, () => {
    const log = events[Math.floor(draw() * events.length)]!;
    return log[Math.floor(draw() * log.length)]!;
  });

  it.each([1, 20, queries.length])(
    'of %i finds in five logs what each query finds alone',
    count => {
      const some = queries.slice(0, count);
      const index = new QueryIndex(some, readFields);
      const found = { matches: 0, candidates: 0 };
      for (const line of [...events.flat(), ...mixed]) {
        const document = JSON.parse(line) as JsonObject;
        const candidates = index.candidates(document);
        const due = some.flatMap((query, position) => (query.matches(document) ? [position] : []));
        expect(candidates.filter(position => some[position]!.matches(document))).toEqual(due);
        found.matches += due.length;
        found.candidates += candidates.length;
      }
      expect(found.matches).toBeGreaterThan(0);
      // It is worth its while: most queries are not asked.
      if (count > 20) expect(found.candidates).toBeLessThan(found.matches + 8 * mixed.length * 6);
    },
    600_000,
  );
});
