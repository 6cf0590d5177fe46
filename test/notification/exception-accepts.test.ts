import { describe, expect, it } from 'vitest';
import { factReader } from '../../functions/alert/detection/facts.ts';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { exceptionBlock } from '../../functions/alert/notification/guide/exception-block.ts';
import { acceptedBy } from '../../functions/alert/ruleset/exceptions.ts';
import { filesOf, MATCH, readChanged, WMI_RULE } from '../ruleset/rule-folder.ts';
import { HOSTILE } from './hostile-texts.ts';
import { pivotAlert } from './pivot-fixture.ts';

const files = filesOf(WMI_RULE);
const events = MATCH.map(line => JSON.parse(line) as JsonObject);

const readFacts = factReader(readField);

/** The block for an event, as an alert would carry it. */
const blockOf = (event: JsonObject): string =>
  exceptionBlock(pivotAlert({ facts: readFacts(event, null), registry: readFacts(event, null).registry }))
    .text!;

const fill = (block: string): string =>
  block.replace('owner = ""', 'owner = "desk"').replace('reason = ""', 'reason = "a planned change"');

/** The rule with that block in its exceptions, wholly checked. */
const ruleWith = (block: string) => readChanged('wmi', files, new Map([['exceptions.toml', block]]));

const accepts = (block: string, event: JsonObject): boolean =>
  acceptedBy(ruleWith(fill(block)), event, Date.parse('2026-11-25T00:00:00Z')) !== null;

/** An event with another value at a dotted path. */
function changed(event: JsonObject, path: string, value: unknown): JsonObject {
  const [first, ...rest] = path.split('.') as [string, ...string[]];
  const inner = (event[first] ?? {}) as JsonObject;
  return {
    ...event,
    [first]: (rest.length === 0 ? value : changed(inner, rest.join('.'), value)) as JsonObject,
  };
}

describe('the exception block of an alert', () => {
  it('is refused until owner and reason are filled in, and for nothing else', () => {
    const block = blockOf(events[0]!);
    expect(() => ruleWith(block)).toThrow(/owner is empty[\s\S]*reason is empty/);
    expect(ruleWith(fill(block)).exceptions).toHaveLength(1);
  });

  it.each(events.map((event, at) => [at + 1, event] as const))(
    'accepts event %i of the evidence, and no other',
    (at, event) => {
      const rule = ruleWith(fill(blockOf(event)));
      const asOf = Date.parse('2026-11-25T00:00:00Z');
      const accepted = events.flatMap((other, index) => (acceptedBy(rule, other, asOf) ? [index + 1] : []));
      expect(accepted).toEqual([at]);
    },
  );

  it('accepts no near miss', () => {
    const event = events[1]!;
    const block = blockOf(event);
    const { registry, requester } = readFacts(event, null);
    const misses: readonly (readonly [string, unknown])[] = [
      ['registry.path', `${registry.path}2`],
      ['registry.path', registry.path.toLowerCase()],
      ['registry.data.strings', [`${registry.data[0]} `]],
      ['registry.data.strings', [...registry.data, 'C:\\evil.exe']],
      ['registry.data.strings', []],
      ['registry.data.type', 'REG_EXPAND_SZ'],
      ['registry.data.type', null],
      ['host.id', 'another'],
      ['host.id', null],
      ['Effective_process.executable', `${requester.executable}x`],
      ['Effective_process', null],
    ];
    expect(accepts(block, event)).toBe(true);
    for (const [path, value] of misses) {
      expect([path, value, accepts(block, changed(event, path, value))]).toEqual([path, value, false]);
    }
  });

  it.each([[['a', 'b']], [['a']], [['a"\\', 'c\nd', '\u202e']]])(
    'accepts the list %j whole and alone',
    list => {
      const multi = (strings: readonly string[]): JsonObject =>
        changed(events[1]!, 'registry.data', { type: 'REG_MULTI_SZ', strings: [...strings] });
      const block = blockOf(multi(list));
      expect(accepts(block, multi(list))).toBe(true);
      for (const other of [list.slice(1), [...list, 'a'], [...list, list[0]!], ['x', ...list.slice(1)]])
        expect([other, accepts(block, multi(other))]).toEqual([other, false]);
    },
  );

  it('no longer accepts after 90 days', () => {
    const rule = ruleWith(fill(blockOf(events[0]!)));
    expect(acceptedBy(rule, events[0]!, Date.parse('2027-02-21T23:59:59Z'))).not.toBeNull();
    expect(acceptedBy(rule, events[0]!, Date.parse('2027-02-22T00:00:00Z'))).toBeNull();
  });

  it.each(HOSTILE.filter(text => text !== ''))('accepts an event about %j, and not its neighbour', text => {
    const place = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\';
    const event = changed(
      changed(changed(events[1]!, 'registry.path', place + text), 'registry.data.strings', [text]),
      'host.id',
      text,
    );
    const block = blockOf(event);
    expect(accepts(block, event)).toBe(true);
    expect(accepts(block, changed(event, 'registry.data.strings', [`${text}x`]))).toBe(false);
    expect(accepts(block, changed(event, 'registry.path', `${place}${text}x`))).toBe(false);
  });
});
