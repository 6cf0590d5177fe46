import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, it } from 'vitest';
import { exceptionBlock } from '../../functions/alert/notification/guide/exception-block.ts';
import { problemOf } from '../../functions/alert/notification/queries/query-literals.ts';
import { random, scale, seed } from '../scale.ts';
import { HOSTILE, randomText, UNWRITABLE } from './hostile-texts.ts';
import { type Differences, pivotAlert } from './pivot-fixture.ts';
import { readEqlString } from './query-readers/eql-string.ts';

type Block = {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly condition: string;
  readonly strings?: readonly string[];
};

const textOf = (differences: Differences): string => exceptionBlock(pivotAlert(differences)).text!;

/** The block as a TOML reader has it. */
function readBlock(text: string): Block {
  const { exception } = getStaticTOMLValue(parseTOML(text)) as unknown as { exception: readonly Block[] };
  expect(exception).toHaveLength(1);
  return exception[0]!;
}

/** The tests of a condition: it must be nothing but exact tests, joined by `and`. */
function testsOf(condition: string): { readonly [field: string]: readonly string[] } {
  const tests: Record<string, readonly string[]> = {};
  let rest = condition.replace(/\n$/, '');
  const literal = String.raw`"(?:[^"\\]|\\[^u]|\\u\{[0-9a-f]+\})*"`;
  const test = new RegExp(
    String.raw`^([a-zA-Z_.]+) (?:== (${literal})|in \((${literal}(?:, ${literal})*)\))(?: and\n|$)`,
  );
  while (rest !== '') {
    const found = test.exec(rest);
    if (!found) throw new Error(`not an exact test: ${rest}`);
    const literals = found[2] ? [found[2]] : found[3]!.match(new RegExp(literal, 'g'))!;
    tests[found[1]!] = literals.map(readEqlString);
    rest = rest.slice(found[0].length);
  }
  return tests;
}

/** Writes a text into every place of an event and reads it back. */
function check(text: string): void {
  const requester = { kind: 'named', name: text, executable: text, pid: null, entityId: null } as const;
  const block = textOf({
    registry: { path: text, data: [text, text], type: text },
    facts: { hostId: text, requester },
  });
  expect(block).toMatch(/^[\x20-\x7e\n]+$/);
  expect(readBlock(block).strings).toEqual([text, text]);
  expect(testsOf(readBlock(block).condition)).toEqual({
    'registry.path': [text],
    'registry.data.strings': [text, text],
    'registry.data.type': [text],
    'host.id': [text],
    'Effective_process.executable': [text],
  });
}

describe('the exception of an alert', () => {
  it('tests path, data, host and requester exactly, and leaves owner and reason to be filled in', () => {
    expect(textOf({})).toBe(`[[exception]]
id = "event-6f1d0c0000000000"
owner = ""   # fill in: who answers for it
reason = ""  # fill in: why it is expected, and where that is recorded
created = 2026-11-24
expires = 2027-02-22
condition = '''
registry.path == "HKEY_USERS\\\\S-1-5-21-3623811015-3361044348-30300820-1107\\\\Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run\\\\Updater" and
registry.data.strings == "C:\\\\Users\\\\Public\\\\up.exe -s" and
registry.data.type == "REG_SZ" and
host.id == "5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11" and
Effective_process.executable == "C:\\\\Windows\\\\System32\\\\wbem\\\\WMIC.exe"
'''`);
  });

  it.each(HOSTILE.filter(text => text !== ''))('holds %j', check);
  it.each(["'''", "''''''", "a'''\n[[exception]]\nowner='x'", "'", "\\'''"])('is not ended by %j', check);

  it('holds any text that has no NUL and is well formed', { timeout: 600_000 }, () => {
    const next = random(seed());
    for (let left = scale(100_000); left > 0; left--) {
      const text = randomText(next);
      if (text !== '' && problemOf(text) === null) check(text);
    }
  });

  it('accepts any of the strings of a REG_MULTI_SZ, and nothing else', () => {
    const { condition } = readBlock(textOf({ registry: { data: ['a', 'b"', ''] } }));
    expect(testsOf(condition)['registry.data.strings']).toEqual(['a', 'b"', '']);
  });

  it.each([
    [{ hostId: null }, 'host.name'],
    [{ hostId: null, hostName: null }, 'agent.id'],
  ])('names the host of %j by %s', (facts, field) => {
    expect(Object.keys(testsOf(readBlock(textOf({ facts })).condition))).toContain(field);
  });

  it('begins on the day of the event when the object has no time', () => {
    expect(textOf({ evidence: { lastModified: null } })).toContain('created = 2026-11-24\n');
  });

  const rows: readonly (readonly [string, Differences, string])[] = [
    ['without a path', { registry: { path: '' } }, 'no registry path'],
    ['without data', { registry: { data: [] } }, 'no data'],
    ['without a host', { facts: { hostId: null, hostName: null, agentId: null } }, 'no host'],
    ['without a time', { facts: { timestampMs: null }, evidence: { lastModified: null } }, 'usable time'],
    ...UNWRITABLE.map(
      ([text, problem]) =>
        [
          `with ${JSON.stringify(text.slice(0, 10))}`,
          { registry: { data: ['a', text] } },
          { nul: 'NUL', 'lone-surrogate': 'surrogate', 'too-long': '1,024' }[problem]!,
        ] as const,
    ),
  ];
  it.each(rows)('is left out %s', (_, differences, reason) => {
    expect(exceptionBlock(pivotAlert(differences))).toEqual({
      text: null,
      leftOut: { en: expect.stringContaining(reason), 'zh-CN': expect.stringMatching(/\p{Script=Han}/u) },
    });
  });
});
