import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEventXml } from '../../../functions/alert/logs/ecs/event-xml.ts';
import { normalize, read } from './normalized.ts';
import { eventXml, xmlRecord } from './records.ts';

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
  const pieces = "a|&amp;|&#65;|&#x1F600;|<![CDATA[<]]>|<!--x-->|&|<|&bad;|'|>|\n".split('|');
  const texts = fc.sample(fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), {
    numRuns: 300,
    seed: 20261005,
  });
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
