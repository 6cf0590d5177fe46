// What one would write first: a line at a time, JSON.parse, and each pattern as a regular expression.
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

const rule = readFileSync(
  new URL('../../rules/persistence-via-wmi-stdregprov/rule.toml', import.meta.url),
  'utf8',
);
const patterns = [...rule.matchAll(/"((?:HKLM|HKEY_USERS|\\\\REGISTRY)[^"]*)"/g)].map(match => {
  const literal = match[1]!.replaceAll('\\\\', '\\');
  const source = literal
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i');
});
if (patterns.length !== 48) throw new Error(`${patterns.length} patterns`);

type Doc = {
  host?: { os?: { type?: string } };
  event?: { type?: string | string[]; category?: string | string[] };
  registry?: { path?: string; data?: { strings?: string | string[] } };
  process?: { name?: string };
};
const has = (value: string | string[] | undefined, wanted: string): boolean =>
  [value].flat().includes(wanted);

let matches = 0;
for (const path of process.argv.slice(2)) {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input })) {
    const doc = JSON.parse(line) as Doc;
    if (
      !has(doc.event?.category, 'registry') ||
      doc.host?.os?.type !== 'windows' ||
      !has(doc.event?.type, 'change')
    )
      continue;
    if ([doc.registry?.data?.strings].flat().every(value => value === undefined)) continue;
    if (!/^wmiprvse\.exe$/i.test(doc.process?.name ?? '')) continue;
    if (patterns.some(pattern => pattern.test(doc.registry?.path ?? ''))) matches++;
  }
}
process.stdout.write(`${matches}\n`);
