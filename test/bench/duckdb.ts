// The same question to DuckDB on one thread: the rule's four cheap conditions and its patterns as a LIKE list.
import { readFileSync } from 'node:fs';

// biome-ignore lint/suspicious/noExplicitAny: an optional package that has no types here
const { DuckDBInstance } = (await import('@duckdb/node-api' as string)) as any;
const rule = readFileSync(
  new URL('../../rules/persistence-via-wmi-stdregprov/rule.toml', import.meta.url),
  'utf8',
);
const likes = [...rule.matchAll(/"((?:HKLM|HKEY_USERS|\\\\REGISTRY)[^"]*)"/g)].map(
  match =>
    `path ILIKE '${match[1]!.replaceAll('\\\\', '\\').replaceAll('_', '!_').replaceAll('*', '%')}' ESCAPE '!'`,
);
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const result = await connection.runAndReadAll(`
  SELECT count(*) FROM (
    SELECT registry.path AS path FROM read_ndjson('${process.argv[2]}', columns = {
      host: 'STRUCT(os STRUCT("type" VARCHAR))', event: 'STRUCT("type" VARCHAR[], category VARCHAR[])',
      process: 'STRUCT(name VARCHAR)', registry: 'STRUCT(path VARCHAR, data STRUCT(strings VARCHAR[]))' })
    WHERE process.name ILIKE 'wmiprvse.exe' AND host.os."type" = 'windows' AND list_contains(event."type", 'change')
      AND list_contains(event.category, 'registry') AND len(registry.data.strings) > 0)
  WHERE ${likes.join(' OR ')}`);
process.stdout.write(`${result.getRows()[0][0]}\n`);
